// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.codec;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The LZ4 frame format. All numbers are little-endian.
 *
 * <pre>
 *  magic 4 (184D2204) | flags 1 | block descriptor 1 | [content size 8] | header checksum 1 |
 *  per block: size 4 (highest bit: stored as it is), bytes, [checksum 4] | end mark 4 (0) | [content checksum 4]
 *
 *  flags: bits 6–7 version (1) · 5 blocks are independent · 4 block checksums · 3 content size · 2 content checksum ·
 *         1 reserved · 0 dictionary
 *  block descriptor: bits 4–6 largest block: 4 → 64 KiB, 5 → 256 KiB, 6 → 1 MiB, 7 → 4 MiB; others reserved
 * </pre>
 */
final class Lz4Frame {
    static final int MAGIC = 0x184d2204;
    static final int VERSION_MASK = 0xc0;
    static final int VERSION_1 = 0x40;
    static final int INDEPENDENT_BLOCKS = 0x20;
    static final int BLOCK_CHECKSUM = 0x10;
    static final int CONTENT_SIZE = 0x08;
    static final int CONTENT_CHECKSUM = 0x04;
    static final int UNSUPPORTED_FLAGS = 0x03;
    static final int RESERVED_DESCRIPTOR_BITS = 0x8f;
    static final int SMALLEST_BLOCK_CODE = 4;
    static final int STORED_BIT = 0x80000000;
    static final int END_MARK = 0;
    static final int CHECKSUM_SEED = 0;

    private Lz4Frame() {}

    static int maxBlockBytes(int blockCode) {
        return 1 << (2 * blockCode + 8);
    }

    static byte headerChecksum(byte[] descriptor, int from, int length) {
        return (byte) (hash(descriptor, from, length) >>> 8);
    }

    static int hash(byte[] bytes, int from, int length) {
        return Hash.XX.hash(bytes, from, length, CHECKSUM_SEED);
    }

    static LZ4SafeDecompressor decompressor() {
        return Library.LZ4.safeDecompressor();
    }

    static LZ4Compressor compressor(int level, int defaultLevel) {
        return level == defaultLevel ? Library.LZ4.fastCompressor() : Library.LZ4.highCompressor(level);
    }

    /** Loaded when LZ4 is first used: it unpacks a native library. */
    private static final class Library {
        static final LZ4Factory LZ4 = load();

        /**
         * The native library wherever it can be had: eight times as fast. What the factory calls the fastest is it only
         * in the system's class loader, which an application server does not use.
         */
        private static LZ4Factory load() {
            try {
                return LZ4Factory.nativeInstance();
            } catch (LinkageError | AssertionError noNativeLibrary) {
                return LZ4Factory.fastestJavaInstance();
            }
        }
    }

    private static final class Hash {
        static final XXHash32 XX = XXHashFactory.fastestJavaInstance().hash32();
    }
}
