// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own tools for groups, transactions and features against the packaged server. */
class GroupToolsIT {
    private static final String FORMATTER = " --formatter org.apache.kafka.tools.consumer.";

    @TempDir
    static Path data;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(
                data,
                "quarkus.kaon.broker.config.\"group.initial.rebalance.delay.ms\"=0",
                // Of our time only to let a client of long ago leave a transaction behind.
                "quarkus.kaon.broker.config.\"transaction.partition.verification.enable\"=false");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldShowGroupsOfBothProtocols() {
        // When
        List<Command> seen = tools(
                "kafka-topics --create --topic shown --partitions 3",
                "member classics classic shown",
                "member moderns consumer shown",
                "kafka-consumer-groups --list --state",
                "kafka-consumer-groups --list --type consumer",
                "kafka-groups --list --group-type classic",
                "kafka-consumer-groups --describe --group classics --state",
                "kafka-consumer-groups --describe --group moderns --state --verbose",
                "kafka-consumer-groups --describe --group classics --members --verbose",
                "kafka-consumer-groups --describe --group moderns --members --verbose",
                "kafka-consumer-groups --describe --group classics --group moderns --offsets --verbose",
                "kafka-consumer-groups --delete --group classics --group moderns",
                "kafka-consumer-groups --delete-offsets --group moderns --topic shown",
                "kafka-consumer-groups --describe --group nobody");

        // Then
        assertThat(printed(seen, 3)).containsPattern("classics\\s+Stable").containsPattern("moderns\\s+Stable");
        assertThat(printed(seen, 4)).contains("moderns").doesNotContain("classics");
        assertThat(printed(seen, 5))
                .containsPattern("classics\\s+Classic\\s+consumer")
                .doesNotContain("moderns");
        assertThat(printed(seen, 6)).containsPattern("classics\\s+localhost:\\d+\\s+\\(0\\)\\s+range\\s+Stable\\s+1");
        assertThat(printed(seen, 7))
                .containsPattern("moderns\\s+localhost:\\d+\\s+\\(0\\)\\s+uniform\\s+Stable\\s+\\d+\\s+\\d+\\s+1");
        assertThat(printed(seen, 8)).containsPattern("classics\\s+member-\\S+\\s+/127.0.0.1\\s+member\\s+3\\s+");
        assertThat(printed(seen, 9)).containsPattern("moderns\\s+\\S+\\s+/127.0.0.1\\s+member\\s+3\\s+");
        assertThat(printed(seen, 8) + printed(seen, 9)).contains("shown:0,1,2");
        assertThat(printed(seen, 10))
                .containsPattern("classics\\s+shown\\s+2\\s+\\S+\\s+0\\s+0\\s+0\\s+member-\\S+\\s+/127.0.0.1\\s+member")
                .containsPattern("moderns\\s+shown\\s+2\\s+\\S+\\s+0\\s+0\\s+0\\s+\\S+\\s+/127.0.0.1\\s+member");
        assertThat(printed(seen, 11)).containsPattern("'classics'.*GroupNotEmptyException");
        assertThat(printed(seen, 11)).containsPattern("'moderns'.*GroupNotEmptyException");
        assertThat(printed(seen, 12)).contains("GroupSubscribedToTopicException");
        assertThat(printed(seen, 13)).contains("GroupIdNotFoundException");
    }

    @Test
    void shouldResetOffsetsInAllWays() throws IOException {
        // Given
        String scope = "kafka-consumer-groups --group reset --topic reset --reset-offsets ";
        tools("kafka-topics --create --topic reset --partitions 2");
        Strangers.toolWithInput(
                        IntStream.range(0, 20).mapToObj(n -> n + "\n").collect(Collectors.joining()),
                        "org.apache.kafka.tools.ConsoleProducer",
                        "--bootstrap-server",
                        server.bootstrap(),
                        "--topic",
                        "reset",
                        "--reader-property",
                        "parse.key=false",
                        "--command-property",
                        "partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner")
                .succeeded();
        Path file = Files.writeString(data.resolve("reset.csv"), "reset,0,3\nreset,1,4\n");

        // When
        List<Command> seen = tools(
                scope + "--to-offset 5 --execute",
                scope + "--to-latest --dry-run",
                scope + "--shift-by 2 --execute",
                scope + "--shift-by 2 --export --dry-run",
                scope + "--to-current --execute",
                scope + "--by-duration PT1H --execute",
                scope + "--to-datetime 2099-01-01T00:00:00.000 --execute",
                scope + "--to-earliest --execute",
                "kafka-consumer-groups --group reset --reset-offsets --execute --from-file " + file,
                "kafka-consumer-groups --describe --group reset",
                "kafka-consumer-groups --delete-offsets --group reset --topic reset:1",
                "kafka-consumer-groups --describe --group reset",
                "kafka-consumer-groups --delete --group reset",
                "kafka-consumer-groups --list");

        // Then
        assertThat(printed(seen, 0)).containsPattern("reset\\s+reset\\s+0\\s+5\\b");
        assertThat(printed(seen, 1)).containsPattern("reset\\s+reset\\s+0\\s+10\\b");
        assertThat(printed(seen, 2)).containsPattern("reset\\s+reset\\s+0\\s+7\\b");
        assertThat(printed(seen, 3)).contains("reset,0,9", "reset,1,9");
        assertThat(printed(seen, 4)).containsPattern("reset\\s+reset\\s+1\\s+7\\b");
        assertThat(printed(seen, 5)).containsPattern("reset\\s+reset\\s+1\\s+0\\b");
        assertThat(printed(seen, 6)).containsPattern("reset\\s+reset\\s+1\\s+10\\b");
        assertThat(printed(seen, 7)).containsPattern("reset\\s+reset\\s+1\\s+0\\b");
        assertThat(printed(seen, 9))
                .containsPattern("reset\\s+reset\\s+0\\s+3\\s+10\\s+7")
                .containsPattern("reset\\s+reset\\s+1\\s+4\\s+10\\s+6");
        assertThat(printed(seen, 10)).containsPattern("reset\\s+1\\s+Successful");
        assertThat(printed(seen, 11))
                .containsPattern("reset\\s+reset\\s+0\\s+3")
                .doesNotContainPattern("reset\\s+1\\s");
        assertThat(printed(seen, 12)).contains("'reset'").contains("successful");
        assertThat(printed(seen, 13)).doesNotContain("reset");
    }

