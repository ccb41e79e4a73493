// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark still runs: a few messages, no word on how long they took. */
class ChannelsIT {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldMeasureEachPath(@TempDir Path directory) throws IOException, InterruptedException {
        // Given
        Path output = directory.resolve("output");
        ProcessBuilder script = new ProcessBuilder("bash", System.getProperty("kaon.channels.script"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        script.environment().put("TARGETS", "embedded");
        script.environment().put("MODES", "worker loop-batch");
        script.environment().put("FAST_MESSAGES", "2000");
        script.environment().put("WARM_UP", "0");
        script.environment().put("ROUNDS", "2");
        script.environment().put("FIGURES", directory.resolve("figures").toString());

        // When
        int status = script.start().waitFor();

        // Then
        assertThat(Files.readString(output))
                .contains(
                        "| direct, loop |",
                        "| direct, worker |",
                        "| whole, worker |",
                        "| whole, loop-batch |",
                        "| outgoing, acknowledged |",
                        "| incoming, worker |");
        assertThat(status).isZero();
    }
}
