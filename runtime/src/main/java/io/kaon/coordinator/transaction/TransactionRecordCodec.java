// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.RecordCodec;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.Message;
import io.kaon.wire.state.TransactionLogKey;
import io.kaon.wire.state.TransactionLogValue;
import io.kaon.wire.state.TransactionLogValue.PartitionsSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/**
 * Kafka's own format of {@code __transaction_state}: an int16, then the structure. In the key the int16 is the type of
 * record, in the value it is the version.
 *
 * <pre>
 * key    int16 0 │ transactional id
 * value  int16 0 │ producer id │ epoch │ timeout │ state │ partitions │ last update │ start
 *        int16 1 │ the same, flexible │ tagged: previous producer id, next producer id, client's version
 * </pre>
 *
 * <p>Version 1 is written from transaction.version 1 on, as Kafka does. The epoch before the last one has no field:
 * after loading it is known only where transaction.version 2 implies it.
 */
final class TransactionRecordCodec implements RecordCodec<TransactionRecord> {
    private static final short KEY_VERSION = 0;
    private static final short PLAIN = 0;
    private static final short FLEXIBLE = 1;

    private final IntSupplier transactionVersion;

    /** @param transactionVersion the finalized level of transaction.version; any thread */
    TransactionRecordCodec(IntSupplier transactionVersion) {
        this.transactionVersion = transactionVersion;
    }

    @Override
    public KeyValue encode(TransactionRecord record) {
        ByteBuffer key = prefixed(
                TransactionLogKey.RECORD_TYPE,
                new TransactionLogKey().setTransactionalId(record.transactionalId()),
                KEY_VERSION);
        if (!(record instanceof TransactionRecord.Stored stored)) {
            return KeyValue.tombstone(key);
        }
        Transaction transaction = stored.transaction();
        // What a client of version 2 did cannot be written without tagged fields, whatever was finalized meanwhile.
        short version = transactionVersion.getAsInt() > 0 || transaction.clientVersion() > 0 ? FLEXIBLE : PLAIN;
        return KeyValue.of(key, prefixed(version, toValue(transaction, version), version));
    }

    @Override
    public Optional<TransactionRecord> decode(KeyValue bytes) {
        BufferReader key = new BufferReader(bytes.key());
        if (key.readShort() != TransactionLogKey.RECORD_TYPE) {
            return Optional.empty();
        }
        String transactionalId = TransactionLogKey.from(key, KEY_VERSION).transactionalId();
        return Optional.of(bytes.value()
                .<TransactionRecord>map(
                        value -> new TransactionRecord.Stored(transactionalId, toTransaction(new BufferReader(value))))
                .orElseGet(() -> new TransactionRecord.Removed(transactionalId)));
    }

    private static TransactionLogValue toValue(Transaction transaction, short version) {
        ProducerIdentity producer = transaction.producer();
        TransactionPhase phase = transaction.phase();
        TransactionLogValue value = new TransactionLogValue()
                .setProducerId(producer.id())
                .setProducerEpoch(producer.epoch())
                .setTransactionTimeoutMs(transaction.timeoutMs())
                .setTransactionStatus(phase.state().id())
                .setTransactionPartitions(
                        phase.state() == TransactionState.EMPTY ? null : toSchemas(phase.partitions()))
                .setTransactionLastUpdateTimestampMs(transaction.updatedMs())
                .setTransactionStartTimestampMs(phase.startMs());
        if (version == PLAIN) {
            return value;
        }
        return value.setPreviousProducerId(producer.previousId())
                .setNextProducerId(producer.nextId())
                .setClientTransactionVersion(transaction.clientVersion());
    }

    private static List<PartitionsSchema> toSchemas(SortedSet<TopicPartition> partitions) {
        List<PartitionsSchema> schemas = new ArrayList<>();
        String topic = null;
        for (TopicPartition partition : partitions) {
            if (!partition.topic().equals(topic)) {
                topic = partition.topic();
                schemas.add(new PartitionsSchema().setTopic(topic).setPartitionIds(new ArrayList<>()));
            }
            schemas.get(schemas.size() - 1).partitionIds().add(partition.partition());
        }
        return schemas;
    }

    private static Transaction toTransaction(BufferReader in) {
        short version = in.readShort();
        if (version < PLAIN || version > TransactionLogValue.HIGHEST_VERSION) {
            throw new MalformedFrameException(0, "TransactionLogValue has no version " + version);
        }
        TransactionLogValue value = TransactionLogValue.from(in, version);
        TransactionPhase phase = toPhase(value);
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(value.producerId(), value.producerEpoch());
        ProducerIdentity identity = new ProducerIdentity(
                producer, value.previousProducerId(), lastEpoch(value, phase), value.nextProducerId());
        return new Transaction(
                identity,
                phase,
                value.transactionTimeoutMs(),
                value.transactionLastUpdateTimestampMs(),
                value.clientTransactionVersion());
    }

    private static TransactionPhase toPhase(TransactionLogValue value) {
        TransactionState state = TransactionState.ofId(value.transactionStatus())
                .orElseThrow(
                        () -> new MalformedFrameException(0, "no transaction has state " + value.transactionStatus()));
        long startMs = value.transactionStartTimestampMs();
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        if (value.transactionPartitions() != null) {
            for (PartitionsSchema schema : value.transactionPartitions()) {
                schema.partitionIds().forEach(id -> partitions.add(new TopicPartition(schema.topic(), id)));
            }
        }
        return switch (state) {
            case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> new TransactionPhase.Idle(state, startMs);
            case ONGOING -> new TransactionPhase.Ongoing(partitions, startMs);
            case PREPARE_COMMIT -> new TransactionPhase.Ending(true, partitions, startMs);
            case PREPARE_ABORT -> new TransactionPhase.Ending(false, partitions, startMs);
            case DEAD, PREPARE_EPOCH_FENCE -> throw new MalformedFrameException(0, state + " is never stored");
        };
    }

    /** With transaction.version 2 the end of a transaction took the epoch one up, or to a new producer id. */
    private static short lastEpoch(TransactionLogValue value, TransactionPhase phase) {
        boolean hasEnded = phase instanceof TransactionPhase.Ending
                || phase instanceof TransactionPhase.Idle idle && idle.state() != TransactionState.EMPTY;
        if (!hasEnded || !Transaction.bumpsEpoch(value.clientTransactionVersion())) {
            return ProducerIdentity.NO_EPOCH;
        }
        return value.producerEpoch() == 0 ? ProducerIdentity.LAST_USABLE_EPOCH : (short) (value.producerEpoch() - 1);
    }

    private static ByteBuffer prefixed(short prefix, Message message, short version) {
        BufferWriter out = new BufferWriter();
        out.writeShort(prefix);
        message.write(out, version);
        return out.toBuffer();
    }
}
