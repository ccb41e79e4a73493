// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import com.sun.management.ThreadMXBean;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;

/** What the codec tests have in common. */
final class Bytes {
    private static final StandardCodecs CODECS = new StandardCodecs();

    private Bytes() {}

    /** Half of it noise, half of it repetition. */
    static byte[] mixed(long seed, int size) {
        byte[] bytes = new byte[size];
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ((i / 1000) % 2 == 0 ? random.nextInt() : i % 7);
        }
        return bytes;
    }

    static byte[] compress(Compression compression, byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream stream = CODECS.compress(compression, compressed)) {
            stream.write(bytes, 0, bytes.length / 2);
            stream.write(bytes, bytes.length / 2, bytes.length - bytes.length / 2);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.toByteArray();
    }

    static byte[] compress(CompressionType type, byte[] bytes) {
        return compress(Compression.of(type), bytes);
    }

    static byte[] decompress(CompressionType type, byte[] compressed, long maxBytes) {
        return decompress(type, ByteBuffer.wrap(compressed), maxBytes);
    }

    static byte[] decompress(CompressionType type, ByteBuffer compressed, long maxBytes) {
        try (InputStream stream = CODECS.decompress(type, compressed, maxBytes)) {
            return stream.readAllBytes();
        } catch (IOException undeclared) {
            throw new AssertionError("the port promises none", undeclared);
        }
    }

    /** Bytes of heap that this thread allocates while it does something. */
    static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        action.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
