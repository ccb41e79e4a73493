// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.util.Optional;

/**
 * The codecs of Kafka's record batches, by the number in the attributes and the name in {@code compression.type}.
 * Levels are KIP-390's; a codec without levels has the range 0 to 0.
 */
public enum CompressionType {
    NONE("none", 0, 0, 0),
    GZIP("gzip", 1, 9, -1),
    SNAPPY("snappy", 0, 0, 0),
    LZ4("lz4", 1, 17, 9),
    /** Only with Produce 7 and Fetch 10 or later (KIP-110). */
    ZSTD("zstd", -(1 << 17), 22, 3);

    private static final CompressionType[] BY_ID = values();

    private final String kafkaName;
    private final int minLevel;
    private final int maxLevel;
    private final int defaultLevel;

    CompressionType(String kafkaName, int minLevel, int maxLevel, int defaultLevel) {
        this.kafkaName = kafkaName;
        this.minLevel = minLevel;
        this.maxLevel = maxLevel;
        this.defaultLevel = defaultLevel;
    }

    /** The number in the lowest three bits of a batch's attributes. */
    public int id() {
        return ordinal();
    }

    /** As producers' {@code compression.type} spells it. A topic's spells {@link #NONE} {@code uncompressed}. */
    public String kafkaName() {
        return kafkaName;
    }

    /**
     * The level that is used when nobody asks for one; gzip's −1 is outside its range and leaves the choice to zlib.
     */
    public int defaultLevel() {
        return defaultLevel;
    }

    /** Fastest level that may be asked for. */
    public int minLevel() {
        return minLevel;
    }

    /** Tightest level that may be asked for. */
    public int maxLevel() {
        return maxLevel;
    }

    public boolean allowsLevel(int level) {
        return level == defaultLevel || level >= minLevel && level <= maxLevel;
    }

    /** The codec of a number; empty for 5 and more. */
    public static Optional<CompressionType> of(int id) {
        return isKnown(id) ? Optional.of(BY_ID[id]) : Optional.empty();
    }

    /** The codec of a name, {@code uncompressed} included; empty if there is none of that name. */
    public static Optional<CompressionType> ofName(String name) {
        if ("uncompressed".equals(name)) {
            return Optional.of(NONE);
        }
        for (CompressionType type : BY_ID) {
            if (type.kafkaName.equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    static boolean isKnown(int id) {
        return id >= 0 && id < BY_ID.length;
    }
}
