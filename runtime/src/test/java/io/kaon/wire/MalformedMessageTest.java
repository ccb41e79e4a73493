// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.kaon.wire.message.ApiKey;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that are not the message they claim to be. */
class MalformedMessageTest {
    private static final long SEED = 20_260_802L;
    private static final int FLIPS = 300;
    /** A structure of a few bytes becomes an object with its fields, lists and list slots. */
    private static final long MAX_BYTES_PER_BYTE = 600;
    /** Exceptions with their stack traces, and what the first use of a class costs. */
    private static final long FREE_BYTES = 64 * 1024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void shouldRefuseMessageCutAnywhere(ApiKey api) {
        for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            refuseCuts(api::newRequest, version);
            refuseCuts(api::newResponse, version);
        }
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void shouldStandAnyBitFlipped(ApiKey api) {
        for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            flipBits(api::newRequest, version);
            flipBits(api::newResponse, version);
        }
    }

    private static void refuseCuts(Supplier<? extends Message> maker, short version) {
        // Given
        byte[] bytes = RoundTrip.write(new RandomMessages(SEED).fill(maker.get(), version), version);
        RoundTrip trip = new RoundTrip(maker, version, SEED);
        assertThat(trip.readFully(bytes)).isNotNull();

        for (int length = 0; length < bytes.length; length++) {
            // When
            byte[] cut = Arrays.copyOf(bytes, length);

            // Then
            assertThatThrownBy(() -> trip.readFully(cut))
                    .as("%s cut after %s bytes", trip, length)
                    .isInstanceOf(MalformedFrameException.class);
        }
        assertThatThrownBy(() -> trip.readFully(Arrays.copyOf(bytes, bytes.length + 1)))
                .as("%s and a byte", trip)
                .isInstanceOf(MalformedFrameException.class);
    }

    private void flipBits(Supplier<? extends Message> maker, short version) {
        byte[] bytes = RoundTrip.write(new RandomMessages(SEED).fill(maker.get(), version), version);
        RoundTrip trip = new RoundTrip(maker, version, SEED);
        Random random = new Random(SEED);
        for (int i = 0; i < FLIPS && bytes.length > 0; i++) {
            // Given
            byte[] flipped = bytes.clone();
            for (int bit = random.nextInt(3); bit >= 0; bit--) {
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            }

            // When
            long before = threads.getCurrentThreadAllocatedBytes();
            readOrRefuse(trip, flipped);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            // Then
            assertThat(allocated)
                    .as("bytes allocated for %s", trip)
                    .isLessThan(FREE_BYTES + MAX_BYTES_PER_BYTE * flipped.length);
        }
    }

    /** Anything but a message or a {@link MalformedFrameException} fails the test. */
    private static void readOrRefuse(RoundTrip trip, byte[] bytes) {
        try {
            assertThat(trip.readFully(ByteBuffer.wrap(bytes))).isNotNull();
        } catch (MalformedFrameException expected) {
            assertThat(expected.position()).isBetween(0, bytes.length);
        }
    }
}
