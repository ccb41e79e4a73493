// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
    private static final String CATEGORY = "io.kaon.leveltest.Part";
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;

    private final Logger logger = Logger.getLogger(CATEGORY);
    private final LogLevels levels = new LogLevels("0");

    @AfterEach
    void restore() {
        logger.setLevel(null);
        Logger.getLogger("io.kaon.leveltest").setLevel(null);
    }

    @Test
    void shouldNameItsCategoriesAndThoseAboveThem() {
        // Given
        logger.setLevel(Level.WARNING);

        // Then
        assertThat(levels.all())
                .containsEntry(CATEGORY, "WARN")
                .containsKeys("io.kaon", "io.kaon.leveltest")
                .doesNotContainKeys("io", "");
    }

    @Test
    void shouldTurnACategoryAndWhatIsBeneathItOnAndOff() {
        // When
        AlterConfigsResourceResponse on = levels.alter(asked("0", "io.kaon.leveltest", SET, "DEBUG"), false);

        // Then
        assertThat(on.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(logger.isLoggable(Level.FINE)).isTrue();
        assertThat(levels.all()).containsEntry(CATEGORY, "DEBUG");

        // When
        levels.alter(asked("0", "io.kaon.leveltest", DELETE, null), false);

        // Then
        assertThat(logger.isLoggable(Level.FINE)).isFalse();
    }

    @Test
    void shouldOnlyCheckWhenAskedTo() {
        // When
        AlterConfigsResourceResponse response = levels.alter(asked("0", CATEGORY, SET, "TRACE"), true);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(logger.getLevel()).isNull();
    }

    @Test
    void shouldRefuseWhatIsNotItsOwn() {
        assertThat(levels.alter(asked("0", "org.acme", SET, "DEBUG"), false).errorCode())
                .isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(levels.alter(asked("1", CATEGORY, SET, "DEBUG"), false).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldSayWhichLevelsThereAre() {
        // When
        AlterConfigsResourceResponse response = levels.alter(asked("0", CATEGORY, SET, "LOUD"), false);

        // Then
        assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(response.errorMessage())
                .isEqualTo("The level of " + CATEGORY + " is one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, was LOUD.");
    }

    @Test
    void shouldNotAppendToALevel() {
        assertThat(levels.alter(asked("0", CATEGORY, APPEND, "DEBUG"), false).errorCode())
                .isEqualTo(ErrorCode.INVALID_CONFIG.code());
    }

    private static AlterConfigsResource asked(String broker, String category, byte operation, String level) {
        return new AlterConfigsResource()
                .setResourceType((byte) 8)
                .setResourceName(broker)
                .setConfigs(List.of(new AlterableConfig()
                        .setName(category)
                        .setConfigOperation(operation)
                        .setValue(level)));
    }
}
