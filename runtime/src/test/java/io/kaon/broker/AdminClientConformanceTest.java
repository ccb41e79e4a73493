// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka's own admin clients make of our answers (C8): each release in a class loader of its own. */
class AdminClientConformanceTest {
    private static final String ADMIN = "org.apache.kafka.clients.admin.";
    private static final int TIMEOUT_SECONDS = 30;

    @ParameterizedTest
    @ValueSource(strings = {"kafka-clients-3.", "kafka-clients-4."})
    void shouldDescribeConfigsThatAdminClientsUnderstandC8(String release) throws Exception {
        BrokerOptions options = BrokerOptions.embedded().withTopics(Map.of("t", new TopicSpec(1, Map.of())));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (Broker broker = Broker.start(options);
                URLClassLoader kafka = new URLClassLoader(jars(release), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(kafka);
            Properties properties = new Properties();
            properties.put("bootstrap.servers", broker.bootstrapServers());
            Class<?> admins = kafka.loadClass(ADMIN + "Admin");
            try (AutoCloseable admin =
                    (AutoCloseable) admins.getMethod("create", Properties.class).invoke(null, properties)) {
                for (Collection<?> entries : List.of(
                        configs(kafka, admins, admin, "TOPIC", "t"), configs(kafka, admins, admin, "BROKER", "0"))) {
                    assertThat(entries).hasSizeGreaterThan(30);
                    for (Object entry : entries) {
                        assertThat(text(entry, "source"))
                                .as(text(entry, "name"))
                                .isNotEqualTo("UNKNOWN");
                        assertThat(text(entry, "type")).as(text(entry, "name")).isNotEqualTo("UNKNOWN");
                    }
                }
            }
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Collection<?> configs(ClassLoader kafka, Class<?> admins, Object admin, String type, String name)
            throws Exception {
        Class<?> resources = kafka.loadClass("org.apache.kafka.common.config.ConfigResource");
        Class<?> types = kafka.loadClass("org.apache.kafka.common.config.ConfigResource$Type");
        Object resource = resources
                .getConstructor(types, String.class)
                .newInstance(types.getMethod("valueOf", String.class).invoke(null, type), name);
        Object result = admins.getMethod("describeConfigs", Collection.class).invoke(admin, List.of(resource));
        Object all = result.getClass().getMethod("all").invoke(result);
        Future<?> future = (Future<?>) kafka.loadClass("org.apache.kafka.common.KafkaFuture")
                .getMethod("toCompletionStage")
                .invoke(all);
        Object config = ((Map<?, ?>) future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS)).get(resource);
        return (Collection<?>) config.getClass().getMethod("entries").invoke(config);
    }

    private static String text(Object entry, String getter) throws Exception {
        return String.valueOf(entry.getClass().getMethod(getter).invoke(entry));
    }

    private static URL[] jars(String prefix) throws Exception {
        String directory = System.getProperty("kaon.oracle.dir");
        assertThat(directory).as("the system property kaon.oracle.dir").isNotNull();
        URL logging =
                org.slf4j.Logger.class.getProtectionDomain().getCodeSource().getLocation();
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            Path jar = files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
            return new URL[] {jar.toUri().toURL(), logging};
        }
    }
}
