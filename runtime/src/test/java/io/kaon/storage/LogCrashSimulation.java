// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.sim.PowerLossException;
import io.kaon.sim.SimulatedDisk;
import io.kaon.sim.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A data directory that lives through random appends, transactions, rolls, flushes, deletions, retention, compaction,
 * truncations and changes of settings, and whose life ends again and again: clean, by the death of the process, or by a loss of power in the midst
 * of anything. Virtual time, one thread; a seed says it all.
 */
final class LogCrashSimulation implements AutoCloseable {
    /** Each has its own, because the process remembers which it has locked. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final int PARTITIONS = 2;
    private static final int TABLES = 2;
    private static final long START_MS = 1_700_000_000_000L;
    private static final long HOUR_MS = 3_600_000;
    /** A start that is interrupted each time comes to an end, because each attempt leaves less to do. */
    private static final int MAX_STARTS = 200;
    /** How many of the last steps a failure tells. */
    private static final int MAX_TRACE = Integer.getInteger("kaon.sim.trace", 40);

    private final Path data = Path.of("/simulated", "host" + COUNT.incrementAndGet(), "data");
    private final long seed;
    private final Random random;
    private final VirtualTime time = new VirtualTime(START_MS);
    private final SimulatedDisk disk = new SimulatedDisk(time);
    private final List<SimulatedLog> partitions = new ArrayList<>();
    private final List<SimulatedTable> tables = new ArrayList<>();
    private Optional<SimulatedLife> current = Optional.empty();
    private boolean isPowerLossDue;
    private boolean isCalm;
    private final Deque<String> trace = new ArrayDeque<>();
    private int powerLosses;

    LogCrashSimulation(long seed) throws IOException {
        this.seed = seed;
        random = new Random(seed);
        disk.withFolder(data.getParent());
        for (int index = 0; index < PARTITIONS; index++) {
            partitions.add(new SimulatedPartition(new TopicPartition("orders", index), disk, time, random));
        }
        for (int index = 0; index < TABLES; index++) {
            SimulatedTable table = new SimulatedTable(new TopicPartition("prices", index), disk, time, random);
            tables.add(table);
            partitions.add(table);
        }
        start();
    }

    int powerLosses() {
        return powerLosses;
    }

    /** How often a compacted log was looked at of which something had gone. */
    int compactions() {
        return tables.stream().mapToInt(SimulatedTable::compactions).sum();
    }

    long hours() {
        return (time.wallMs() - START_MS) / HOUR_MS;
    }

    /** Whose failure tells what happened last. */
    void run(int steps) {
        try {
            live(steps);
        } catch (IOException | RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed + " after " + String.join("\n  ", trace) + "\n" + failure, failure);
        }
    }

    private void note(String what) {
        trace.addLast((time.wallMs() - START_MS) + " ms: " + what);
        if (trace.size() > MAX_TRACE) {
            trace.removeFirst();
        }
    }

    private void live(int steps) throws IOException {
        for (int step = 0; step < steps; step++) {
            step();
        }
        isCalm = true;
        disk.powerOffAfter(Long.MAX_VALUE, random);
        endClean();
        partitions.forEach(SimulatedLog::onClosed);
        start();
        for (SimulatedLog partition : partitions) {
            openIfClosed(partition);
        }
    }

    @Override
    public void close() {
        endLife();
    }

    private SimulatedLife life() {
        return current.orElseThrow();
    }

    private void endLife() {
        current.ifPresent(SimulatedLife::end);
        current = Optional.empty();
    }

    private void step() throws IOException {
        try {
            act();
        } catch (PowerLossException off) {
            assertThat(disk.isOff()).isTrue();
        } catch (IOException failure) {
            if (!disk.isOff()) {
                throw failure;
            }
        }
        if (disk.isOff()) {
            losePower();
            start();
        }
        partitions.forEach(partition -> partition.observe(life().isIdle()));
    }

    private void act() throws IOException {
        int dice = random.nextInt(1000);
        if (dice < 8) {
            note("a clean end");
            endClean();
            restart();
        } else if (dice < 18) {
            note("the process is killed");
            endLife();
            disk.killProcess();
            partitions.forEach(SimulatedLog::onLifeEnded);
            start();
        } else if (dice < 28) {
            losePower();
            start();
        } else if (dice < 40) {
            armPower();
        } else if (dice < 200) {
            life().work(random.nextInt(10));
        } else if (dice < 220) {
            life().workAll();
        } else if (dice < 300) {
            passTime();
        } else {
            SimulatedLog partition = partitions.get(random.nextInt(partitions.size()));
            openIfClosed(partition);
            String before = partition.toString();
            String what = "open";
            try {
                what = partition.act(life(), random.nextInt(1000));
            } finally {
                note(what + " " + before + " -> " + partition);
            }
        }
    }

    private void passTime() {
        int[] scales = {100, 10_000, 1_000_000, 10_000_000};
        time.advance(random.nextInt(scales[random.nextInt(scales.length)]));
    }

    private void armPower() {
        if (!isPowerLossDue && !isCalm) {
            isPowerLossDue = true;
            note("power will be lost");
            disk.powerOffAfter(random.nextInt(60), random);
        }
    }

    private void openIfClosed(SimulatedLog partition) throws IOException {
        if (!partition.isOpen()) {
            partition.open(life());
            note("opened " + partition);
        }
    }

    private void endClean() throws IOException {
        LogDirectory ending = life().directory();
        life().finish(ending.close());
        assertThat(ending.isHealthy()).isTrue();
        endLife();
    }

    private void restart() throws IOException {
        partitions.forEach(SimulatedLog::onClosed);
        if (random.nextBoolean()) {
            losePower();
        } else {
            disk.killProcess();
        }
        int before = powerLosses;
        start();
        if (powerLosses == before) {
            assertThat(life().directory().cleanShutdownEpoch()).isPresent();
        }
    }

    private void losePower() {
        note("power is lost");
        powerLosses++;
        isPowerLossDue = false;
        endLife();
        partitions.forEach(SimulatedLog::onPowerLost);
        disk.losePower(random);
    }

    /** Begins the next life, however often the power goes away meanwhile. */
    private void start() throws IOException {
        for (int attempt = 0; attempt < MAX_STARTS; attempt++) {
            if (random.nextInt(6) == 0) {
                armPower();
            }
            try {
                note("start");
                current = Optional.of(new SimulatedLife(data, disk, time, random));
                for (SimulatedLog partition : partitions) {
                    if (random.nextInt(4) > 0) {
                        openIfClosed(partition);
                    }
                }
                if (!disk.isOff()) {
                    return;
                }
            } catch (IOException | LogDirectoryException failure) {
                if (!disk.isOff()) {
                    throw failure;
                }
            }
            losePower();
        }
        throw new AssertionError("the directory cannot be opened");
    }
}
