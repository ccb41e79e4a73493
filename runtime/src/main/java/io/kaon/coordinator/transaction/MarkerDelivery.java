// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.BrokerOutbox.Parcel;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import io.kaon.wire.message.WriteTxnMarkersResponse;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerResult;
import io.kaon.wire.message.WriteTxnMarkersResponse.WritableTxnMarkerTopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Tells every partition of an ending transaction how it ends, for as long as that takes, and then writes that it has
 * ended. Begins only once the end is committed in the log: a marker cannot be taken back. Everything here is soft: the
 * next leader of the shard begins anew from the log, and a marker that comes twice does nothing. Owned by the shard.
 */
final class MarkerDelivery {
    private static final Logger LOG = Logger.getLogger(MarkerDelivery.class);
    /** About a minute, once the pause between two tries has grown. */
    private static final int TRIES_PER_WARNING = 60;

    private static final int NAMES_PER_WARNING = 3;

    private final TransactionContext context;
    private final Transactions transactions;
    private final Map<String, Delivery> deliveries = new HashMap<>();
    private final Map<Integer, BrokerOutbox> outboxes = new HashMap<>();
    private boolean flushing;
    private boolean closed;

    MarkerDelivery(TransactionContext context, Transactions transactions) {
        this.context = context;
        this.transactions = transactions;
    }

    /** The end of this transaction is committed. */
    void begin(String transactionalId, Transaction transaction, Ending ending) {
        Delivery delivery = new Delivery(transactionalId, transaction, ending);
        deliveries.put(transactionalId, delivery);
        // Not at once: this may run in the middle of a write.
        context.timers().runInTurn(() -> send(delivery));
    }

    void close() {
        closed = true;
        deliveries.clear();
        outboxes.clear();
    }

    private boolean isCurrent(Delivery delivery) {
        return !closed && deliveries.get(delivery.transactionalId()) == delivery;
    }

    private void send(Delivery delivery) {
        if (!isCurrent(delivery)) {
            return;
        }
        ClusterImage image = context.image();
        Map<Integer, List<TopicPartition>> byLeader = new HashMap<>();
        for (TopicPartition partition : delivery.remaining()) {
            Optional<PartitionImage> known = image.partition(partition);
            if (known.isEmpty()) {
                // Deleted, since it was there when it came into the transaction: nothing is left to end.
                delivery.confirm(partition);
            } else if (known.get().hasLeader()) {
                byLeader.computeIfAbsent(known.get().leader(), leader -> new ArrayList<>())
                        .add(partition);
            }
        }
        byLeader.forEach((leader, partitions) -> {
            delivery.onSent();
            outboxes.computeIfAbsent(leader, BrokerOutbox::new).add(new Parcel(delivery, partitions));
        });
        if (byLeader.isEmpty()) {
            settle(delivery);
        } else if (!flushing) {
            flushing = true;
            // Those that begin in the same moment share a request.
            context.timers().runInTurn(this::flushAll);
        }
    }

    private void flushAll() {
        flushing = false;
        outboxes.values().forEach(this::flush);
    }

    private void flush(BrokerOutbox outbox) {
        outbox.flush(context.ports().markers(), context.writer().leaderEpoch(), (parcels, response) -> context.timers()
                .runInTurn(() -> onAnswer(outbox, parcels, response)));
    }

    private void onAnswer(BrokerOutbox outbox, List<Parcel> parcels, WriteTxnMarkersResponse response) {
        if (closed) {
            return;
        }
        outbox.onAnswered();
        Map<Long, WritableTxnMarkerResult> results = new HashMap<>();
        response.markers().forEach(result -> results.put(result.producerId(), result));
        for (Parcel parcel : parcels) {
            Delivery delivery = parcel.delivery();
            WritableTxnMarkerResult result = results.get(delivery.producerId());
            if (result != null) {
                take(delivery, result);
            }
            if (delivery.onAnswered() && isCurrent(delivery)) {
                settle(delivery);
            }
        }
        flush(outbox);
    }

    private static void take(Delivery delivery, WritableTxnMarkerResult result) {
        for (WritableTxnMarkerTopicResult topic : result.topics()) {
            for (WritableTxnMarkerPartitionResult partition : topic.partitions()) {
                if (isSettled(delivery, topic.name(), ErrorCode.of(partition.errorCode()))) {
                    delivery.confirm(new TopicPartition(topic.name(), partition.partitionIndex()));
                }
            }
        }
    }

    /** Whether the partition needs no marker of this transaction any more. */
    private static boolean isSettled(Delivery delivery, String topic, ErrorCode error) {
        return switch (error) {
            case NONE -> true;
            // It has seen a later epoch of this producer, which was given away after our transaction only; or it
            // cannot hold transactions at all.
            case INVALID_PRODUCER_EPOCH, UNSUPPORTED_FOR_MESSAGE_FORMAT, UNSUPPORTED_VERSION -> {
                LOG.infof("A partition of %s needs no marker of %s: %s", topic, delivery.transactionalId(), error);
                yield true;
            }
            default -> {
                LOG.debugf("A partition of %s has no marker of %s yet: %s", topic, delivery.transactionalId(), error);
                yield false;
            }
        };
    }

    private void settle(Delivery delivery) {
        if (delivery.isDone()) {
            complete(delivery);
        } else {
            tryAgainLater(delivery);
        }
    }

    private void tryAgainLater(Delivery delivery) {
        int backoffMs = delivery.nextBackoffMs();
        if (delivery.attempts() % TRIES_PER_WARNING == 0) {
            // None when every partition has its marker, and the log refuses to take note of that.
            LOG.warnf(
                    "The transaction of %s has not ended after %d tries; %d partitions have no marker yet, such as %s",
                    delivery.transactionalId(),
                    delivery.attempts(),
                    delivery.remaining().size(),
                    delivery.remaining().stream().limit(NAMES_PER_WARNING).toList());
        }
        context.timers().schedule(new NextTry(delivery.transactionalId()), backoffMs, () -> send(delivery));
    }

    private void complete(Delivery delivery) {
        String id = delivery.transactionalId();
        TransactionRecord record = new TransactionRecord.Stored(
                id, delivery.completed(context.clock().wallMs()));
        context.writer().write(List.of(record));
        // The record counts from the moment when it is appended; if the log has refused it, it is tried again.
        if (transactions.latest(id).filter(delivery::isOf).isPresent()) {
            if (isCurrent(delivery)) {
                tryAgainLater(delivery);
            }
        } else {
            deliveries.remove(id, delivery);
        }
    }

    /** The name of a timer. */
    private record NextTry(String transactionalId) {}
}
