// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/** The topics of a run and the threads that use them. */
final class StressLoad {
    private static final String KEPT = "kept";
    private static final String SEGMENTED = "segmented";
    private static final String TRIMMED = "trimmed";
    private static final String WIDE = "wide";
    private static final int PARTITIONS = 2;
    private static final int WIDE_PARTITIONS = 150;
    private static final int SENDERS = 3;
    private static final int REMAKERS = 3;
    private static final long END_LIMIT_MS = TimeUnit.SECONDS.toMillis(150);

    private final StressRun run;
    private final List<Thread> threads = new ArrayList<>();

    StressLoad(StressRun run) {
        this.run = run;
    }

    StressRun run() {
        return run;
    }

    static boolean hasRetention(TopicPartition partition) {
        return TRIMMED.equals(partition.topic());
    }

    void start() throws InterruptedException, ExecutionException {
        createTopics();
        new NumberedSender(run, 0, partitions(WIDE, WIDE_PARTITIONS)).sendToEach();
        List<TopicPartition> whole = Stream.of(KEPT, SEGMENTED)
                .flatMap(topic -> partitions(topic, PARTITIONS).stream())
                .toList();
        List<TopicPartition> trimmed = partitions(TRIMMED, PARTITIONS);
        List<TopicPartition> all =
                Stream.concat(whole.stream(), trimmed.stream()).toList();
        for (int producer = 1; producer <= SENDERS; producer++) {
            begin(new NumberedSender(run, producer, all));
        }
        begin(new FollowingReader(run, whole));
        begin(new FollowingReader(run, trimmed));
        begin(new CommittingReader(run, KEPT));
        for (int n = 1; n <= REMAKERS; n++) {
            begin(new TopicRemaker(run, "remade-" + n));
        }
    }

    void stop() throws InterruptedException {
        run.end();
        long deadlineMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) + END_LIMIT_MS;
        for (Thread thread : threads) {
            thread.join(Math.max(1, deadlineMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
            if (thread.isAlive()) {
                run.found("%s does not end: %s", thread.getName(), List.of(thread.getStackTrace()));
            }
        }
    }

    void check() {
        new LogCheck(run).check();
    }

    private void createTopics() throws InterruptedException, ExecutionException {
        NewTopic kept =
                topic(KEPT, PARTITIONS).configs(Map.of("segment.bytes", "1048576", "index.interval.bytes", "1024"));
        NewTopic trimmed = topic(TRIMMED, PARTITIONS)
                .configs(Map.of(
                        "segment.bytes", "1048576", "retention.bytes", "3000000", "file.delete.delay.ms", "300"));
        NewTopic segmented = topic(SEGMENTED, PARTITIONS).configs(Map.of("segment.bytes", "1048576"));
        try (Admin admin = run.clients().admin()) {
            admin.createTopics(List.of(kept, trimmed, segmented, topic(WIDE, WIDE_PARTITIONS)))
                    .all()
                    .get();
        }
    }

    private void begin(Runnable program) {
        String name = program.getClass().getSimpleName();
        Thread thread = new Thread(program, name);
        thread.setUncaughtExceptionHandler((ended, failure) -> run.found("%s failed: %s", name, failure));
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> new TopicPartition(topic, n))
                .toList();
    }
}
