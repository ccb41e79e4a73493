// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Clients that soon notice that the server is back, and wait longer than it is ever away. */
record Clients(String bootstrap) {

    /** An idempotent producer of many small batches. */
    KafkaProducer<String, String> producer() {
        Map<String, Object> config = config();
        config.put("enable.idempotence", true);
        config.put("acks", "all");
        config.put("linger.ms", 2);
        config.put("batch.size", 4096);
        config.put("request.timeout.ms", 5_000);
        config.put("delivery.timeout.ms", 120_000);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    /** A consumer that assigns itself partitions. */
    KafkaConsumer<String, String> reader() {
        return consumer(config());
    }

    KafkaConsumer<String, String> member(String group) {
        Map<String, Object> config = config();
        config.put("group.id", group);
        return consumer(config);
    }

    Admin admin() {
        return Admin.create(config());
    }

    private static KafkaConsumer<String, String> consumer(Map<String, Object> config) {
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", false);
        config.put("request.timeout.ms", 8_000);
        config.put("default.api.timeout.ms", 60_000);
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private Map<String, Object> config() {
        return new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "reconnect.backoff.ms",
                50,
                "reconnect.backoff.max.ms",
                200,
                "retry.backoff.ms",
                50));
    }
}
