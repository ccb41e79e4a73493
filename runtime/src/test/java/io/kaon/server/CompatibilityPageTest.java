// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.ProtocolTable;
import io.kaon.wire.message.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/compatibility.md} to the table of apis and to the clients that the end-to-end tests fetch.
 * {@code -Dkaon.docs.write=true} writes the page anew.
 */
class CompatibilityPageTest {
    private static final String HEAD =
            """
            # Compatibility

            Generated from the table of apis and from what the end-to-end tests fetch; a test holds this page to them.

            ## Clients

            Each of these talks to the packaged server in every build, as a process of its own:

            | client | versions | what it does in the tests |
            | --- | --- | --- |
            """;
    private static final String APIS =
            """

            Others of the same age and protocol should work as well; when one does not, the [request log](operations.md#request-log) shows what it
            asked and what it got.

            ## What is served

            ApiVersions tells clients these apis and versions, and each of them is served entirely. Frames of other versions are answered with
            UNSUPPORTED_VERSION in a form that the client can read. Versions in brackets: with `kaon.legacy.protocol=false`, which gives
            up what Kafka 4 has given up.

            | for | apis |
            | --- | --- |
            """;
    private static final String NOT_SERVED =
            """

            ## What is not served

            | for | apis | what a client sees |
            | --- | --- | --- |
            """;
    private static final String TAIL =
            """

            Two-phase commit (InitProducerId 6, KIP-939) is not served either. Where Kaon deliberately answers otherwise than Kafka, it stands
            in the [decisions](decisions), above all in [groups and transactions](decisions/0014-groups-and-transactions.md).
            """;

    private static final Map<String, Set<ApiKey>> SERVED = served();
    private static final List<Absent> ABSENT = List.of(
            new Absent(
                    "authentication and tokens",
                    "SASL clients cannot connect: use PLAINTEXT",
                    EnumSet.of(
                            ApiKey.SASL_HANDSHAKE,
                            ApiKey.SASL_AUTHENTICATE,
                            ApiKey.CREATE_DELEGATION_TOKEN,
                            ApiKey.RENEW_DELEGATION_TOKEN,
                            ApiKey.EXPIRE_DELEGATION_TOKEN,
                            ApiKey.DESCRIBE_DELEGATION_TOKEN,
                            ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                            ApiKey.ALTER_USER_SCRAM_CREDENTIALS)),
            new Absent(
                    "access control lists",
                    "DescribeAcls is answered with SECURITY_DISABLED, changes are refused",
                    EnumSet.of(ApiKey.CREATE_ACLS, ApiKey.DELETE_ACLS)),
            new Absent(
                    "several brokers",
                    "tools for reassignment, election and quorum are refused",
                    EnumSet.of(
                            ApiKey.ALTER_REPLICA_LOG_DIRS,
                            ApiKey.ELECT_LEADERS,
                            ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                            ApiKey.LIST_PARTITION_REASSIGNMENTS,
                            ApiKey.DESCRIBE_QUORUM)),
            new Absent(
                    "quotas",
                    "no client is slowed down",
                    EnumSet.of(ApiKey.DESCRIBE_CLIENT_QUOTAS, ApiKey.ALTER_CLIENT_QUOTAS)),
            new Absent(
                    "metrics that clients push (KIP-714)",
                    "clients see that it is not offered and go on",
                    EnumSet.of(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY)),
            new Absent(
                    "share groups (KIP-932)",
                    "`KafkaShareConsumer` fails",
                    EnumSet.of(
                            ApiKey.SHARE_GROUP_HEARTBEAT,
                            ApiKey.SHARE_GROUP_DESCRIBE,
                            ApiKey.SHARE_FETCH,
                            ApiKey.SHARE_ACKNOWLEDGE,
                            ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                            ApiKey.ALTER_SHARE_GROUP_OFFSETS,
                            ApiKey.DELETE_SHARE_GROUP_OFFSETS)),
            new Absent(
                    "the Streams protocol (KIP-1071)",
                    "Streams works with `group.protocol=classic`, its default",
                    EnumSet.of(
                            ApiKey.STREAMS_GROUP_HEARTBEAT,
                            ApiKey.STREAMS_GROUP_DESCRIBE,
                            ApiKey.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE)));

    private final Path docs = Path.of(System.getProperty("kaon.docs.dir"));

    private record Absent(String purpose, String effect, Set<ApiKey> apis) {}

    @Test
    void shouldBeDocumentedAsItIs() throws IOException {
        // Given
        Path page = docs.resolve("compatibility.md");
        String expected = HEAD + clients() + APIS + apis() + NOT_SERVED + absent() + TAIL;
        if (Boolean.getBoolean("kaon.docs.write")) {
            Files.writeString(page, expected);
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void shouldSayOfEachApiWhetherItIsServedAndWhatFor() {
        // Given
        Set<ApiKey> served = SERVED.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        Set<ApiKey> absent = ABSENT.stream().flatMap(row -> row.apis().stream()).collect(Collectors.toSet());

        // Then
        assertThat(served)
                .containsExactlyInAnyOrderElementsOf(ApiTable.standard().all().stream()
                        .map(ApiTable.Api::key)
                        .toList());
        assertThat(absent).containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.copyOf(served)));
    }

