// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.List;

/**
 * What one topic's traffic adds up to since the broker started. Whoever handles the topic's records holds this object,
 * so that nothing is looked up for a batch. Any thread.
 */
public final class TopicMeter {
    private final Counter messagesIn = new Counter();
    private final Counter bytesIn = new Counter();
    private final Counter bytesOut = new Counter();
    private final Counter bytesRejected = new Counter();
    private final Counter produceRequests = new Counter();
    private final Counter fetchRequests = new Counter();
    private final Counter failedProduceRequests = new Counter();
    private final Counter failedFetchRequests = new Counter();
    private final Counter produceConversions = new Counter();
    private final Counter fetchConversions = new Counter();

    /** One of the counters, and what it is called. */
    record Line(MetricName name, Counter counter) {}

    TopicMeter() {}

    /** Records were written that were not there before. */
    public void appended(long records, long bytes) {
        messagesIn.add(records);
        bytesIn.add(bytes);
    }

    /** A partition of the topic was written to, with whatever success. */
    public void produce() {
        produceRequests.increment();
    }

    public void produceFailed() {
        failedProduceRequests.increment();
    }

    /** Records were too large. */
    public void rejected(long bytes) {
        bytesRejected.add(bytes);
    }

    /** Records came in a format that is not the log's. */
    public void produceConverted(long records) {
        produceConversions.add(records);
    }

    /** A partition of the topic was read. */
    public void fetch(long bytes) {
        fetchRequests.increment();
        if (bytes > 0) {
            bytesOut.add(bytes);
        }
    }

    public void fetchFailed() {
        failedFetchRequests.increment();
    }

    /** An answer left in a format that is not the log's. */
    public void fetchConverted() {
        fetchConversions.increment();
    }

    List<Line> lines() {
        return List.of(
                new Line(BrokerMetrics.MESSAGES_IN, messagesIn),
                new Line(BrokerMetrics.BYTES_IN, bytesIn),
                new Line(BrokerMetrics.BYTES_OUT, bytesOut),
                new Line(BrokerMetrics.BYTES_REJECTED, bytesRejected),
                new Line(BrokerMetrics.TOTAL_PRODUCE_REQUESTS, produceRequests),
                new Line(BrokerMetrics.TOTAL_FETCH_REQUESTS, fetchRequests),
                new Line(BrokerMetrics.FAILED_PRODUCE_REQUESTS, failedProduceRequests),
                new Line(BrokerMetrics.FAILED_FETCH_REQUESTS, failedFetchRequests),
                new Line(BrokerMetrics.PRODUCE_MESSAGE_CONVERSIONS, produceConversions),
                new Line(BrokerMetrics.FETCH_MESSAGE_CONVERSIONS, fetchConversions));
    }

    /** Takes over what another one has counted. */
    void add(TopicMeter other) {
        List<Line> mine = lines();
        List<Line> theirs = other.lines();
        for (int index = 0; index < mine.size(); index++) {
            mine.get(index).counter().add(theirs.get(index).counter().value());
        }
    }
}
