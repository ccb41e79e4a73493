// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.TopicPartition;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the leader of a classic group gave to a member. Written by clients, so nothing in it is sure.
 *
 * <pre>
 *  int16  version
 *  int32  topics:     int16 length, name │ int32 partitions: int32 each
 *  int32  user data:  bytes                                              not read
 * </pre>
 */
final class ClassicAssignment {
    private static final String CONSUMER = "consumer";

    private ClassicAssignment() {}

    /** The partitions; none when it is not of consumers, or cannot be read. */
    static List<TopicPartition> read(String protocolType, byte[] bytes) {
        if (!CONSUMER.equals(protocolType) || bytes == null || bytes.length == 0) {
            return List.of();
        }
        try {
            return read(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return List.of(); // Another thing of the same protocol type: the group is shown without it.
        }
    }

    private static List<TopicPartition> read(ByteBuffer in) {
        List<TopicPartition> partitions = new ArrayList<>();
        in.getShort();
        int topics = in.getInt();
        for (int i = 0; i < topics; i++) {
            byte[] name = new byte[Math.min(Math.max(0, in.getShort()), in.remaining())];
            in.get(name);
            String topic = new String(name, StandardCharsets.UTF_8);
            int count = in.getInt();
            for (int j = 0; j < count; j++) {
                partitions.add(new TopicPartition(topic, in.getInt()));
            }
        }
        return partitions;
    }
}
