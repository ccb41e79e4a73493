// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.producer.ProducerBatch;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ProducedBatchTest {
    private static final int SIZE = 70;
    private static final int LENGTH_INDEX = 8;
    private static final int MAGIC_INDEX = 16;
    private static final int ATTRIBUTES_INDEX = 21;
    private static final short NEW = 9;

    @Test
    void shouldPassOneBatch() {
        assertThat(ProducedBatch.problem(batch(0), NEW)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseNothing() {
        assertThat(ProducedBatch.problem(ByteBuffer.allocate(0), NEW)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldRefuseASecondBatch() {
        // Given
        ByteBuffer two =
                ByteBuffer.allocate(2 * SIZE).put(batch(0)).put(batch(0)).flip();

        // When
        ErrorCode problem = ProducedBatch.problem(two, NEW);

        // Then
        assertThat(problem).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldRefuseZstdOfClientsThatMayNotUseIt() {
        assertThat(ProducedBatch.problem(batch(4), (short) 6)).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(ProducedBatch.problem(batch(4), (short) 7)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTellBatchesOfTransactions() {
        // Given
        ByteBuffer old = batch(0x10).put(MAGIC_INDEX, (byte) 1);

        // When / Then
        assertThat(ProducedBatch.problem(batch(0x10), NEW)).isEqualTo(ErrorCode.NONE);
        assertThat(ProducedBatch.isTransactional(batch(0x10))).isTrue();
        assertThat(ProducedBatch.isTransactional(batch(0))).isFalse();
        assertThat(ProducedBatch.isTransactional(old)).isFalse();
        assertThat(ProducedBatch.isTransactional(batch(0x10).limit(60))).isFalse();
    }

    @Test
    void shouldReadTheProducerOfATransactionalBatch() {
        // Given
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .producer(9, (short) 4, 17)
                .transactional()
                .append(100, null, new byte[1])
                .append(105, null, new byte[1])
                .build();

        // When / Then
        assertThat(ProducedBatch.transactional(batch)).isEqualTo(new ProducerBatch(9, (short) 4, 17, 1, 105, true));
    }

    @Test
    void shouldTakeOldFormatsAndEmptySetsOnlyBeforeVersionThree() {
        for (byte magic = 0; magic <= 1; magic++) {
            ByteBuffer old = batch(0).put(MAGIC_INDEX, magic);

            assertThat(ProducedBatch.problem(old, (short) 2)).isEqualTo(ErrorCode.NONE);
            assertThat(ProducedBatch.problem(old, (short) 3)).isEqualTo(ErrorCode.INVALID_RECORD);
        }
        assertThat(ProducedBatch.problem(ByteBuffer.allocate(0), (short) 2)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLeaveGarbageToTheLog() {
        // Given
        ByteBuffer garbage = ByteBuffer.wrap(new byte[] {1, 2, 3});
        ByteBuffer negativeLength = batch(0).putInt(LENGTH_INDEX, -5);
        ByteBuffer otherMagic = batch(0).put(MAGIC_INDEX, (byte) 3);

        // When / Then
        assertThat(ProducedBatch.problem(garbage, NEW)).isEqualTo(ErrorCode.NONE);
        assertThat(ProducedBatch.problem(negativeLength, NEW)).isEqualTo(ErrorCode.NONE);
        assertThat(ProducedBatch.problem(otherMagic, NEW)).isEqualTo(ErrorCode.NONE);
    }

    private static ByteBuffer batch(int attributes) {
        return ByteBuffer.allocate(SIZE)
                .putInt(LENGTH_INDEX, SIZE - 12)
                .put(MAGIC_INDEX, (byte) 2)
                .putShort(ATTRIBUTES_INDEX, (short) attributes);
    }
}
