// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.util.Optional;

/** Whose clock a record's timestamp comes from: values of {@code message.timestamp.type}. */
public enum TimestampType {
    /** The producer's: each record keeps its own. */
    CREATE_TIME("CreateTime"),
    /** The leader's: all records of a batch share the time of the append. */
    LOG_APPEND_TIME("LogAppendTime");

    private final String configValue;

    TimestampType(String configValue) {
        this.configValue = configValue;
    }

    /** The value as {@code message.timestamp.type} has it. */
    public String configValue() {
        return configValue;
    }

    /** The type of a value of {@code message.timestamp.type}; empty if it names none. */
    public static Optional<TimestampType> ofConfig(String value) {
        for (TimestampType type : values()) {
            if (type.configValue.equals(value)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
