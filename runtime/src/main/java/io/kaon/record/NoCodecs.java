// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/** For where nothing is ever compressed. */
enum NoCodecs implements Codecs {
    INSTANCE;

    @Override
    public BlockInput decompress(CompressionType type, ByteBuffer compressed, long maxBytes) {
        throw new IllegalStateException("no codec here can read " + type.kafkaName());
    }

    @Override
    public OutputStream compress(Compression compression, OutputStream sink) {
        throw new IllegalStateException(
                "no codec here can write " + compression.type().kafkaName());
    }
}
