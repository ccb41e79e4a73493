// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KaonExtensionTest {
    private static final String PROPERTY = "kaon.test.bootstrap.servers";

    @Nested
    @KaonBroker(
            topics = {"orders:4", "receipts"},
            config = "auto.create.topics.enable=false",
            systemProperties = PROPERTY)
    class ByAnnotationTest {
        private final String injected;

        ByAnnotationTest(@BootstrapServers String injected) {
            this.injected = injected;
        }

        @BeforeAll
        static void seed(KaonClient kaon) {
            kaon.produce("receipts", "seed");
        }

        @Test
        void shouldHaveItsTopicsAndAddress(Broker broker, KaonClient kaon) {
            assertThat(kaon.topics()).containsExactly("orders", "receipts");
            assertThat(kaon.endOffsets("orders")).hasSize(4);
            assertThat(kaon.consume("receipts").readAllValues()).containsExactly("seed");
            assertThat(injected).isEqualTo(broker.bootstrapServers()).isEqualTo(System.getProperty(PROPERTY));
        }

        @Nested
        class InsideTest {
            @Test
            void shouldShareTheBrokerOfTheOuterClass(@BootstrapServers String inner) {
                assertThat(inner).isEqualTo(injected);
            }
        }

        @AfterAll
        static void shouldStillRun(Broker broker) {
            assertThat(broker.isClosed()).isFalse();
        }
    }

    @Nested
    class InAFieldTest {
        @RegisterExtension
        static final KaonExtension KAON =
                KaonExtension.builder().topic("orders", 2).build();

        private static final String BEFORE_THE_TESTS = KAON.bootstrapServers();

        @RegisterExtension
        final KaonExtension forEachTest = KaonExtension.builder().build();

        @Test
        void shouldStartWhenTheAddressIsAskedFor() {
            assertThat(KAON.bootstrapServers()).isEqualTo(BEFORE_THE_TESTS);
            assertThat(KAON.client().endOffsets("orders")).hasSize(2);
            assertThat(forEachTest.bootstrapServers()).isNotEqualTo(BEFORE_THE_TESTS);
            assertThat(forEachTest.client().topics()).isEmpty();
        }
    }

    @Nested
    class SharedTest {
        @RegisterExtension
        static final KaonExtension ONE =
                KaonExtension.builder().config("num.partitions", "3").shared().build();

        @RegisterExtension
        static final KaonExtension SAME =
                KaonExtension.builder().config("num.partitions", "3").shared().build();

        @RegisterExtension
        static final KaonExtension OTHER =
                KaonExtension.builder().config("num.partitions", "5").shared().build();

        @Test
        void shouldShareABrokerWithEqualSettings() {
            assertThat(ONE.broker()).isSameAs(SAME.broker()).isNotSameAs(OTHER.broker());
        }
    }
}
