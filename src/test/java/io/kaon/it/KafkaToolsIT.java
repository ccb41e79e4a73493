// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own command-line tools, as processes, against the packaged server. */
class KafkaToolsIT {
    private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";
    private static final String CONSOLE_PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
    private static final String CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    private static final String CONSUMER_GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final String GET_OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
    private static final String DELETE_RECORDS = "org.apache.kafka.tools.DeleteRecordsCommand";
    private static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";
    private static final String API_VERSIONS = "org.apache.kafka.tools.BrokerApiVersionsCommand";
    private static final String PRODUCER_PERFORMANCE = "org.apache.kafka.tools.ProducerPerformance";
    private static final String CONSUMER_PERFORMANCE = "org.apache.kafka.tools.ConsumerPerformance";
    private static final String DUMP_LOG = "org.apache.kafka.tools.DumpLogSegments";

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(data);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldManageTopics() {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-topics", "--partitions", "2", "--config", "retention.ms=3600000");

        // When
        tool(TOPICS, "--alter", "--topic", "tool-topics", "--partitions", "4");

        // Then
        assertThat(tool(TOPICS, "--describe", "--topic", "tool-topics"))
                .contains("PartitionCount: 4", "retention.ms=3600000", "Leader: 0");
        assertThat(tool(TOPICS, "--list")).contains("tool-topics");
        tool(TOPICS, "--delete", "--topic", "tool-topics");
        assertThat(tool(TOPICS, "--list")).doesNotContain("tool-topics");
    }

    @Test
    void shouldAlterAndDescribeConfigs() {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-configs");

        // When
        tool(
                CONFIGS,
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "tool-configs",
                "--add-config",
                "segment.bytes=2097152");

        // Then
        String described =
                tool(CONFIGS, "--describe", "--all", "--entity-type", "topics", "--entity-name", "tool-configs");
        assertThat(described).contains("segment.bytes=2097152", "DYNAMIC_TOPIC_CONFIG", "retention.ms=604800000");
        assertThat(tool(CONFIGS, "--describe", "--all", "--entity-type", "brokers", "--entity-name", "0"))
                .contains("num.partitions=1");
        tool(
                CONFIGS,
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "tool-configs",
                "--delete-config",
                "segment.bytes");
        assertThat(tool(CONFIGS, "--describe", "--entity-type", "topics", "--entity-name", "tool-configs"))
                .doesNotContain("2097152");
    }

    @Test
    void shouldCarryLinesFromConsoleToConsole() {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-console");
        produce("tool-console", "first\nsecond\nthird\n");

        // When
        String read = tool(
                CONSOLE_CONSUMER,
                "--topic",
                "tool-console",
                "--from-beginning",
                "--max-messages",
                "3",
                "--timeout-ms",
                "30000");

        // Then
        assertThat(read.lines()).containsSubsequence("first", "second", "third");
    }

    @Test
    void shouldDescribeAndResetGroups() {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-groups");
        produce("tool-groups", "1\n2\n3\n4\n");
        tool(
                CONSOLE_CONSUMER,
                "--topic",
                "tool-groups",
                "--group",
                "toolers",
                "--from-beginning",
                "--max-messages",
                "4",
                "--timeout-ms",
                "30000");

        // When
        String described = tool(CONSUMER_GROUPS, "--describe", "--group", "toolers");

        // Then
        assertThat(described).containsPattern("toolers\\s+tool-groups\\s+0\\s+4\\s+4\\s+0");
        assertThat(tool(CONSUMER_GROUPS, "--list")).contains("toolers");
        assertThat(tool(CONSUMER_GROUPS, "--describe", "--group", "toolers", "--state"))
                .contains("Empty");
        tool(
                CONSUMER_GROUPS,
                "--group",
                "toolers",
                "--topic",
                "tool-groups",
                "--reset-offsets",
                "--to-offset",
                "1",
                "--execute");
        assertThat(tool(CONSUMER_GROUPS, "--describe", "--group", "toolers"))
                .containsPattern("toolers\\s+tool-groups\\s+0\\s+1\\s+4\\s+3");
        tool(CONSUMER_GROUPS, "--delete", "--group", "toolers");
        assertThat(tool(CONSUMER_GROUPS, "--list")).doesNotContain("toolers");
    }

