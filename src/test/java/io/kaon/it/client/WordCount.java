// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * Counts the values of a topic with Kafka Streams, exactly once, and sends each new count to another one; runs until it
 * is killed: {@code bootstrap application input output state-directory}.
 */
public final class WordCount {
    private WordCount() {}

    public static void main(String[] args) throws InterruptedException {
        Properties config = new Properties();
        config.putAll(Map.of(
                "bootstrap.servers",
                args[0],
                "application.id",
                args[1],
                "state.dir",
                args[4],
                "processing.guarantee",
                "exactly_once_v2",
                "default.key.serde",
                Serdes.StringSerde.class.getName(),
                "default.value.serde",
                Serdes.StringSerde.class.getName(),
                // Every count is sent on, not only the last one before a commit.
                "statestore.cache.max.bytes",
                0,
                "commit.interval.ms",
                50,
                "num.stream.threads",
                2));
        // So that one that was killed does not keep its partitions for long.
        config.put("consumer.session.timeout.ms", 6000);
        config.put("consumer.max.poll.records", 50);
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream(args[2])
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .mapValues(count -> Long.toString(count))
                .to(args[3]);
        CountDownLatch ended = new CountDownLatch(1);
        KafkaStreams streams = new KafkaStreams(builder.build(), config);
        streams.setUncaughtExceptionHandler(failure -> {
            System.out.println("word count failed");
            failure.printStackTrace(System.out);
            ended.countDown();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        ended.await();
        System.exit(1);
    }
}
