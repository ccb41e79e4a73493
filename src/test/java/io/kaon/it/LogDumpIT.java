// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.it.client.KeyedProducer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own tool reads every file of logs that the packaged server has rolled, cut by retention and compacted. */
class LogDumpIT {
    private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    private static final String DUMP_LOG = "org.apache.kafka.tools.DumpLogSegments";
    private static final String RECORDS = "40000";
    private static final int RECORD_BYTES = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Pattern COMPACTED_TO = Pattern.compile("(?m)^dump-compact 0 (\\d+)$");
    private static final Pattern RECORD = Pattern.compile("(?m)^\\| offset: ");

    @TempDir
    Path data;

    @Test
    void shouldWriteLogsThatKafkaReadsWithoutComplaint() throws IOException {
        // Given
        try (ServerProcess server = ServerProcess.start(
                data,
                "quarkus.kaon.broker.config.\"log.cleaner.backoff.ms\"=100",
                "quarkus.kaon.broker.config.\"log.retention.check.interval.ms\"=200")) {
            create(server, "dump-delete", "cleanup.policy=delete", "retention.bytes=4000000");
            create(server, "dump-compact", "cleanup.policy=compact", "min.cleanable.dirty.ratio=0.01");
            create(server, "dump-both", "cleanup.policy=compact,delete", "delete.retention.ms=0");
            fill(server, "dump-delete", "none", "1000000");
            fill(server, "dump-compact", "lz4", "700");
            fill(server, "dump-compact", "none", "900");
            fill(server, "dump-both", "zstd", "500");
            await("retention", () -> newestBase("dump-delete") > 0 && oldestBase("dump-delete") > 0);
            await("compaction", () -> compactedTo() == newestBase("dump-compact"));
        }

        // When
        List<Path> files = files("log", "index", "timeindex", "txnindex", "snapshot");
        String dumped = dump(files, "--deep-iteration");
        String sane = dump(files("index", "timeindex"), "--index-sanity-check");
        String verified = dump(files("index", "timeindex"), "--verify-index-only");

        // Then
        assertThat(files).hasSizeGreaterThan(20);
        shouldHaveNoComplaint(dumped);
        shouldHaveNoComplaint(sane);
        shouldHaveNoComplaint(verified);
        String compacted = dump(
                files("log").stream()
                        .filter(file -> file.toString().contains("dump-compact-0"))
                        .toList(),
                "--deep-iteration");
        assertThat(RECORD.matcher(compacted).results().count())
                .as("records that compaction has left")
                .isBetween(900L, 2L * Integer.parseInt(RECORDS) - 1_000);
    }

    private static void shouldHaveNoComplaint(String output) {
        assertThat(output.lines().filter(LogDumpIT::isComplaint).toList()).isEmpty();
    }

    private static boolean isComplaint(String line) {
        return line.toLowerCase(Locale.ROOT).contains("mismatch")
                || line.contains("Exception")
                || line.contains("Found ")
                || line.contains("corrupt")
                || line.contains("isvalid: false");
    }

    private static void create(ServerProcess server, String topic, String... settings) {
        List<String> words = new ArrayList<>(List.of(
                "--bootstrap-server",
                server.bootstrap(),
                "--create",
                "--topic",
                topic,
                "--config",
                "segment.bytes=1048576",
                "--config",
                "file.delete.delay.ms=0"));
        for (String setting : settings) {
            words.addAll(List.of("--config", setting));
        }
        Strangers.tool(TOPICS, words.toArray(String[]::new)).succeeded();
    }

    private static void fill(ServerProcess server, String topic, String codec, String keys) {
        String sent = Strangers.client(
                        "new",
                        KeyedProducer.class,
                        server.bootstrap(),
                        topic,
                        RECORDS,
                        keys,
                        String.valueOf(RECORD_BYTES),
                        codec)
                .succeeded();
        assertThat(sent).contains("sent " + RECORDS);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    private long compactedTo() throws IOException {
        Path checkpoint = data.resolve("cleaner-offset-checkpoint");
        if (!Files.exists(checkpoint)) {
            return -1;
        }
        Matcher line = COMPACTED_TO.matcher(Files.readString(checkpoint));
        return line.find() ? Long.parseLong(line.group(1)) : -1;
    }

    private long oldestBase(String topic) throws IOException {
        return bases(topic).min(Long::compare).orElse(0L);
    }

    private long newestBase(String topic) throws IOException {
        return bases(topic).max(Long::compare).orElse(0L);
    }

    private Stream<Long> bases(String topic) throws IOException {
        return filesIn(data.resolve(topic + "-0"), "log").stream()
                .map(file -> Long.parseLong(file.getFileName().toString().replace(".log", "")));
    }

    /** Of all partitions, also of internal topics. */
    private List<Path> files(String... suffixes) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(data, "*-[0-9]*")) {
            for (Path folder : folders) {
                files.addAll(filesIn(folder, suffixes));
            }
        }
        return files;
    }

    private static List<Path> filesIn(Path folder, String... suffixes) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(folder, "*.{" + String.join(",", suffixes) + "}")) {
            entries.forEach(files::add);
        }
        return files;
    }

    private static String dump(List<Path> files, String option) {
        String names = files.stream().sorted().map(Path::toString).collect(Collectors.joining(","));
        return Strangers.tool(DUMP_LOG, option, "--files", names).succeeded();
    }
}
