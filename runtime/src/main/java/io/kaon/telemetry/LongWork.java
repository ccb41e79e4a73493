// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import static io.kaon.common.Checks.require;

import io.kaon.exec.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * The work of one broker that takes long enough to be watched: seeding, export, replay, recovery. Whoever does it begins a
 * {@link Task} and tells how far it is; pages ask {@link #states()}, and the log gets a line every few seconds of what
 * has taken longer than two. Any thread.
 */
public final class LongWork {
    /** How many that have ended are remembered. */
    static final int MAX_ENDED = 100;
    /** What is done before that long leaves no line in the log. */
    static final long QUIET_NS = TimeUnit.SECONDS.toNanos(2);

    private static final long LINE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int PERCENT = 100;
    private static final Logger LOG = Logger.getLogger(LongWork.class);

    private final Clock clock;
    private final AtomicLong nextId = new AtomicLong(1);
    private final ConcurrentNavigableMap<Long, Task> tasks = new ConcurrentSkipListMap<>();

    public LongWork(Clock clock) {
        this.clock = clock;
    }

    /**
     * How much there is to do.
     *
     * @param unit what is counted: {@code records}, {@code partitions}, {@code bytes}
     * @param total how many of it, empty while nobody knows
     */
    public record Amount(String unit, OptionalLong total) {
        public static Amount of(String unit, long total) {
            return new Amount(unit, OptionalLong.of(total));
        }

        /** Of what has no known end. */
        public static Amount unknown(String unit) {
            return new Amount(unit, OptionalLong.empty());
        }
    }

    /** Where a work is. */
    public enum Phase {
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * A work at one moment.
     *
     * @param id counts from 1 in this life of the broker
     * @param kind {@code seeding}, {@code export}, {@code replay}, {@code recovery}
     * @param subject what it is done to, such as {@code topic orders}
     * @param done how much, in the unit of the amount
     * @param failure why it failed, for people
     */
    public record State(
            long id,
            String kind,
            String subject,
            Amount amount,
            long done,
            Phase phase,
            Instant started,
            Optional<Instant> ended,
            Optional<String> failure) {}

    /** Begins a work. It stands in the list until one of {@link Task#end} and {@link Task#fail} is called. */
    public Task begin(String kind, String subject, Amount amount) {
        require(!kind.isEmpty(), "the kind of a work has a name");
        Task task = new Task(kind, subject, amount);
        tasks.put(task.id, task);
        return task;
    }

    /** What runs, and then what has ended lately; each the newest first. */
    public List<State> states() {
        List<State> states = new ArrayList<>();
        List<State> over = new ArrayList<>();
        for (Task task : tasks.descendingMap().values()) {
            State state = task.state();
            (state.phase() == Phase.RUNNING ? states : over).add(state);
        }
        states.addAll(over);
        return states;
    }

    private void forgetOld() {
        List<Task> over = tasks.descendingMap().values().stream()
                .filter(Task::isOver)
                .skip(MAX_ENDED)
                .toList();
        over.forEach(task -> tasks.remove(task.id));
    }

    /** How a work ended. */
    private record End(Phase phase, Instant at, Optional<String> failure) {}

    /** One work. {@link #progress} is for whoever does it, one thread at a time; the rest for any thread. */
    public final class Task {
        private final long id = nextId.getAndIncrement();
        private final String kind;
        private final String subject;
        private final Instant started = Instant.ofEpochMilli(clock.wallMs());
        private final long startedNs = clock.nanos();
        private volatile Amount amount;
        private volatile long done;
        private final AtomicReference<End> end = new AtomicReference<>();
        private long nextLineNs = startedNs + QUIET_NS;

        private Task(String kind, String subject, Amount amount) {
            this.kind = kind;
            this.subject = subject;
            this.amount = amount;
        }

        public long id() {
            return id;
        }

        /** How much is to be done turned out later. */
        public void expect(long total) {
            amount = Amount.of(amount.unit(), total);
        }

        /** @param count how much is done now, since the beginning */
        public void progress(long count) {
            done = count;
            long nowNs = clock.nanos();
            if (nowNs - nextLineNs >= 0) {
                nextLineNs = nowNs + LINE_NS;
                LOG.infof("%s: %s so far, after %d s", name(), amountDone(), seconds(nowNs));
            }
        }

        /** It came to its end. What is called after the first end or failure does nothing. */
        public void end() {
            if (finish(Phase.DONE, Optional.empty())) {
                long nowNs = clock.nanos();
                if (nowNs - startedNs >= QUIET_NS) {
                    LOG.infof("%s: done, %s in %d s", name(), amountDone(), seconds(nowNs));
                }
            }
        }

        /** @param reason for people; without contents of records */
        public void fail(String reason) {
            if (finish(Phase.FAILED, Optional.of(reason))) {
                LOG.warnf("%s: ended after %s: %s", name(), amountDone(), reason);
            }
        }

        private boolean finish(Phase phase, Optional<String> failure) {
            boolean isFirst = end.compareAndSet(null, new End(phase, Instant.ofEpochMilli(clock.wallMs()), failure));
            if (isFirst) {
                forgetOld();
            }
            return isFirst;
        }

        private boolean isOver() {
            return end.get() != null;
        }

        private State state() {
            Optional<End> over = Optional.ofNullable(end.get());
            return new State(
                    id,
                    kind,
                    subject,
                    amount,
                    done,
                    over.map(End::phase).orElse(Phase.RUNNING),
                    started,
                    over.map(End::at),
                    over.flatMap(End::failure));
        }

        private String name() {
            return kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) + " of the " + subject;
        }

        /** {@code 1,000 of 4,000 records (25 %)}. */
        private String amountDone() {
            Amount now = amount;
            if (now.total().isEmpty() || now.total().getAsLong() <= 0) {
                return String.format(Locale.ROOT, "%,d %s", done, now.unit());
            }
            long total = now.total().getAsLong();
            return String.format(
                    Locale.ROOT,
                    "%,d of %,d %s (%d %%)",
                    done,
                    total,
                    now.unit(),
                    Math.min(PERCENT, done * PERCENT / total));
        }

        private long seconds(long nowNs) {
            return TimeUnit.NANOSECONDS.toSeconds(nowNs - startedNs);
        }
    }
}
