// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the checksum byte in the header of an LZ4 frame is made of. */
enum Lz4HeaderChecksum {
    /** The descriptor alone, as the format says: messages of magic 1 and later. */
    OF_DESCRIPTOR {
        @Override
        byte of(byte[] descriptor) {
            return Lz4Frame.headerChecksum(descriptor, 0, descriptor.length);
        }

        @Override
        boolean accepts(byte checksum, byte[] descriptor) {
            return checksum == of(descriptor);
        }
    },
    /**
     * The frame's magic and the descriptor, an error of Kafka's first clients that messages of magic 0 keep, so that
     * those clients can read them (KIP-57). Other clients of that time did it right: a reader accepts anything, the CRC
     * of the message has been checked.
     */
    WITH_FRAME_MAGIC {
        @Override
        byte of(byte[] descriptor) {
            ByteBuffer hashed = ByteBuffer.allocate(Integer.BYTES + descriptor.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(Lz4Frame.MAGIC)
                    .put(descriptor);
            return Lz4Frame.headerChecksum(hashed.array(), 0, hashed.capacity());
        }

        @Override
        boolean accepts(byte checksum, byte[] descriptor) {
            return true;
        }
    };

    abstract byte of(byte[] descriptor);

    abstract boolean accepts(byte checksum, byte[] descriptor);
}
