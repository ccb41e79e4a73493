// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.test.QuarkusDevModeTest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A long day of dev mode in a minute: what a reload leaves behind would add up. */
@Timeout(600)
class FiftyReloadsDevModeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RELOADS = 50;
    /** Pools and caches have filled by then. */
    private static final int WARM_UP = 10;
    /** What comes and goes by itself: idle pool threads, a connection that is being closed. */
    private static final int SLACK = 8;
    /**
     * The running application, and some of those before it: a pooled thread may hold the one that it worked for last.
     * What is leaked by each reload would be all of them.
     */
    private static final int LIVING_LOADERS = 8;

    @RegisterExtension
    static final QuarkusDevModeTest dev = new QuarkusDevModeTest()
            .withApplicationRoot(jar -> jar.addClass(ReloadApplication.class)
                    .addAsResource(
                            new StringAsset("mp.messaging.incoming.questions.auto.offset.reset=earliest"),
                            "application.properties"));

    @AfterEach
    void forget() {
        System.getProperties().remove(ReloadApplication.LOADERS);
        System.clearProperty(ReloadApplication.ADDRESS);
    }

    @Test
    void shouldKeepRecordsAndLeakNothing() throws Exception {
        // Given
        String address = address();
        List<String> answers = new ArrayList<>();
        Map<String, Integer> threads = Map.of();
        int descriptors = 0;
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer());
                KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", address, "group.id", "watcher", "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of("answers"));

            // When
            for (int reload = 1; reload <= RELOADS; reload++) {
                String old = "version " + (reload - 1);
                String next = "version " + reload;
                dev.modifySourceFile(ReloadApplication.class, source -> source.replace(old, next));
                assertThat(DevConsoleManager.getHotReplacementContext().doScan(true))
                        .as("reload %s", reload)
                        .isTrue();
                String question = "question " + reload;
                producer.send(new ProducerRecord<>("questions", question));
                await().atMost(PATIENCE).until(() -> poll(consumer, answers).contains(question + " by " + next));
                if (reload == WARM_UP) {
                    threads = threads();
                    descriptors = descriptors();
                }
            }
        }

        // Then
        assertThat(answers)
                .as("each question is answered once, by the version that ran then")
                .hasSize(RELOADS)
                .doesNotHaveDuplicates();
        assertThat(address()).isEqualTo(address);
        assertCollected();
        assertThat(total(threads()))
                .as("threads, before: %s, now: %s", threads, threads())
                .isLessThanOrEqualTo(total(threads) + SLACK);
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + SLACK);
    }

    private static List<String> poll(KafkaConsumer<String, String> consumer, List<String> seen) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
            seen.add(record.value());
        }
        return seen;
    }

    @SuppressWarnings("unchecked")
    private static void assertCollected() {
        List<WeakReference<ClassLoader>> loaders =
                (List<WeakReference<ClassLoader>>) System.getProperties().get(ReloadApplication.LOADERS);
        assertThat(loaders).hasSize(RELOADS + 1);
        await().atMost(PATIENCE).untilAsserted(() -> {
            System.gc();
            assertThat(loaders.stream().filter(loader -> loader.get() != null).count())
                    .as("class loaders of applications that have ended")
                    .isLessThanOrEqualTo(LIVING_LOADERS);
        });
    }

    private static String address() {
        return System.getProperty(ReloadApplication.ADDRESS);
    }

    /** How many there are, by name without numbers. */
    private static Map<String, Integer> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .collect(Collectors.toMap(
                        thread -> thread.getName().replaceAll("\\d+", "N"), thread -> 1, Integer::sum, TreeMap::new));
    }

    private static int total(Map<String, Integer> threads) {
        return threads.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** 0 where the system does not tell. */
    private static int descriptors() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(own)) {
            return (int) open.count();
        }
    }
}
