// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.exec.Clock;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.Appended;
import io.kaon.telemetry.LongWork;
import io.kaon.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Recovery in the background after an end that was not clean. */
final class StartRecoveryTest {
    private static final Path DIRECTORY = Path.of("/data");
    private static final List<String> OLDEST_FIRST = List.of("a", "b", "c", "d");

    private final VirtualTime time = new VirtualTime(1_000_000);
    private final SimulatedDisk disk = new SimulatedDisk(time);
    private ReplicationFixture fixture;
    private int threads = 1;

    private final LongWork work = new LongWork(Clock.system());

    @BeforeEach
    void write() throws IOException {
        disk.withFolder(DIRECTORY);
        begin();
        for (String topic : OLDEST_FIRST) {
            time.advance(1_000);
            append(topic);
        }
    }

    private void begin() {
        fixture = new ReplicationFixture(DIRECTORY, time, disk);
        for (int index = 0; index < OLDEST_FIRST.size(); index++) {
            fixture.createTopic(OLDEST_FIRST.get(index), new Uuid(1, index + 1), ReplicationFixture.NODE);
        }
    }

    @AfterEach
    void end() {
        fixture.die();
    }

    @Test
    void shouldOpenThePartitionsThatWereWrittenToLastFirst() {
        // Given
        fixture.die();
        begin();
        fixture.holdBlockingWork();

        // When
        recovery().start();
        List<String> opened = new ArrayList<>();
        while (fixture.releaseOne()) {
            noteOpened(opened);
        }

        // Then
        assertThat(opened).containsExactly("d", "c", "b", "a");
        assertThat(metric("kaon.log.recovery.partitions")).isEqualTo(4);
        assertThat(metric("kaon.log.recovery.remaining")).isZero();
        assertThat(metric("kaon.log.recovery.read")).isPositive();
        assertThat(time.waiting()).isPositive();
        assertThat(work.states()).singleElement().satisfies(state -> {
            assertThat(state.phase()).isEqualTo(LongWork.Phase.DONE);
            assertThat(state.done()).isEqualTo(4);
        });
    }

    @Test
    void shouldOpenSoManyAtATimeAsTheSettingSaysNow() {
        // Given
        fixture.die();
        begin();
        fixture.holdBlockingWork();
        threads = 3;

        // When
        recovery().start();
        fixture.releaseOne();
        fixture.releaseOne();

        // Then
        assertThat(fixture.waitingWork()).isEqualTo(3);
        threads = 1;
        fixture.releaseOne();
        assertThat(fixture.waitingWork()).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldOpenNothingAfterACleanEnd() {
        // Given
        fixture.close();
        begin();

        // When
        recovery().start();

        // Then
        List<String> opened = new ArrayList<>();
        noteOpened(opened);
        assertThat(opened).isEmpty();
    }

    @Test
    void shouldBeginNoMoreOnceItIsStopped() {
        // Given
        fixture.die();
        begin();
        fixture.holdBlockingWork();
        StartRecovery recovery = recovery();
        recovery.start();
        List<String> opened = new ArrayList<>();
        while (opened.isEmpty() && fixture.releaseOne()) {
            noteOpened(opened);
        }

        // When
        recovery.stop();
        while (fixture.releaseOne()) {
            noteOpened(opened);
        }

        // Then
        assertThat(opened).hasSizeLessThanOrEqualTo(2).startsWith("d");
    }

    private StartRecovery recovery() {
        return new StartRecovery(fixture.partitions, fixture.logs(), time, () -> threads, work);
    }

    private void noteOpened(List<String> opened) {
        for (String topic : OLDEST_FIRST) {
            if (fixture.partition(topic).isOpen() && !opened.contains(topic)) {
                opened.add(topic);
            }
        }
    }

    private void append(String topic) {
        assertThat(fixture.partition(topic)
                        .append(batch("x"), Acks.LEADER, 1_000, AppendOrigin.CLIENT)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Appended.class);
    }

    private double metric(String name) {
        return fixture.logs().metrics().samples().stream()
                .filter(sample -> sample.name().name().equals(name))
                .mapToDouble(Metrics.Sample::value)
                .sum();
    }
}
