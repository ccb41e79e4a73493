// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an attribute of the connector or a setting of Kafka's clients does on a channel without a socket. What is not
 * listed here works as it does over TCP.
 */
public final class EmbeddedSupport {
    /** How far the embedded way goes. */
    public enum Level {
        /** It works, but not in the same way. */
        DIFFERENT("works differently"),
        /** What it is for does not exist without a connection: setting it does no harm, and nothing else either. */
        NEEDLESS("nothing to do"),
        /** It asks for something that the embedded way does not do, which is said at the start. */
        MISSING("not there");

        private final String text;

        Level(String text) {
            this.text = text;
        }

        /** For a reader. */
        public String text() {
            return text;
        }
    }

    /**
     * What is to know of an attribute.
     *
     * @param reason in a few words
     */
    public record Statement(Level level, String reason) {}

    private static final String NO_CONNECTION = "there is no connection";
    private static final String NO_SOCKET = "there is no socket";
    private static final String NO_LOGIN = "calls inside the application are not authenticated";
    private static final String NO_REQUEST_QUEUE = "records of a partition stay in their order without it";
    private static final String NO_DISTANCE = "all partitions are equally near";
    private static final String NO_KAFKA_METRICS = "meters of the channel and of the broker tell the same";

    private static final Map<String, Statement> BY_NAME = new TreeMap<>();

    static {
        needless(
                NO_CONNECTION,
                "lazy-client",
                "client.dns.lookup",
                "connections.max.idle.ms",
                "metadata.recovery.rebootstrap.trigger.ms",
                "metadata.recovery.strategy",
                "reconnect.backoff.max.ms",
                "reconnect.backoff.ms");
        needless(
                NO_SOCKET,
                "receive.buffer.bytes",
                "send.buffer.bytes",
                "socket.connection.setup.timeout.max.ms",
                "socket.connection.setup.timeout.ms",
                "check.crcs");
        needless(NO_LOGIN, "security.protocol", "security.providers", "sasl.*", "ssl.*", "tls-configuration-name");
        needless(NO_REQUEST_QUEUE, "max.in.flight.requests.per.connection");
        needless(NO_DISTANCE, "partitioner.adaptive.partitioning.enable", "partitioner.availability.timeout.ms");
        needless(
                NO_KAFKA_METRICS,
                "enable.metrics.push",
                "metrics.num.samples",
                "metrics.recording.level",
                "metrics.sample.window.ms");
        needless("the broker in this application needs no finding", "metadata.max.idle.ms");
        different(
                "the stores file and your own are there; those of Quarkus need quarkus-messaging-kafka",
                "checkpoint.state-store");
        different("on with acks=1 too, unless set to false", "enable.idempotence");
        different("0 is served as 1: the answer comes from the same process", "acks");
        different("0 by default: batches grow while the one before is written", "linger.ms");
        different("max.request.size by default", "batch.size");
        different("false: what waits is bounded all the same; at the bound nothing is polled", "pause-if-no-requests");
        different("bounds calls of the producer; a channel whose memory is full waits for room", "max.block.ms");
        missing(
                "records are compressed at the default level",
                "compression.gzip.level",
                "compression.lz4.level",
                "compression.zstd.level");
        missing("no reporter is made; " + NO_KAFKA_METRICS, "metric.reporters");
        missing("values are taken as they stand; use a config source of Quarkus", "config.providers");
        missing("a transaction ends in one step", "transaction.two.phase.commit.enable");
    }

    private EmbeddedSupport() {}

    /** Empty for what works as it does over TCP. */
    public static Optional<Statement> of(String attribute) {
        Statement exact = BY_NAME.get(attribute);
        int dot = attribute.indexOf('.');
        return exact != null || dot < 0
                ? Optional.ofNullable(exact)
                : Optional.ofNullable(BY_NAME.get(attribute.substring(0, dot) + ".*"));
    }

    /** All of them, by names; {@code sasl.*} stands for every setting that begins so. */
    public static Map<String, Statement> all() {
        return Map.copyOf(BY_NAME);
    }

    private static void needless(String reason, String... names) {
        put(Level.NEEDLESS, reason, names);
    }

    private static void different(String reason, String... names) {
        put(Level.DIFFERENT, reason, names);
    }

    private static void missing(String reason, String... names) {
        put(Level.MISSING, reason, names);
    }

    private static void put(Level level, String reason, String... names) {
        for (String name : names) {
            BY_NAME.put(name, new Statement(level, reason));
        }
    }
}
