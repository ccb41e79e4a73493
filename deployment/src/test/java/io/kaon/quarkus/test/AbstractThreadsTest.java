// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.test.ThreadsApplication.Ran;
import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;

/**
 * On which threads an application gets its records, and how much of them at a time. The subclasses say from where. Each
 * channel is a group of its own: where a group forms anew while records are in hand, some come twice.
 */
abstract class AbstractThreadsTest {
    private static final String CONFIG =
            """
            quarkus.application.name=threads
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.messaging.request-scoped.enabled=true
            smallrye.messaging.worker.small.max-concurrency=2
            mp.messaging.connector.%1$s.auto.offset.reset=earliest
            mp.messaging.outgoing.plain-out.topic=plain
            mp.messaging.incoming.plain-in.topic=plain
            mp.messaging.incoming.plain-in.group.id=plain
            mp.messaging.outgoing.visits-out.topic=visits
            mp.messaging.incoming.visits-in.topic=visits
            mp.messaging.incoming.visits-in.group.id=visits
            mp.messaging.outgoing.unordered-out.topic=unordered
            mp.messaging.incoming.unordered-in.topic=unordered
            mp.messaging.incoming.unordered-in.group.id=unordered
            mp.messaging.outgoing.pool-out.topic=pool
            mp.messaging.incoming.pool-in.topic=pool
            mp.messaging.incoming.pool-in.group.id=pool
            mp.messaging.outgoing.virtual-out.topic=virtual
            mp.messaging.incoming.virtual-in.topic=virtual
            mp.messaging.incoming.virtual-in.group.id=virtual
            mp.messaging.outgoing.loop-out.topic=loop
            mp.messaging.incoming.loop-in.topic=loop
            mp.messaging.incoming.loop-in.group.id=loop
            mp.messaging.outgoing.keyed-out.topic=keyed
            mp.messaging.incoming.keyed-in.topic=keyed
            mp.messaging.incoming.keyed-in.group.id=keyed
            mp.messaging.incoming.keyed-in.value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer
            mp.messaging.outgoing.lanes-out.topic=lanes
            mp.messaging.incoming.lanes-in.topic=lanes
            mp.messaging.incoming.lanes-in.group.id=lanes
            mp.messaging.incoming.lanes-in.throttled.ordered=key
            mp.messaging.outgoing.paused-out.topic=paused
            mp.messaging.incoming.paused-in.topic=paused
            mp.messaging.incoming.paused-in.group.id=paused
            mp.messaging.incoming.paused-in.pausable=true
            mp.messaging.incoming.paused-in.initially-paused=true
            mp.messaging.outgoing.narrow-out.topic=narrow
            mp.messaging.outgoing.narrow-out.pausable=true
            mp.messaging.outgoing.narrow-out.initially-paused=true
            mp.messaging.outgoing.lossy-out.topic=lossy
            mp.messaging.outgoing.lossy-out.pausable=true
            mp.messaging.outgoing.lossy-out.initially-paused=true
            mp.messaging.incoming.lossy-in.topic=lossy
            mp.messaging.incoming.lossy-in.group.id=lossy
            mp.messaging.outgoing.ticks-out.topic=ticks
            mp.messaging.outgoing.ticks-out.max-inflight-messages=4
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int COUNT = 5;

    @Inject
    ThreadsApplication application;

    @Inject
    ChannelRegistry channels;

    /** @param connector the one that channels get, for the settings of all of them */
    static QuarkusUnitTest application(String connector, String... extensions) {
        List<Dependency> dependencies = Stream.of(extensions)
                .map(extension -> Dependency.of("io.quarkus", extension, Version.getVersion()))
                .toList();
        return new QuarkusUnitTest().setForcedDependencies(dependencies).withApplicationRoot(jar -> jar.addClasses(
                        ThreadsApplication.class,
                        ThreadsApplication.Ran.class,
                        ThreadsApplication.Visit.class,
                        VirtualThreads.class,
                        AbstractThreadsTest.class,
                        Elsewhere.class)
                .addAsResource(new StringAsset(CONFIG.formatted(connector)), "application.properties"));
    }

    @Test
    void shouldRunPlainMethodOnWorkerThreadsInOrder() {
        // When
        send(application.plain);

        // Then
        await().atMost(PATIENCE).until(() -> application.plainIn.size() == COUNT);
        assertThat(application.plainIn).extracting(Ran::number).containsExactly(0, 1, 2, 3, 4);
        assertThat(application.plainIn).noneMatch(Ran::isEventLoop).noneMatch(Ran::isVirtual);
    }

    @Test
    void shouldGiveEachMessageARequestContextOfItsOwn() {
        // When
        send(application.visiting);

        // Then
        await().atMost(PATIENCE).until(() -> application.visits.size() == COUNT);
        assertThat(application.visits).containsOnly(1);
    }

    @Test
    void shouldRunUnorderedMethodForSeveralRecordsAtOnce() {
        // When
        send(application.unordered);

        // Then
        await().atMost(PATIENCE).until(() -> application.unorderedIn.size() == COUNT);
        assertThat(application.unorderedIn).extracting(Ran::number).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @Test
    void shouldUseTheWorkerPoolThatIsNamed() {
        // When
        send(application.pool);

        // Then
        await().atMost(PATIENCE).until(() -> application.poolIn.size() == COUNT);
        assertThat(application.poolIn).extracting(Ran::thread).allSatisfy(thread -> assertThat(thread)
                .contains("small"));
    }

    @Test
    void shouldRunOnVirtualThreadsWhereTheJdkHasThem() {
        // When
        send(application.virtual);

        // Then
        await().atMost(PATIENCE).until(() -> application.virtualIn.size() == COUNT);
        assertThat(application.virtualIn).extracting(Ran::isVirtual).containsOnly(VirtualThreads.areThere());
        assertThat(application.virtualIn).noneMatch(Ran::isEventLoop);
    }

    @Test
    void shouldRunNonBlockingMethodOnEventLoop() {
        // When
        send(application.loop);

        // Then
        await().atMost(PATIENCE).until(() -> application.loopIn.size() == COUNT);
        assertThat(application.loopIn).extracting(Ran::number).containsExactly(0, 1, 2, 3, 4);
        assertThat(application.loopIn).allMatch(Ran::isEventLoop);
    }

    @Test
    void shouldGiveEachKeyAStreamOfItsOwn() {
        // When
        for (int number = 1; number <= 3; number++) {
            application.keyed.sendAndAwait(Record.of("a", number));
            application.keyed.sendAndAwait(Record.of("b", 10 * number));
        }

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.sums).contains("a=6", "b=60"));
    }

    @Test
    void shouldKeepTheOrderOfEachKeyWhileKeysRunAtOnce() {
        // When
        for (int number = 0; number < COUNT; number++) {
            application.lanes.sendAndAwait(Record.of("left", number));
            application.lanes.sendAndAwait(Record.of("right", number));
        }

        // Then
        await().atMost(PATIENCE).until(() -> application.lanesIn.size() == 2 * COUNT);
        assertThat(application.lanesMet).isTrue();
        for (String key : List.of("left", "right")) {
            assertThat(application.lanesIn)
                    .filteredOn(item -> item.key().equals(key))
                    .extracting(Record::value)
                    .containsExactly(0, 1, 2, 3, 4);
        }
    }

    @Test
    void shouldKeepPausedChannelWaitingUntilItIsResumed() throws Exception {
        // Given
        PausableChannel channel = channels.getPausable("paused-in");
        sendAndWait(application.paused);
        List<Integer> before = List.copyOf(application.pausedIn);
        boolean wasPaused = channel.isPaused();

        // When
        channel.resume();

        // Then
        assertThat(wasPaused).isTrue();
        assertThat(before).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(application.pausedIn).containsExactly(0, 1, 2, 3, 4));
    }

    @Test
    void shouldRefuseWhatOverflowsTheBufferOfAnEmitter() {
        // Given
        for (int number = 0; number < 3; number++) {
            application.narrow.send(number);
        }

        // Then
        assertThatThrownBy(() -> {
                    for (int number = 3; number < 1_000; number++) {
                        application.narrow.send(number);
                    }
                })
                .isInstanceOf(IllegalStateException.class);
        channels.getPausable("narrow-out").resume();
    }

    @Test
    void shouldDropWhatAnEmitterMayLose() throws Exception {
        // Given
        PausableChannel channel = channels.getPausable("lossy-out");
        for (int number = 0; number < 1_000; number++) {
            application.lossy.send(number);
        }

        // When
        channel.resume();
        application.lossy.send(1_000).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // Then
        await().atMost(PATIENCE).until(() -> application.lossyIn.contains(1_000));
        assertThat(application.lossyIn).hasSizeLessThan(1_000);
    }

    @Test
    void shouldTakeNoMoreMessagesThanMayBeInFlight() {
        // Given
        await().atMost(PATIENCE).until(() -> application.ticks.get() >= 4);
        int before = application.ticks.get();

        // When
        application.ticksHeld.forEach(held -> held.complete(null));

        // Then
        assertThat(before).isBetween(4, 8);
        await().atMost(PATIENCE).until(() -> application.ticks.get() > before);
        assertThat(application.ticks.get()).isLessThanOrEqualTo(before + 8);
    }

    private static void send(Emitter<Integer> emitter) {
        IntStream.range(0, COUNT).forEach(emitter::send);
    }

    private static void sendAndWait(Emitter<Integer> emitter) throws Exception {
        CompletableFuture<?>[] sent = IntStream.range(0, COUNT)
                .mapToObj(number -> emitter.send(number).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(sent).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
