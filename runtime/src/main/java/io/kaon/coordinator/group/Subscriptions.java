// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads topic names out of a Kafka consumer's subscription. Every version of it begins alike:
 *
 * <pre>int16 version │ int32 count │ count × (int16 length │ topic name)</pre>
 *
 * What follows is of no interest. Bytes that are nothing of the kind are common (other clients, other protocols) and no
 * error.
 */
final class Subscriptions {
    private static final int MIN_TOPIC_BYTES = 2;

    private Subscriptions() {}

    /** The topics; empty if the bytes cannot be read as a subscription. */
    static Optional<List<String>> topics(byte[] metadata) {
        ByteBuffer in = ByteBuffer.wrap(metadata);
        try {
            if (in.getShort() < 0) {
                return Optional.empty();
            }
            int count = in.getInt();
            if (count < 0 || count > in.remaining() / MIN_TOPIC_BYTES) {
                return Optional.empty();
            }
            List<String> topics = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                byte[] name = new byte[checkedLength(in)];
                in.get(name);
                topics.add(new String(name, StandardCharsets.UTF_8));
            }
            return Optional.of(topics);
        } catch (BufferUnderflowException notSubscription) {
            return Optional.empty();
        }
    }

    private static int checkedLength(ByteBuffer in) {
        int length = in.getShort();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return length;
    }
}
