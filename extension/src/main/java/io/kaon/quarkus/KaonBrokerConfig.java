// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.quarkus.runtime.annotations.ConfigDocMapKey;
import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The broker inside the application. */
@ConfigMapping(prefix = "quarkus.kaon.broker")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface KaonBrokerConfig {
    /**
     * Whether the broker starts with the application. Without a value it does in dev and test mode, and does not in a
     * packaged application.
     */
    Optional<Boolean> enabled();

    /**
     * Kafka's {@code node.id}: the number of this broker, 0 or more. It is kept in the data directory; another number
     * with the same directory stops the start.
     */
    @WithDefault("0")
    int nodeId();

    /**
     * Where clients connect, each as {@code NAME://host:port}, for example {@code PLAINTEXT://localhost:9092}. Port 0
     * takes a free port. The host {@code localhost} listens on IPv4 and IPv6; {@code 0.0.0.0} listens on every
     * interface. Without a value the broker listens on localhost: on a free port in dev and test mode (the same one as
     * long as dev mode runs), on 9092 otherwise.
     */
    Optional<List<String>> listeners();

    /**
     * The addresses that clients are told to use, in the form of {@code listeners}, for brokers that are reached
     * through another name or port than the one they listen on. Without a value clients are told the listeners.
     */
    Optional<List<String>> advertisedListeners();

    /**
     * The directory that holds topics, records, groups and the identity of the broker. One process at a time can use
     * it. Without a value dev and test mode use a temporary directory that is deleted at the end (in dev mode it is
     * kept while the broker restarts because other settings were changed), and a packaged application
     * {@code kaon-data} in the working directory.
     */
    Optional<Path> dataDir();

    /**
     * Topics that are made when the broker starts, by name. A topic that exists is left as it is. Topics that are added
     * in dev mode are made with the next reload, and the broker goes on.
     */
    @ConfigDocMapKey("topic")
    Map<String, TopicConfig> topics();

    /**
     * Broker settings under Kafka's own names, for example {@code config."num.partitions"}. A name that Kaon does not
     * know stops the start.
     */
    @ConfigDocMapKey("kafka-broker-key")
    Map<String, String> config();

    /** A topic that is made when the broker starts. */
    interface TopicConfig {
        /**
         * The number of partitions, 1 or more. Without a value it is the broker's {@code num.partitions}.
         */
        OptionalInt partitions();

        /**
         * Topic settings under Kafka's own names, for example {@code config."retention.ms"}.
         */
        @ConfigDocMapKey("kafka-topic-key")
        Map<String, String> config();

        /**
         * A file of records that are put into the topic when the broker starts, if it never held one: a resource of the
         * class path, for example {@code seed/prices.jsonl}, or a path. UTF-8, one JSON object a line. Its members are
         * {@code value} and, as wanted, {@code key}, {@code headers} (an object), {@code partition} and
         * {@code timestamp} (milliseconds, or a text such as {@code 2026-03-01T12:00:00Z}). Key and value are texts, or
         * JSON that is taken as it stands, or null; a value of null is a tombstone. {@code keyBase64},
         * {@code valueBase64} and {@code headersBase64} are bytes. Without a partition the key decides as in Kafka's
         * clients. Empty lines and lines that begin with a hash are skipped. A bad line stops the start, and nothing of
         * the file is written. In dev mode an edited file takes effect with the next reload: a topic that was seeded in
         * this session is emptied and seeded anew.
         */
        Optional<String> recordsFile();
    }
}