    @Test
    void shouldShowAndEndTransactions() {
        // Given
        tools("kafka-topics --create --topic hanging", "kafka-topics --create --topic opened");
        String[] address = server.bootstrap().split(":");
        assertThat(Strangers.plainPython("hanging_transaction.py", address[0], address[1], "hanging")
                        .succeeded())
                .contains("error 0 offset 0");

        // When
        List<Command> seen = tools(
                "begin opener opened",
                "kafka-transactions list",
                "kafka-transactions describe --transactional-id opener",
                "kafka-transactions describe-producers --topic opened --partition 0",
                "kafka-transactions forceTerminateTransaction --transactionalId opener",
                "kafka-transactions describe --transactional-id opener",
                "kafka-transactions find-hanging --broker-id 0 --max-transaction-timeout 0",
                "kafka-transactions abort --topic hanging --partition 0 --start-offset 0",
                "kafka-transactions find-hanging --broker-id 0 --max-transaction-timeout 0",
                "kafka-transactions describe --transactional-id nobody");

        // Then
        assertThat(printed(seen, 1)).containsPattern("opener\\s+0\\s+\\d+\\s+Ongoing");
        assertThat(printed(seen, 2)).containsPattern("0\\s+opener\\s+\\d+\\s+\\d+\\s+Ongoing\\s+60000\\s.*opened-0");
        assertThat(printed(seen, 3)).containsPattern("\\d+\\s+\\d+\\s+-?\\d+\\s+0\\s+\\d+\\s+0\\s");
        assertThat(printed(seen, 5)).containsPattern("opener\\s+\\d+\\s+\\d+\\s+Empty");
        assertThat(printed(seen, 6)).containsPattern("hanging\\s+0\\s+\\d+\\s+0\\s+-1\\s+0\\s");
        assertThat(printed(seen, 8)).doesNotContain("hanging");
        assertThat(seen.get(9).output()).contains("`nobody` failed because the ID could not be found");
    }

    @Test
    void shouldPrintItsOwnTopicsAndSettings() {
        // When
        List<Command> seen = tools(
                "kafka-topics --create --topic printed",
                "member printers classic printed",
                "member modern-printers consumer printed",
                "begin printer printed",
                read("__consumer_offsets", "OffsetsMessageFormatter"),
                read("__consumer_offsets", "GroupMetadataMessageFormatter"),
                read("__transaction_state", "TransactionLogMessageFormatter"),
                "kafka-features describe",
                "kafka-configs --entity-type groups --entity-name printers --alter --add-config"
                        + " consumer.session.timeout.ms=50000,consumer.heartbeat.interval.ms=6000",
                "kafka-configs --entity-type groups --entity-name printers --describe",
                "kafka-configs --entity-type groups --entity-name printers --alter --add-config"
                        + " consumer.session.timeout.ms=1",
                "kafka-configs --entity-type groups --entity-name printers --alter --delete-config"
                        + " consumer.session.timeout.ms,consumer.heartbeat.interval.ms",
                "kafka-configs --entity-type groups --entity-name printers --describe");

        // Then
        assertThat(printed(seen, 4))
                .containsPattern("\"group\":\"printers\",\"topic\":\"printed\",\"partition\":0.*\"offset\":0")
                .containsPattern("\"group\":\"modern-printers\",\"topic\":\"printed\",\"partition\":0.*\"offset\":0");
        assertThat(printed(seen, 5)).containsPattern("\"group\":\"printers\".*\"protocolType\":\"consumer\"");
        assertThat(printed(seen, 6)).containsPattern("\"transactionalId\":\"printer\".*\"transactionTimeoutMs\":60000");
        assertThat(printed(seen, 7))
                .containsPattern(
                        "group\\.version\\s+SupportedMinVersion: 0\\s+SupportedMaxVersion: 1\\s+FinalizedVersionLevel: 1\\s")
                .containsPattern(
                        "transaction\\.version\\s+SupportedMinVersion: 0\\s+SupportedMaxVersion: 2\\s+FinalizedVersionLevel: 2\\s");
        assertThat(printed(seen, 9))
                .contains("consumer.session.timeout.ms=50000", "consumer.heartbeat.interval.ms=6000")
                .contains("DYNAMIC_GROUP_CONFIG:consumer.session.timeout.ms=50000");
        assertThat(seen.get(10).output()).contains("InvalidConfigurationException");
        assertThat(printed(seen, 12)).doesNotContain("50000");
    }

    private static String read(String topic, String formatter) {
        return "kafka-console-consumer --topic " + topic + " --from-beginning --timeout-ms 5000" + FORMATTER
                + formatter;
    }

    private static List<Command> tools(String... commands) {
        return Strangers.tools(server.bootstrap(), commands);
    }

    private static String printed(List<Command> commands, int index) {
        return commands.get(index).succeeded();
    }
}