    private String clients() throws IOException {
        Path tests = docs.resolveSibling("src/test");
        String tools = Files.readString(tests.resolve("kafka-tools/pom.xml"));
        String packages = Files.readString(tests.resolve("clients/package.json"));
        List<String> old = all(tools, "<id>kafka-clients-(\\d[\\d.]*)</id>");
        String today = one(tools, "<kafka.old.version>(.*?)<") + ", " + one(tools, "<kafka.new.version>(.*?)<");
        String kit = one(tools, "<kafka.tools.version>(.*?)<");
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put(
                "kafka-clients (Java)",
                today + " | all codecs, idempotence, groups of both protocols, transactions, crashes");
        rows.put(
                "kafka-clients of long ago",
                String.join(", ", old) + " | old message formats, groups, and from 0.11 on transactions");
        rows.put("Kafka Streams", kit + " | a word count with `exactly_once_v2`, killed twice");
        rows.put(
                "Kafka's command-line tools", kit + " | see [operations](operations.md#kafkas-own-command-line-tools)");
        rows.put(
                "librdkafka (kcat, confluent-kafka)",
                "of the distribution, 2.0 in Debian 12 | all codecs, groups, transactions");
        rows.put("kafka-python", "of the distribution, 2.0 in Debian 12 | codecs, groups");
        rows.put("kafkajs", one(packages, "\"kafkajs\": \"(.*?)\"") + " | codecs, groups, transactions");
        rows.put("kafka-node", one(packages, "\"kafka-node\": \"(.*?)\"") + " | produce, consume, a group");
        rows.put("no-kafka", one(packages, "\"no-kafka\": \"(.*?)\"") + " | produce, consume, a group");
        return rows.entrySet().stream()
                .map(row -> "| %s | %s |\n".formatted(row.getKey(), row.getValue()))
                .collect(Collectors.joining());
    }

    private static String apis() {
        return SERVED.entrySet().stream()
                .map(row -> "| %s | %s |\n".formatted(row.getKey(), served(row.getValue())))
                .collect(Collectors.joining());
    }

    private static String served(Set<ApiKey> apis) {
        return apis.stream()
                .flatMap(api -> ApiTable.standard().find(api).stream())
                .map(api -> api.key().title() + " " + range(api) + withoutLegacy(api))
                .collect(Collectors.joining(", "));
    }

    private static String withoutLegacy(ApiTable.Api api) {
        ApiTable.Api left =
                ApiTable.standard().withoutLegacyProtocol().find(api.key()).orElseThrow();
        return left.equals(api) ? "" : " (" + range(left) + ")";
    }

    private static String range(ApiTable.Api api) {
        return ProtocolTable.range(api.oldestVersion(), api.newestVersion());
    }

    private static String absent() {
        return ABSENT.stream()
                .map(row -> "| %s | %s | %s |\n"
                        .formatted(
                                row.purpose(),
                                row.apis().stream().map(ApiKey::title).collect(Collectors.joining(", ")),
                                row.effect()))
                .collect(Collectors.joining());
    }

    private static Map<String, Set<ApiKey>> served() {
        Map<String, Set<ApiKey>> served = new LinkedHashMap<>();
        served.put(
                "finding the way",
                EnumSet.of(
                        ApiKey.API_VERSIONS,
                        ApiKey.METADATA,
                        ApiKey.DESCRIBE_CLUSTER,
                        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                        ApiKey.FIND_COORDINATOR));
        served.put(
                "records",
                EnumSet.of(
                        ApiKey.PRODUCE,
                        ApiKey.FETCH,
                        ApiKey.LIST_OFFSETS,
                        ApiKey.OFFSET_FOR_LEADER_EPOCH,
                        ApiKey.DELETE_RECORDS,
                        ApiKey.DESCRIBE_PRODUCERS));
        served.put(
                "groups",
                EnumSet.of(
                        ApiKey.JOIN_GROUP,
                        ApiKey.SYNC_GROUP,
                        ApiKey.HEARTBEAT,
                        ApiKey.LEAVE_GROUP,
                        ApiKey.CONSUMER_GROUP_HEARTBEAT,
                        ApiKey.CONSUMER_GROUP_DESCRIBE,
                        ApiKey.OFFSET_COMMIT,
                        ApiKey.OFFSET_FETCH,
                        ApiKey.OFFSET_DELETE,
                        ApiKey.DESCRIBE_GROUPS,
                        ApiKey.LIST_GROUPS,
                        ApiKey.DELETE_GROUPS));
        served.put(
                "transactions",
                EnumSet.of(
                        ApiKey.INIT_PRODUCER_ID,
                        ApiKey.ADD_PARTITIONS_TO_TXN,
                        ApiKey.ADD_OFFSETS_TO_TXN,
                        ApiKey.END_TXN,
                        ApiKey.TXN_OFFSET_COMMIT,
                        ApiKey.WRITE_TXN_MARKERS,
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        ApiKey.LIST_TRANSACTIONS));
        served.put(
                "administration",
                EnumSet.of(
                        ApiKey.CREATE_TOPICS,
                        ApiKey.DELETE_TOPICS,
                        ApiKey.CREATE_PARTITIONS,
                        ApiKey.DESCRIBE_CONFIGS,
                        ApiKey.ALTER_CONFIGS,
                        ApiKey.INCREMENTAL_ALTER_CONFIGS,
                        ApiKey.LIST_CONFIG_RESOURCES,
                        ApiKey.DESCRIBE_LOG_DIRS,
                        ApiKey.DESCRIBE_ACLS,
                        ApiKey.UPDATE_FEATURES));
        return served;
    }

    private static String one(String text, String pattern) {
        return all(text, pattern).get(0);
    }

    private static List<String> all(String text, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
