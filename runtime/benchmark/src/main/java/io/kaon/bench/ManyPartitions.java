// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.DataDirectory;
import io.kaon.network.InJvmCaller;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@code ManyPartitions [TOPICS [PARTITIONS_OF_EACH]]}: creates topics with a record in each partition, then starts brokers
 * in Java processes of their own: on an empty directory, after a clean stop, and after a kill. Tells when each is ready, in
 * ms since its process began, how long the first produce and one to each partition take, and how many files of partitions
 * are open (Linux).
 */
public final class ManyPartitions {
    private static final int STARTS = 3;
    private static final int TOPICS_PER_REQUEST = 100;
    private static final int TIMEOUT_MS = 60_000;
    private static final short PRODUCE = 9;
    private static final short LEADER = 1;
    private static final int BATCH_BYTES = 256;

    private final Path directory;
    private final int topics;
    private final int partitions;

    private ManyPartitions(Path directory, int topics, int partitions) {
        this.directory = directory;
        this.topics = topics;
        this.partitions = partitions;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 2) {
            ManyPartitions child =
                    new ManyPartitions(Path.of(arguments[3]), number(arguments[1]), number(arguments[2]));
            child.live(arguments[0]);
            return;
        }
        int topics = arguments.length > 0 ? number(arguments[0]) : 1000;
        int partitions = arguments.length > 1 ? number(arguments[1]) : 10;
        try (Scratch scratch = Scratch.make()) {
            new ManyPartitions(scratch.path().resolve("data"), topics, partitions).measure();
        }
    }

    private static int number(String argument) {
        return Integer.parseInt(argument);
    }

    private void measure() throws IOException, InterruptedException {
        for (int start = 0; start < STARTS; start++) {
            System.out.print("empty:      ");
            new ManyPartitions(directory.resolveSibling("empty-" + start), 0, 0).inNewProcess("start");
        }
        inNewProcess("fill");
        for (int start = 0; start < STARTS; start++) {
            System.out.print("clean:      ");
            inNewProcess("start");
        }
        inNewProcess("write and die");
        System.out.print("after kill: ");
        inNewProcess("start");
    }

    private void inNewProcess(String what) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file", ""),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyPartitions.class.getName(),
                        what,
                        Integer.toString(topics),
                        Integer.toString(partitions),
                        directory.toString())
                .inheritIO()
                .start();
        process.waitFor();
    }

    private void live(String what) throws IOException {
        Broker broker = Broker.start(BrokerOptions.embedded().withData(DataDirectory.at(directory)));
        InJvmCaller caller = broker.connect("bench");
        if (what.equals("fill")) {
            createTopics(caller);
            produceToAll(caller);
        } else if (what.equals("write and die")) {
            produceToAll(caller);
            Runtime.getRuntime().halt(1);
        } else {
            start(caller);
        }
        long startNs = System.nanoTime();
        broker.close();
        System.out.printf(Locale.ROOT, "%s stopped in %d ms%n", what.equals("fill") ? "filled, and" : ",", ms(startNs));
    }

    private void start(InJvmCaller caller) throws IOException {
        BenchLog.join(caller.call(
                new ApiVersionsRequest().setClientSoftwareName("bench").setClientSoftwareVersion("1")));
        long began = ProcessHandle.current()
                .info()
                .startInstant()
                .map(instant -> instant.toEpochMilli())
                .orElse(0L);
        System.out.printf(Locale.ROOT, "ready after %d ms, %d files", System.currentTimeMillis() - began, openFiles());
        if (topics > 0) {
            long startNs = System.nanoTime();
            produce(caller, "topic-0");
            System.out.printf(Locale.ROOT, ", first produce %d ms", ms(startNs));
            startNs = System.nanoTime();
            produceToAll(caller);
            System.out.printf(Locale.ROOT, ", to all %d ms, then %d files", ms(startNs), openFiles());
        }
    }

    private void createTopics(InJvmCaller caller) {
        for (int from = 0; from < topics; from += TOPICS_PER_REQUEST) {
            CreateTopicsRequest request = new CreateTopicsRequest().setTimeoutMs(TIMEOUT_MS);
            for (int topic = from; topic < Math.min(topics, from + TOPICS_PER_REQUEST); topic++) {
                request.topics()
                        .add(new CreateTopicsRequest.CreatableTopic()
                                .setName("topic-" + topic)
                                .setNumPartitions(partitions)
                                .setReplicationFactor((short) -1));
            }
            CreateTopicsResponse answer = (CreateTopicsResponse) BenchLog.join(caller.call(request));
            answer.topics().forEach(topic -> check(topic.errorCode()));
        }
    }

    private void produceToAll(InJvmCaller caller) {
        for (int topic = 0; topic < topics; topic++) {
            produce(caller, "topic-" + topic);
        }
    }

    private void produce(InJvmCaller caller, String topic) {
        List<ProduceRequest.PartitionProduceData> batches = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            batches.add(new ProduceRequest.PartitionProduceData()
                    .setIndex(partition)
                    .setRecords(new BufferRecords(Batches.ofSize(BATCH_BYTES))));
        }
        ApiMessage answer = BenchLog.join(caller.call(
                new ProduceRequest()
                        .setAcks(LEADER)
                        .setTimeoutMs(TIMEOUT_MS)
                        .setTopicData(List.of(new ProduceRequest.TopicProduceData()
                                .setName(topic)
                                .setPartitionData(batches))),
                PRODUCE));
        ((ProduceResponse) answer).responses().forEach(each -> each.partitionResponses()
                .forEach(partition -> check(partition.errorCode())));
    }

    private static void check(short error) {
        if (error != 0) {
            throw new IllegalStateException("answered with error " + error);
        }
    }

    private static long ms(long sinceNs) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNs);
    }

    /** Open files below folders of partitions; 0 where the system does not tell. */
    private long openFiles() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        long count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(own)) {
            for (Path file : files) {
                count += isOfPartition(file) ? 1 : 0;
            }
        }
        return count;
    }

    private boolean isOfPartition(Path file) {
        try {
            Path target = Files.readSymbolicLink(file);
            return target.startsWith(directory)
                    && target.getParent().getFileName().toString().startsWith("topic-");
        } catch (NoSuchFileException closed) {
            return false;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
