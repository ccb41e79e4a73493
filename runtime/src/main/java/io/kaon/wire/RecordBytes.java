// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.nio.ByteBuffer;

/**
 * Record batches on their way through the broker, never copied by the codec: a slice of a receive buffer, or a region
 * of a
 * segment file. Whoever consumes the message that carries them calls {@link #release()} once.
 */
public interface RecordBytes {
    int sizeInBytes();

    /**
     * The bytes from position 0 to limit, for reading only: a view where there is one, a fresh copy where there is
     * none.
     */
    ByteBuffer toBuffer();

    /** Gives back what the bytes hold (a buffer, a file reference). The bytes must not be used afterwards. */
    void release();
}
