// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * Bytes that cannot be a batch of magic 2. Nothing after them can be found, for their length means nothing.
 *
 * @param position where they begin, in bytes from the start of the file or of the buffer
 * @param flaw what is wrong
 * @param message a sentence with the numbers
 */
public record MalformedBatch(long position, Flaw flaw, String message) implements BatchOutcome {
    /** The ways in which a header contradicts itself before its CRC can be asked. */
    public enum Flaw {
        /** The length field is negative or below what a header needs. */
        SHORT_LENGTH,
        /** Magic 0 or 1: a message set of the old formats. */
        LEGACY_MAGIC,
        /** A magic that no version of Kafka ever used. */
        UNKNOWN_MAGIC
    }
}
