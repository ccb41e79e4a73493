// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import static io.kaon.common.Checks.require;

/**
 * How records are to be compressed.
 *
 * @param type the codec
 * @param level how hard it tries, within {@link CompressionType#allowsLevel(int)}
 */
public record Compression(CompressionType type, int level) {
    /** Records as they are. */
    public static final Compression NONE = of(CompressionType.NONE);

    public Compression {
        require(
                type.allowsLevel(level),
                "%s has levels %s to %s, was %s",
                type.kafkaName(),
                type.minLevel(),
                type.maxLevel(),
                level);
    }

    /** The codec at its default level. */
    public static Compression of(CompressionType type) {
        return new Compression(type, type.defaultLevel());
    }
}
