// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.stress.StressProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stops and kills the server at random moments while {@link StressProgram} loads it, for as long as
 * {@code -Dkaon.it.stress.seconds} says. The same {@code -Dkaon.it.stress.seed} makes the same random choices.
 */
@EnabledIfSystemProperty(named = "kaon.it.stress.seconds", matches = "\\d+")
class StressIT {
    private static final Duration LENGTH = Duration.ofSeconds(Long.getLong("kaon.it.stress.seconds", 0));
    private static final long SEED = Long.getLong("kaon.it.stress.seed", new Random().nextInt(1_000_000));
    private static final Duration SETTLED = Duration.ofSeconds(3);
    private static final long ANSWER_LIMIT_MINUTES = 6;

    @TempDir
    Path data;

    private final Random random = new Random(SEED);
    private final List<String> settings = new ArrayList<>(List.of(
            "quarkus.kaon.broker.config.\"log.retention.check.interval.ms\"=700",
            "quarkus.kaon.broker.config.\"offsets.topic.num.partitions\"=4",
            "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0"));
    private ServerProcess server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldKeepWhatItAcknowledgedThroughRandomStopsAndKills() throws Exception {
        // Given
        start();
        settings.add("quarkus.kaon.broker.listeners=PLAINTEXT://" + server.bootstrap());
        Process program = new ProcessBuilder(
                        Strangers.clientWords("new", StressProgram.class, server.bootstrap(), Long.toString(SEED)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> findings = new ArrayList<>();
        try (BufferedReader answers = program.inputReader(StandardCharsets.UTF_8);
                Writer commands = program.outputWriter(StandardCharsets.UTF_8)) {
            findings.addAll(ask("start", commands, answers));

            // When
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() < end) {
                pause(1_500 + random.nextInt(9_000));
                restart();
                if (random.nextBoolean()) {
                    pause(random.nextInt(300));
                    restart();
                }
            }
            LockSupport.parkNanos(SETTLED.toNanos());
            findings.addAll(ask("stop", commands, answers));

            // Then
            findings.addAll(ask("check", commands, answers));
            server.close();
            start();
            findings.addAll(ask("check", commands, answers));
            server.kill();
            start();
            findings.addAll(ask("check", commands, answers));
        } finally {
            program.destroyForcibly();
        }
        assertThat(findings).as("seed %d", SEED).isEmpty();
    }

    private void start() throws IOException {
        server = ServerProcess.start(data, settings.toArray(String[]::new));
    }

    /** One clean stop for two kills. */
    private void restart() throws IOException, InterruptedException {
        if (random.nextInt(3) == 0) {
            server.close();
        } else {
            server.kill();
        }
        pause(random.nextInt(500));
        start();
    }

    /** What the program found since it was last asked; it has done what it is asked when this returns. */
    private static List<String> ask(String command, Writer commands, BufferedReader answers) throws Exception {
        commands.write(command + "\n");
        commands.flush();
        return CompletableFuture.supplyAsync(() -> findingsBefore("done " + command, answers))
                .get(ANSWER_LIMIT_MINUTES, TimeUnit.MINUTES);
    }

    private static List<String> findingsBefore(String end, BufferedReader answers) {
        List<String> findings = new ArrayList<>();
        try {
            for (String line = answers.readLine(); !end.equals(line); line = answers.readLine()) {
                if (line == null) {
                    throw new AssertionError("the program ended before " + end + ", having found " + findings);
                }
                findings.add(line);
            }
            return findings;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void pause(long ms) {
        LockSupport.parkNanos(Duration.ofMillis(ms).toNanos());
    }
}
