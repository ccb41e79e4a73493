// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.TopicSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Gives tests a broker in their own JVM, ready in milliseconds, on a port of the system's choice, with data that is gone
 * afterwards. As an annotation, {@link KaonBroker}; or in a static field, where code can use it, too:
 *
 * <pre>{@code
 * @RegisterExtension
 * static KaonExtension kaon = KaonExtension.builder().topic("orders", 4).build();
 *
 * @Test
 * void shouldBillEachOrder() {
 *     kaon.client().produce("orders", "an order");
 *     ...
 * }
 * }</pre>
 *
 * <p>One broker for a test class and the classes nested in it, from before its {@code @BeforeAll} until after its
 * {@code @AfterAll}; in a field that is not static, one for each test; with {@link Builder#shared()}, one for all classes
 * that ask for the same. Classes that run in parallel do not meet, unless they share.
 */
public final class KaonExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private Settings settings;
    private TestBroker running;
    private final Map<String, Optional<String>> propertiesBefore = new LinkedHashMap<>();
    private int openClasses;

    /** What the extension is to do. */
    private record Settings(
            Map<String, TopicSpec> topics,
            Map<String, String> config,
            List<String> systemProperties,
            Reset reset,
            boolean isShared) {}

    /** For JUnit: settings come from {@link KaonBroker} at the class. */
    public KaonExtension() {
        this(null);
    }

    private KaonExtension(Settings settings) {
        this.settings = settings;
    }

    /** An extension for a field with {@code @RegisterExtension}. */
    public static Builder builder() {
        return new Builder();
    }

    /** The address of the broker, which starts if it does not run yet: for {@code @DynamicPropertySource} and such. */
    public String bootstrapServers() {
        return broker().bootstrapServers();
    }

    /** The test client. */
    public KaonClient client() {
        return started().client();
    }

    /** Has requests to the broker go wrong; cleared after each test. */
    public Faults faults() {
        return started().faults();
    }

    /** The broker. */
    public Broker broker() {
        return started().broker();
    }

    @Override
    public synchronized void beforeAll(ExtensionContext context) {
        if (settings == null) {
            settings = settingsOf(context);
        }
        openClasses++;
        started();
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        openClasses--;
        if (openClasses == 0) {
            end();
        }
    }

    @Override
    public synchronized void beforeEach(ExtensionContext context) {
        if (settings == null) {
            settings = settingsOf(context);
        }
        if (settings.reset() != Reset.NONE && context.getExecutionMode() == ExecutionMode.CONCURRENT) {
            throw new ExtensionConfigurationException("A reset between tests needs tests that run one after the other: "
                    + "put @Execution(ExecutionMode.SAME_THREAD) on the class, or give up the reset");
        }
        started().reset(settings.reset());
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        if (running != null) {
            running.faults().clear();
        }
        if (openClasses == 0) {
            end(); // In a field that is not static.
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == KaonClient.class
                || type == Faults.class
                || type == Broker.class
                || type == String.class && parameter.isAnnotated(BootstrapServers.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == String.class) {
            return bootstrapServers();
        }
        if (type == Faults.class) {
            return faults();
        }
        return type == Broker.class ? broker() : client();
    }

    private synchronized TestBroker started() {
        if (running == null) {
            if (settings == null) {
                throw new IllegalStateException(
                        "Make the extension by KaonExtension.builder(), or put @KaonBroker on the test class");
            }
            BrokerOptions options = TestBroker.options(settings.topics(), settings.config());
            running = settings.isShared() ? TestBroker.shared(options) : TestBroker.start(options);
            publish(running.broker().bootstrapServers());
        }
        return running;
    }

    private void publish(String address) {
        for (String property : settings.systemProperties()) {
            propertiesBefore.put(property, Optional.ofNullable(System.setProperty(property, address)));
        }
    }

    private void end() {
        propertiesBefore.forEach((property, before) -> before.ifPresentOrElse(
                value -> System.setProperty(property, value), () -> System.clearProperty(property)));
        propertiesBefore.clear();
        TestBroker ended = running;
        running = null;
        if (ended != null && !settings.isShared()) {
            ended.close();
        }
    }

    private static Settings settingsOf(ExtensionContext context) {
        for (Class<?> type = context.getRequiredTestClass(); type != null; type = type.getEnclosingClass()) {
            KaonBroker annotation = type.getAnnotation(KaonBroker.class);
            if (annotation != null) {
                return settingsOf(annotation);
            }
        }
        return builder().settings();
    }

    private static Settings settingsOf(KaonBroker annotation) {
        Builder builder = builder();
        for (String topic : annotation.topics()) {
            int colon = topic.lastIndexOf(':');
            builder.topic(
                    colon < 0 ? topic : topic.substring(0, colon),
                    colon < 0 ? TopicSpec.DEFAULT_PARTITIONS : partitions(topic, topic.substring(colon + 1)));
        }
        for (String setting : annotation.config()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ExtensionConfigurationException(
                        "@KaonBroker(config): each is key=value, '" + setting + "' is not");
            }
            builder.config(setting.substring(0, equals), setting.substring(equals + 1));
        }
        builder.resetBeforeEach(annotation.reset());
        builder.systemProperties(annotation.systemProperties());
        return (annotation.shared() ? builder.shared() : builder).settings();
    }

    private static int partitions(String topic, String number) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException none) {
            throw new ExtensionConfigurationException(
                    "@KaonBroker(topics): each is a name or name:partitions, '" + topic + "' is neither", none);
        }
    }

    /** Describes the broker that tests need. */
    public static final class Builder {
        private final Map<String, TopicSpec> topics = new HashMap<>();
        private final Map<String, String> config = new HashMap<>();
        private final List<String> systemProperties = new ArrayList<>();
        private Reset reset = Reset.NONE;
        private boolean isShared;

        private Builder() {}

        /** A topic that is there when the first test begins. */
        public Builder topic(String name, int partitions) {
            return topic(name, partitions, Map.of());
        }

        /** A topic with settings under Kafka's names. */
        public Builder topic(String name, int partitions, Map<String, String> settings) {
            topics.put(name, new TopicSpec(partitions, settings));
            return this;
        }

        /** A broker setting under Kafka's name. */
        public Builder config(String key, String value) {
            config.put(key, value);
            return this;
        }

        /** System properties that get the broker's address while the tests run. Not for classes that run in parallel. */
        public Builder systemProperties(String... names) {
            systemProperties.addAll(List.of(names));
            return this;
        }

        /** What is undone before each test; nothing, unless this is called. */
        public Builder resetBeforeEach(Reset what) {
            reset = what;
            return this;
        }

        /** One broker for all extensions of the JVM that are shared and want equal topics and settings. */
        public Builder shared() {
            isShared = true;
            return this;
        }

        /** The extension; its broker starts when it is first needed. */
        public KaonExtension build() {
            return new KaonExtension(settings());
        }

        private Settings settings() {
            return new Settings(Map.copyOf(topics), Map.copyOf(config), List.copyOf(systemProperties), reset, isShared);
        }
    }
}
