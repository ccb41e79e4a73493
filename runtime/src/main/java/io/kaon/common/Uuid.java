// SPDX-License-Identifier: Apache-2.0
package io.kaon.common;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * A 128-bit id in Kafka's notation: URL-safe base64 without padding, 22 characters. Topic ids, cluster ids, member ids.
 *
 * @param mostSignificantBits the upper half, first on the wire
 * @param leastSignificantBits the lower half
 */
public record Uuid(long mostSignificantBits, long leastSignificantBits) implements Comparable<Uuid> {
    /** The id that means "none" on the wire. */
    public static final Uuid ZERO = new Uuid(0, 0);

    private static final int ENCODED_LENGTH = 22;

    /** The id of a random {@link UUID}, which the caller makes: randomness comes from outside. */
    public static Uuid of(UUID uuid) {
        return new Uuid(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /** Reads Kafka's base64 notation; throws {@link IllegalArgumentException} when it is none. */
    public static Uuid parse(String text) {
        Checks.require(
                text.length() == ENCODED_LENGTH, "an id has %s base64 characters, was '%s'", ENCODED_LENGTH, text);
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new Uuid(bytes.getLong(), bytes.getLong());
    }

    public boolean isZero() {
        return mostSignificantBits == 0 && leastSignificantBits == 0;
    }

    @Override
    public int compareTo(Uuid other) {
        int order = Long.compare(mostSignificantBits, other.mostSignificantBits);
        return order != 0 ? order : Long.compare(leastSignificantBits, other.leastSignificantBits);
    }

    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(mostSignificantBits)
                .putLong(leastSignificantBits)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
