// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.transactions.KafkaTransactions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Takes orders in batches and gives a receipt for each, exactly once, although the work fails now and then. */
@Singleton
public class TransactionsApplication {
    /** Every so often an order fails at its first attempt, after its batch has sent some receipts. */
    static final int FAILS_EVERY = 37;

    static final int MARKED_EVERY = 53;
    /** The single that fails at its first attempt. */
    static final int BAD_SINGLE = 4;

    @Inject
    @Channel("orders-out")
    Emitter<Integer> orders;

    @Inject
    @Channel("receipts-out")
    KafkaTransactions<String> receipts;

    @Inject
    @Channel("notes-out")
    KafkaTransactions<String> notes;

    @Inject
    @Channel("singles-out")
    Emitter<Integer> singles;

    @Inject
    @Channel("copies-out")
    KafkaTransactions<String> copies;

    @Inject
    @Channel("small-out")
    KafkaTransactions<String> small;

    @Inject
    @Channel("bulky-out")
    KafkaTransactions<String> bulky;

    @Inject
    @Channel("late-out")
    KafkaTransactions<String> late;

    @Inject
    @Channel("marked-out")
    KafkaTransactions<String> marked;

    @Inject
    @Channel("empty-out")
    KafkaTransactions<String> empty;

    final AtomicInteger singleAborts = new AtomicInteger();
    final AtomicInteger aborts = new AtomicInteger();
    final List<String> receiptsIn = new CopyOnWriteArrayList<>();
    private final Set<Integer> failed = ConcurrentHashMap.newKeySet();

    @Incoming("orders-in")
    Uni<Void> process(KafkaRecordBatch<String, Integer> batch) {
        return receipts.withTransactionAndAck(batch, emitter -> {
            for (KafkaRecord<String, Integer> order : batch) {
                int number = order.getPayload();
                emitter.send("receipt " + number);
                if (number % FAILS_EVERY == 0 && failed.add(number)) {
                    aborts.incrementAndGet();
                    throw new IllegalStateException("injected");
                }
                if (number % MARKED_EVERY == 0 && failed.add(number)) {
                    aborts.incrementAndGet();
                    emitter.markForAbort();
                }
            }
            return Uni.createFrom().voidItem();
        });
    }

    @Incoming("singles-in")
    Uni<Void> copy(Message<Integer> single) {
        return copies.withTransactionAndAck(single, emitter -> {
            emitter.send("copy of " + single.getPayload());
            return single.getPayload() == BAD_SINGLE && singleAborts.getAndIncrement() == 0
                    ? Uni.createFrom().failure(new IllegalStateException("injected"))
                    : Uni.createFrom().voidItem();
        });
    }

    @Incoming("receipts-in")
    void receive(String receipt) {
        receiptsIn.add(receipt);
    }
}
