// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and replies without a socket. */
class KaonRequestReplyExtensionTest extends AbstractRequestReplyTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClasses(RequestReplyApplication.class, AbstractRequestReplyTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"));

    @Test
    void shouldNeedNoSocketForReplies() {
        assertThat(((ReactiveKafkaConsumer<?, ?>) app.questions.getConsumer())
                        .unwrap()
                        .getClass()
                        .getSimpleName())
                .isEqualTo("EmbeddedConsumer");
    }
}
