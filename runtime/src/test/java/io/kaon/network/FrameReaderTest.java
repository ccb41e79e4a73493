// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.wire.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final int MAX = 100 * 1024 * 1024;
    private static final int MIB = 1024 * 1024;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final FrameReader reader = new FrameReader(allocator, MAX);
    private final List<byte[]> frames = new ArrayList<>();

    @AfterEach
    void nothingIsHeld() {
        reader.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void shouldCutWholeFramesWithoutCopying() {
        // Given
        ByteBuf in = copied(
                RawClient.framed(new byte[] {1, 2}), RawClient.framed(new byte[] {}), RawClient.framed(new byte[] {3}));
        // When
        read(in);
        // Then
        assertThat(frames).containsExactly(new byte[] {1, 2}, new byte[] {}, new byte[] {3});
        assertThat(reader.isInsideFrame()).isFalse();
    }

    @Test
    void shouldGatherAFrameThatComesByteByByte() {
        // Given
        byte[] content = random(1, 1000);
        // When
        for (byte next : RawClient.framed(content)) {
            read(copied(new byte[] {next}));
        }
        // Then
        assertThat(frames).containsExactly(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, MAX + 1, Integer.MAX_VALUE})
    void shouldRefuseALengthThatNoFrameHas(int length) {
        // Given
        ByteBuf in = copied(ByteBuffer.allocate(4).putInt(length).array());
        // When // Then
        assertThatThrownBy(() -> read(in))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("" + length);
        assertThat(in.refCnt()).isZero();
    }

    @Test
    void shouldKeepToALowerLimitUntilItIsLifted() {
        // Given
        reader.maxFrameBytes(2);
        read(copied(RawClient.framed(new byte[2])));
        // When // Then
        assertThatThrownBy(() -> read(copied(RawClient.framed(new byte[3]))))
                .isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void shouldTakeNoMoreMemoryThanTwiceWhatArrived() {
        // Given
        int claimed = 90 * MIB;
        read(copied(ByteBuffer.allocate(4).putInt(claimed).array()));
        assertThat(reader.heldBytes()).isLessThanOrEqualTo(FrameReader.INITIAL_BYTES);
        byte[] part = new byte[50_000];
        for (int arrived = part.length; arrived < 4 * MIB; arrived += part.length) {
            // When
            read(copied(part));
            // Then
            assertThat(reader.heldBytes()).isLessThanOrEqualTo(Math.max(2 * arrived, FrameReader.INITIAL_BYTES));
        }
    }

    @Test
    void shouldTrustAPeerThatSentALongFrameBefore() {
        // Given
        byte[] content = random(2, 700_000);
        feed(content, 60_000);
        // When
        read(copied(ByteBuffer.allocate(5).putInt(80 * MIB).array()));
        // Then
        assertThat(reader.heldBytes()).isEqualTo(content.length);
    }

    @Test
    void shouldTakeBytesThatWereReadStraightIntoTheFrame() {
        // Given
        byte[] content = random(3, 300_000);
        byte[] framed = RawClient.framed(content);
        read(copied(java.util.Arrays.copyOf(framed, 1000)));
        int at = 1000;
        // When
        while (at < framed.length) {
            ByteBuf target = reader.target().retain();
            int count = Math.min(target.writableBytes(), 70_000);
            target.writeBytes(framed, at, count);
            at += count;
            read(target);
        }
        // Then
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0)).isEqualTo(content);
        assertThat(reader.target()).isNull();
    }

    @Test
    void shouldNeverOfferRoomBeyondTheFrame() {
        // Given
        read(copied(ByteBuffer.allocate(4).putInt(10).array()));
        // When
        ByteBuf target = reader.target();
        // Then
        assertThat(target.writableBytes()).isEqualTo(10);
        assertThat(target.maxWritableBytes()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldCutTheSameFramesHoweverTheyArrive(long seed) {
        // Given
        Random random = new Random(seed);
        List<byte[]> sent = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            byte[] content = random(seed + i, random.nextInt(8) == 0 ? random.nextInt(400_000) : random.nextInt(200));
            sent.add(content);
            stream.writeBytes(RawClient.framed(content));
        }
        byte[] all = stream.toByteArray();
        // When
        int at = 0;
        while (at < all.length) {
            ByteBuf target = random.nextBoolean() ? reader.target() : null;
            int wanted = 1 + random.nextInt(random.nextBoolean() ? 10 : 100_000);
            int count = Math.min(all.length - at, target == null ? wanted : Math.min(wanted, target.writableBytes()));
            ByteBuf in = target == null ? ByteBufAllocator.DEFAULT.buffer(count) : target.retain();
            in.writeBytes(all, at, count);
            at += count;
            read(in);
        }
        // Then
        assertThat(frames).as("seed %s", seed).hasSameSizeAs(sent);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(frames.get(i)).as("seed %s frame %s", seed, i).isEqualTo(sent.get(i));
        }
    }

    @Test
    void shouldPassOnNothingAfterClose() {
        // Given
        ByteBuf in = copied(RawClient.framed(new byte[] {1}), RawClient.framed(new byte[] {2}));
        // When
        reader.read(in, frame -> {
            keep(frame);
            reader.close();
        });
        // Then
        assertThat(frames).hasSize(1);
        assertThat(in.refCnt()).isZero();
    }

    private void feed(byte[] content, int chunk) {
        byte[] framed = RawClient.framed(content);
        for (int at = 0; at < framed.length; at += chunk) {
            read(Unpooled.copiedBuffer(framed, at, Math.min(chunk, framed.length - at)));
        }
    }

    private void read(ByteBuf in) {
        reader.read(in, this::keep);
    }

    private void keep(ByteBuf frame) {
        frames.add(ByteBufUtil.getBytes(frame));
        frame.release();
    }

    private static ByteBuf copied(byte[]... parts) {
        return Unpooled.copiedBuffer(parts);
    }

    private static byte[] random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
