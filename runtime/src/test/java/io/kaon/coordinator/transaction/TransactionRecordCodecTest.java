// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.coordinator.transaction.Stories.partitions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.coordinator.transaction.TransactionPhase.Idle;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes here are what the TransactionLog of Kafka 4.4 writes for the same. */
final class TransactionRecordCodecTest {
    private static final String KEY = "0000" + "00027478";
    private static final String PRODUCER = "0000000000000064" + "0007" + "0000ea60";
    private static final String TIMES = "00000000000007d0" + "00000000000003e8";
    private static final String NO_START = "00000000000007d0" + "ffffffffffffffff";
    private static final String PREVIOUS = "0008" + "0000000000000063";

    @Test
    void shouldWritePlainRecordsWithoutTransactionVersion() {
        assertThat(written(0, transaction(Idle.EMPTY, -1, 0)))
                .isEqualTo("0000" + PRODUCER + "00" + "ffffffff" + NO_START);
        assertThat(written(0, transaction(new Ongoing(partitions("t", 0), 1_000), -1, 0)))
                .isEqualTo("0000" + PRODUCER + "01" + "00000001" + "000174" + "00000001" + "00000000" + TIMES);
    }

    @Test
    void shouldWriteFlexibleRecordsWithTransactionVersion() {
        assertThat(written(2, transaction(Idle.EMPTY, -1, 0)))
                .isEqualTo("0001" + PRODUCER + "00" + "00" + NO_START + "01" + PREVIOUS);
        assertThat(written(2, transaction(new Ongoing(partitions("t", 3), 1_000), -1, 2)))
                .isEqualTo("0001" + PRODUCER + "01" + "02" + "0274" + "02" + "00000003" + "00" + TIMES + "02" + PREVIOUS
                        + "02020002");
        assertThat(written(2, transaction(new Ending(true, partitions("t", 3), 1_000), 101, 2)))
                .isEqualTo("0001" + PRODUCER + "02" + "02" + "0274" + "02" + "00000003" + "00" + TIMES + "03" + PREVIOUS
                        + "01080000000000000065" + "02020002");
        assertThat(written(1, transaction(new Idle(TransactionState.COMPLETE_ABORT, 1_000), -1, 2)))
                .isEqualTo("0001" + PRODUCER + "05" + "01" + TIMES + "02" + PREVIOUS + "02020002");
    }

    @Test
    void shouldWriteWhatNewClientDidAlsoAfterDowngrade() {
        // When
        KeyValue bytes = codec(0).encode(stored(transaction(new Ongoing(partitions("t", 3), 1_000), -1, 2)));

        // Then
        assertThat(((TransactionRecord.Stored) codec(0).decode(bytes).orElseThrow())
                        .transaction()
                        .clientVersion())
                .isEqualTo((short) 2);
    }

    @Test
    void shouldReadBackWhatItWrites() {
        // The last epoch of an ended transaction follows from version 2; elsewhere it is forgotten.
        assertReadBack(new Transaction(identity(-1, -1), Idle.EMPTY, 60_000, 2_000, (short) 0));
        assertReadBack(transaction(new Ending(false, partitions("t", 0, 1, 7), 1_000), 101, 2));
        assertReadBack(transaction(new Idle(TransactionState.COMPLETE_COMMIT, 1_000), -1, 2));
        TransactionRecord removed = new TransactionRecord.Removed("tx");
        assertThat(codec(2).encode(removed).value()).isEmpty();
        assertThat(hex(codec(2).encode(removed).key())).isEqualTo(KEY);
        assertThat(codec(2).decode(codec(2).encode(removed))).contains(removed);
    }

    @Test
    void shouldKnowTheLastEpochAfterTheProducerIdChanged() {
        // Given: epochs were used up, and the transaction ended
        ProducerIdentity rotated =
                new ProducerIdentity(new ProducerIdAndEpoch(101, (short) 0), 100, (short) 32_766, -1);

        // Then
        assertReadBack(
                new Transaction(rotated, new Idle(TransactionState.COMPLETE_COMMIT, 1_000), 60_000, 2_000, (short) 2));
    }

    @Test
    void shouldSkipRecordsOfOtherTypes() {
        assertThat(codec(2).decode(KeyValue.of(bytes("0001" + "00027478"), bytes("0000"))))
                .isEmpty();
    }

    @Test
    void shouldRefuseValueCutAtEachByteAndWhatItDoesNotKnow() {
        // Given
        KeyValue whole = codec(2).encode(stored(transaction(new Ending(true, partitions("t", 3), 1_000), 101, 2)));
        ByteBuffer value = whole.value().orElseThrow();

        // Then
        for (int length = 0; length < value.limit(); length++) {
            KeyValue cut = KeyValue.of(whole.key(), value.duplicate().limit(length));
            assertThatThrownBy(() -> codec(2).decode(cut)).isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> codec(2).decode(KeyValue.of(whole.key(), bytes("0002" + "00"))))
                .hasMessageContaining("version 2");
        for (String state : new String[] {"06", "07", "08", "ff"}) {
            KeyValue strange = KeyValue.of(whole.key(), bytes("0000" + PRODUCER + state + "00000000" + TIMES));
            assertThatThrownBy(() -> codec(2).decode(strange)).isInstanceOf(RuntimeException.class);
        }
    }

    private static void assertReadBack(Transaction transaction) {
        assertThat(codec(2).decode(codec(2).encode(stored(transaction)))).contains(stored(transaction));
    }

    private static Transaction transaction(TransactionPhase phase, long nextId, int clientVersion) {
        return new Transaction(identity(nextId, 6), phase, 60_000, 2_000, (short) clientVersion);
    }

    private static ProducerIdentity identity(long nextId, int lastEpoch) {
        return new ProducerIdentity(new ProducerIdAndEpoch(100, (short) 7), 99, (short) lastEpoch, nextId);
    }

    private static TransactionRecord stored(Transaction transaction) {
        return new TransactionRecord.Stored("tx", transaction);
    }

    private static TransactionRecordCodec codec(int level) {
        return new TransactionRecordCodec(() -> level);
    }

    private static String written(int level, Transaction transaction) {
        KeyValue bytes = codec(level).encode(stored(transaction));
        assertThat(hex(bytes.key())).isEqualTo(KEY);
        return hex(bytes.value().orElseThrow());
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
