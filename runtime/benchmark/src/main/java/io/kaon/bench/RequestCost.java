// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import com.sun.management.OperatingSystemMXBean;
import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import io.kaon.network.InJvmCaller;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Processor time of the process for a Produce without socket and codec, which leaves the least beside which something
 * could hide: {@code run RequestCost BATCH_BYTES REQUESTS}. To be run in turn with builds that are to be compared.
 */
final class RequestCost {
    private static final String TOPIC = "cost";
    private static final short LAST_VERSION_WITH_NAMES = 12;
    private static final int IN_FLIGHT = 8;
    private static final int TIMEOUT_MS = 30_000;
    private static final int ROUNDS = 4;

    private final InJvmCaller caller;
    private final int batchBytes;

    private RequestCost(InJvmCaller caller, int batchBytes) {
        this.caller = caller;
        this.batchBytes = batchBytes;
    }

    public static void main(String[] arguments) throws InterruptedException {
        int batchBytes = Integer.parseInt(arguments[0]);
        int requests = Integer.parseInt(arguments[1]);
        try (Broker broker =
                Broker.start(BrokerOptions.embedded().withTopics(Map.of(TOPIC, new TopicSpec(1, Map.of()))))) {
            RequestCost cost = new RequestCost(broker.connect("cost"), batchBytes);
            for (int round = 1; round <= ROUNDS; round++) {
                System.out.printf("round %d: %d ns a request%n", round, cost.round(requests));
            }
        }
    }

    private long round(int requests) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        AtomicInteger left = new AtomicInteger(requests);
        CountDownLatch done = new CountDownLatch(IN_FLIGHT);
        for (int lane = 0; lane < IN_FLIGHT; lane++) {
            send(Batches.ofSize(batchBytes), left, done);
        }
        done.await();
        return (system.getProcessCpuTime() - before) / requests;
    }

    private void send(ByteBuffer batch, AtomicInteger left, CountDownLatch done) {
        if (left.decrementAndGet() < 0) {
            done.countDown();
            return;
        }
        Batches.renew(batch);
        ProduceRequest request = new ProduceRequest()
                .setAcks((short) 1)
                .setTimeoutMs(TIMEOUT_MS)
                .setTopicData(List.of(new TopicProduceData()
                        .setName(TOPIC)
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(0).setRecords(new BufferRecords(batch))))));
        caller.call(request, LAST_VERSION_WITH_NAMES).whenComplete((answer, failure) -> send(batch, left, done));
    }
}