    @Test
    void shouldNameOffsetsAndDeleteRecords() throws IOException {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-offsets");
        produce("tool-offsets", "1\n2\n3\n");
        Path request = Files.writeString(
                Files.createTempFile("kaon-delete-records", ".json"),
                "{\"partitions\":[{\"topic\":\"tool-offsets\",\"partition\":0,\"offset\":2}],\"version\":1}");

        // When
        tool(DELETE_RECORDS, "--offset-json-file", request.toString());

        // Then
        assertThat(tool(GET_OFFSETS, "--topic", "tool-offsets", "--time", "earliest"))
                .contains("tool-offsets:0:2");
        assertThat(tool(GET_OFFSETS, "--topic", "tool-offsets", "--time", "latest"))
                .contains("tool-offsets:0:3");
        assertThat(tool(GET_OFFSETS, "--topic", "tool-offsets", "--time", "max-timestamp"))
                .contains("tool-offsets:0:");
        assertThat(tool(LOG_DIRS, "--describe", "--topic-list", "tool-offsets")).contains("tool-offsets-0");
    }

    @Test
    void shouldNameItsApiVersions() {
        // When
        String versions = tool(API_VERSIONS);

        // Then
        assertThat(versions)
                .contains("Produce(0): 0 to 13", "Fetch(1): 0 to 18")
                .doesNotContain("Exception");
    }

    @Test
    void shouldServeThePerformanceTools() {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-performance", "--partitions", "3");

        // When
        String sent = tool(
                PRODUCER_PERFORMANCE,
                "--topic",
                "tool-performance",
                "--num-records",
                "50000",
                "--record-size",
                "200",
                "--throughput",
                "-1");
        String read = tool(
                CONSUMER_PERFORMANCE,
                "--topic",
                "tool-performance",
                "--num-records",
                "50000",
                "--timeout",
                "30000",
                "--hide-header");

        // Then
        assertThat(sent).contains("50000 records sent");
        assertThat(read).contains(", 50000,");
    }

    @Test
    void shouldWriteSegmentsThatKafkaDumpsWithoutComplaint() throws IOException {
        // Given
        tool(TOPICS, "--create", "--topic", "tool-dump", "--config", "segment.bytes=1048576");
        tool(
                PRODUCER_PERFORMANCE,
                "--topic",
                "tool-dump",
                "--num-records",
                "30000",
                "--record-size",
                "200",
                "--throughput",
                "-1");

        // When
        List<Path> files = files(data.resolve("tool-dump-0"));

        // Then
        assertThat(files).filteredOn(file -> file.toString().endsWith(".log")).hasSizeGreaterThan(3);
        for (Path file : files) {
            String dumped = Strangers.tool(DUMP_LOG, "--deep-iteration", "--files", file.toString())
                    .succeeded();
            assertThat(dumped).doesNotContainIgnoringCase("mismatch").doesNotContain("Exception", "Found", "corrupt");
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory, "*.{log,index,timeindex,snapshot}")) {
            entries.forEach(files::add);
        }
        return files;
    }

    private static void produce(String topic, String lines) {
        Strangers.toolWithInput(lines, CONSOLE_PRODUCER, "--bootstrap-server", server.bootstrap(), "--topic", topic)
                .succeeded();
    }

    private static String tool(String mainClass, String... arguments) {
        List<String> words = new ArrayList<>(List.of("--bootstrap-server", server.bootstrap()));
        words.addAll(List.of(arguments));
        return Strangers.tool(mainClass, words.toArray(String[]::new)).succeeded();
    }
}
