// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.test.WorkersApplication.Call;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where methods of embedded channels run, and in which order, whatever shortcut a record takes to them. */
class KaonWorkersExtensionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int COUNT = 2_000;
    private static final List<Integer> ALL = IntStream.range(0, COUNT).boxed().toList();

    @RegisterExtension
    static final QuarkusUnitTest quarkus = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClass(WorkersApplication.class)
                    .addAsResource(
                            new StringAsset(
                                    """
                                    mp.messaging.connector.kaon.topic=numbers
                                    mp.messaging.connector.kaon.auto.offset.reset=earliest
                                    mp.messaging.connector.kaon.commit-strategy=ignore
                                    mp.messaging.incoming.plain.group.id=plain
                                    mp.messaging.incoming.loop.group.id=loop
                                    mp.messaging.incoming.unordered.group.id=unordered
                                    mp.messaging.incoming.named.group.id=named
                                    mp.messaging.incoming.later.group.id=later
                                    mp.messaging.incoming.first.group.id=first
                                    mp.messaging.incoming.refused.group.id=refused
                                    mp.messaging.incoming.refused.failure-strategy=ignore
                                    mp.messaging.emitter.default-buffer-size=10000
                                    smallrye.messaging.worker.few.max-concurrency=2
                                    quarkus.messaging.request-scoped.enabled=true
                                    """),
                            "application.properties"));

    private static boolean isSent;

    @Inject
    WorkersApplication application;

    @BeforeEach
    void sendOnce() throws Exception {
        if (!isSent) {
            isSent = true;
            CompletableFuture.allOf(ALL.stream()
                            .map(value -> application.out.send(value).toCompletableFuture())
                            .toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldCallPlainMethodInOrderOnWorkerThreads() {
        assertThat(valuesOf(application.plain)).isEqualTo(ALL);
        assertThat(application.plain).noneMatch(Call::isEventLoop);
        assertThat(application.mostAtOnce).hasValue(1);
    }

    @Test
    void shouldGiveEachMessageContextAndRequestOfItsOwn() {
        assertThat(valuesOf(application.plain)).hasSize(COUNT);
        assertThat(application.plain).extracting(Call::context).doesNotHaveDuplicates();
        assertThat(application.plain).extracting(Call::request).doesNotHaveDuplicates();
    }

    @Test
    void shouldCarryRequestIntoStepsOfPlainMethod() {
        assertThat(valuesOf(application.plain)).hasSize(COUNT);
        await().atMost(PATIENCE).until(() -> application.inSteps.size() >= COUNT);
        assertThat(List.copyOf(application.inSteps))
                .isEqualTo(application.plain.stream().map(Call::request).toList());
    }

    @Test
    void shouldKeepNonBlockingMethodOnEventLoop() {
        assertThat(valuesOf(application.loop)).isEqualTo(ALL);
        assertThat(application.loop).allMatch(Call::isEventLoop);
        assertThat(application.loop).extracting(Call::context).doesNotHaveDuplicates();
    }

    @Test
    void shouldCallUnorderedMethodForEachRecord() {
        assertThat(valuesOf(application.unordered)).containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(application.unordered).noneMatch(Call::isEventLoop);
    }

    @Test
    void shouldUseNamedPool() {
        assertThat(valuesOf(application.named)).isEqualTo(ALL);
        assertThat(application.named).allMatch(call -> call.thread().startsWith("few"));
    }

    @Test
    void shouldWaitForMethodThatIsDoneLater() {
        assertThat(valuesOf(application.later)).isEqualTo(ALL);
        assertThat(application.later).noneMatch(Call::isEventLoop);
    }

    @Test
    void shouldTakeResultOfWorkerToEventLoop() {
        assertThat(valuesOf(application.second)).isEqualTo(ALL);
        assertThat(application.second).allMatch(Call::isEventLoop);
    }

    @Test
    void shouldGoOnAfterMethodThatThrows() {
        assertThat(valuesOf(application.refused)).isEqualTo(ALL);
    }

    /** When all have arrived. */
    private static List<Integer> valuesOf(Collection<Call> calls) {
        await().atMost(PATIENCE).until(() -> calls.size() >= COUNT);
        return calls.stream().map(Call::value).toList();
    }
}
