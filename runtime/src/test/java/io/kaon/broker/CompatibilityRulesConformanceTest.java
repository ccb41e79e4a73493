// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.BufferReader;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.DescribeConfigsResponse;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of {@code compatibility.md} by number, on the wire of a real broker. */
class CompatibilityRulesConformanceTest {
    private static final int UNSUPPORTED = 35;

    private static Broker broker;

    private WireClient client;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded()
                .withConfig(Map.of("group.initial.rebalance.delay.ms", "0", "offsets.topic.num.partitions", "3")));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void connect() {
        client = new WireClient(broker);
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void shouldCreateTheTopicThatMetadataNamesC1C27() {
        assertThat(metadata(false, "c1", 9).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        for (int version = 0; version <= ApiKey.METADATA.latestVersion(); version++) {
            MetadataResponse.MetadataResponseTopic created = metadata(true, "c1-" + version, version);
            assertThat(created.errorCode()).isIn(ErrorCode.NONE.code(), ErrorCode.LEADER_NOT_AVAILABLE.code());
            assertThat(created.topicId().isZero()).isEqualTo(version < 10);
        }
        assertThat(metadata(true, "a b", 9).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void shouldFetchTheWholeBatchForAnOffsetInsideItC2() {
        Uuid id = create("c2");
        ByteBuffer batch = WireRequests.batch(1_000, "a", "b", "c");
        int size = batch.remaining();
        produce(-1, "c2", id, batch, 9);

        FetchResponse.PartitionData last = fetch("c2", id, 2, 12);

        assertThat(last.records().sizeInBytes()).isEqualTo(size);
    }

    @Test
    void shouldFindOffsetsByTimestampC3() {
        Uuid id = create("c3");
        produce(-1, "c3", id, WireRequests.batch(1_000, "a", "b", "c"), 9);
        for (int version = 1; version <= ApiKey.LIST_OFFSETS.latestVersion(); version++) {
            assertThat(offset("c3", -1, version)).isEqualTo(3);
            assertThat(offset("c3", -2, version)).isZero();
            assertThat(offset("c3", 1_001, version)).isEqualTo(1);
            assertThat(offset("c3", 999, version)).isZero();
            assertThat(offset("c3", 5_000, version)).isEqualTo(-1);
            if (version >= 7) {
                assertThat(offset("c3", -3, version)).isEqualTo(2);
            }
        }
        ListOffsetsResponse old = client.call(WireRequests.listOffsets("c3", -1), 0, ListOffsetsResponse.class);
        assertThat(old.topics().get(0).partitions().get(0).errorCode()).isZero();
    }

    @Test
    void shouldSendAbortedTransactionsOnlyToReadCommittedC4() {
        Uuid id = create("c4");
        produce(-1, "c4", id, WireRequests.batch(1_000, "a"), 9);

        FetchResponse answer =
                client.call(WireRequests.fetch("c4", id, 0).setIsolationLevel((byte) 1), 12, FetchResponse.class);

        FetchResponse.PartitionData data =
                answer.responses().get(0).partitions().get(0);
        assertThat(data.abortedTransactions()).isEmpty();
        assertThat(fetch("c4", id, 0, 12).abortedTransactions()).isNull();
    }

    @Test
    void shouldEnforceTheSizeOfABatchC5() {
        Uuid id = create("c5", Map.of("max.message.bytes", "100"));

        ErrorCode error = produce(-1, "c5", id, WireRequests.batch(1_000, "x".repeat(200)), 9);

        assertThat(error).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldKeepCommitMetadataAndRefuseUnknownPartitionsC6() {
        Uuid id = create("c6");
        client.awaitCoordinator("c6");

        assertThat(commit("c6", "c6", id, 0, "rack=ä", 9)).isEqualTo(ErrorCode.NONE);
        assertThat(commit("c6", "c6", id, 7, "", 9)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commit("c6", "none", id, 0, "", 9)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

        OffsetFetchResponse fetched = client.call(WireRequests.fetchOffsets("c6", "c6"), 7, OffsetFetchResponse.class);
        assertThat(fetched.topics().get(0).partitions().get(0).metadata()).isEqualTo("rack=ä");
    }

    @Test
    void shouldMakeAllOfATopicOrNothingC7() {
        for (int version = 2; version <= ApiKey.CREATE_TOPICS.latestVersion(); version++) {
            String name = "c7-" + version;
            assertThat(createError(WireRequests.createTopic(name, 1, Map.of("retention.ms", "x")), version))
                    .isEqualTo(ErrorCode.INVALID_CONFIG);
            assertThat(createError(WireRequests.createTopic(name, 1, Map.of("nonsense", "1")), version))
                    .isEqualTo(ErrorCode.INVALID_CONFIG);
            assertThat(createError(WireRequests.createTopic(name, 0, Map.of()), version))
                    .isEqualTo(ErrorCode.INVALID_PARTITIONS);
            assertThat(createError(WireRequests.createTopic("a/b", 1, Map.of()), version))
                    .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
            assertThat(createError(WireRequests.createTopic(name, 1, Map.of()).setValidateOnly(true), version))
                    .isEqualTo(ErrorCode.NONE);
            CreateTopicsRequest twice = WireRequests.createTopic(name, 1, Map.of());
            twice.topics()
                    .add(WireRequests.createTopic(name, 2, Map.of()).topics().get(0));
            CreateTopicsResponse answer = client.call(twice, version, CreateTopicsResponse.class);
            assertThat(answer.topics()).hasSize(1);
            assertThat(answer.topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
            assertThat(metadata(false, name, 9).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    @Test
    void shouldDescribeEveryConfigWithItsSourceAndTypeC8() {
        create("c8", Map.of("retention.ms", "777"));
        for (int version = 1; version <= ApiKey.DESCRIBE_CONFIGS.latestVersion(); version++) {
            DescribeConfigsResponse answer = client.call(
                    WireRequests.describeConfigs(2, "c8").setIncludeDocumentation(version >= 3),
                    version,
                    DescribeConfigsResponse.class);
            List<DescribeConfigsResponse.DescribeConfigsResourceResult> configs =
                    answer.results().get(0).configs();
            assertThat(configs).hasSizeGreaterThan(30);
            for (DescribeConfigsResponse.DescribeConfigsResourceResult config : configs) {
                assertThat(config.configSource()).isBetween((byte) 1, (byte) 6);
                if (version >= 3) {
                    assertThat(config.configType()).isBetween((byte) 1, (byte) 9);
                    assertThat(config.documentation()).isNotBlank();
                }
            }
        }
    }

    @Test
    void shouldGiveProducerIdsWhateverTheTimeoutC9() {
        InitProducerIdResponse answer = client.call(
                new InitProducerIdRequest().setTransactionalId(null).setTransactionTimeoutMs(Integer.MAX_VALUE),
                4,
                InitProducerIdResponse.class);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.producerId()).isNotNegative();
    }

    @Test
    void shouldLoadACoordinatorSoonC11() {
        client.awaitCoordinator("c11");

        JoinGroupResponse answer = client.call(WireRequests.join("c11", "", null), 3, JoinGroupResponse.class);

        assertThat(answer.errorCode()).isZero();
    }

    @Test
    void shouldSayNothingToAcksZeroAndCloseWhenItFailsC12() {
        Uuid id = create("c12");
        client.send(WireClient.frame(1, WireRequests.produce(0, "c12", id, WireRequests.batch(1_000, "a")), 9));
        assertThat(offset("c12", -1, 5)).isEqualTo(1);

        client.send(WireClient.frame(2, WireRequests.produce(0, "none", id, WireRequests.batch(1_000, "a")), 9));

        assertThat(client.isClosedByBroker()).isTrue();
    }

    @Test
    void shouldAnswerUnknownVersionsOfApiVersionsInVersionZeroC13() {
        for (short version : new short[] {6, 99, Short.MAX_VALUE, -1}) {
            byte[] request = ByteBuffer.allocate(16)
                    .putShort(ApiKey.API_VERSIONS.id())
                    .putShort(version)
                    .putInt(77)
                    .putShort((short) -1)
                    .array();
            client.send(WireClient.framed(request));
            BufferReader answer = new BufferReader(ByteBuffer.wrap(client.readFrame()));
            assertThat(answer.readInt()).isEqualTo(77);
            ApiVersionsResponse listed = new ApiVersionsResponse();
            listed.read(answer, (short) 0);
            assertThat(listed.errorCode()).isEqualTo((short) UNSUPPORTED);
            assertThat(listed.apiKeys()).anyMatch(api -> api.apiKey() == ApiKey.API_VERSIONS.id());
        }
    }

    @Test
    void shouldServeTopicsByIdC14() {
        Uuid id = create("c14");
        client.awaitCoordinator("c14");
        assertThat(produce(-1, "", id, WireRequests.batch(1_000, "a"), 13)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch("", id, 0, 13).errorCode()).isZero();
        assertThat(commit("c14", "", id, 0, "", 10)).isEqualTo(ErrorCode.NONE);
        for (Uuid wrong : List.of(WireRequests.UNKNOWN_ID, Uuid.ZERO)) {
            assertThat(produce(-1, "", wrong, WireRequests.batch(1_000, "a"), 13))
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
            assertThat(fetch("", wrong, 0, 13).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
            assertThat(commit("c14", "", wrong, 0, "", 10)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
            OffsetFetchResponse offsets =
                    client.call(WireRequests.fetchOffsets("c14", wrong), 10, OffsetFetchResponse.class);
            assertThat(offsets.groups()
                            .get(0)
                            .topics()
                            .get(0)
                            .partitions()
                            .get(0)
                            .errorCode())
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        }
    }

    @Test
    void shouldNameRealLeaderEpochsC15() {
        Uuid id = create("c15");
        produce(-1, "c15", id, WireRequests.batch(1_000, "a"), 9);

        ListOffsetsResponse listed = client.call(WireRequests.listOffsets("c15", -1), 7, ListOffsetsResponse.class);

        assertThat(metadata(false, "c15", 12).partitions().get(0).leaderEpoch()).isNotNegative();
        assertThat(listed.topics().get(0).partitions().get(0).leaderEpoch()).isNotNegative();
    }

    @Test
    void shouldFindCoordinatorsAloneAndInBatchesC16() {
        client.awaitCoordinator("c16");
        for (int version = 4; version <= ApiKey.FIND_COORDINATOR.latestVersion(); version++) {
            FindCoordinatorResponse answer = client.call(
                    new FindCoordinatorRequest().setCoordinatorKeys(List.of("a", "b")),
                    version,
                    FindCoordinatorResponse.class);
            assertThat(answer.coordinators()).hasSize(2).allMatch(it -> it.port() == broker.port());
        }
    }

    @Test
    void shouldForgetADeletedTopicC18() {
        Uuid old = create("c18");
        client.awaitCoordinator("c18");
        produce(-1, "c18", old, WireRequests.batch(1_000, "a", "b"), 9);
        commit("c18", "c18", old, 0, "", 9);
        client.call(WireRequests.deleteTopic("c18"), 6, DeleteTopicsResponse.class);
        assertThat(fetch("", old, 0, 13).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());

        Uuid made = create("c18");

        assertThat(made).isNotEqualTo(old);
        assertThat(offset("c18", -1, 5)).isZero();
        assertThat(fetch("", old, 0, 13).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        assertThat(produce(-1, "", old, WireRequests.batch(1_000, "a"), 13)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(client.call(WireRequests.metadata(old), 12, MetadataResponse.class)
                        .topics()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        OffsetFetchResponse offsets =
                client.call(WireRequests.fetchOffsets("c18", "c18"), 7, OffsetFetchResponse.class);
        assertThat(offsets.topics().get(0).partitions().get(0).committedOffset())
                .isEqualTo(-1);
    }

    @Test
    void shouldAdvertiseTheListenerThatWasAskedC21() {
        MetadataResponse answer = client.call(WireRequests.metadata(false), 9, MetadataResponse.class);

        assertThat(answer.brokers()).hasSize(1);
        assertThat(answer.brokers().get(0).port()).isEqualTo(broker.port());
    }

    @Test
    void shouldAppendToListsOnlyC23() {
        create("c23");
        assertThat(alter("c23", "cleanup.policy", 2, "delete")).isEqualTo(ErrorCode.NONE);
        assertThat(alter("c23", "retention.ms", 2, "5")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(alter("c23", "retention.ms", 0, "5")).isEqualTo(ErrorCode.NONE);
        assertThat(alter("c23", "retention.ms", 1, null)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAdvertiseProduceFromZeroC25() {
        ApiVersionsResponse answer = client.call(new ApiVersionsRequest(), 0, ApiVersionsResponse.class);

        assertThat(answer.apiKeys()).anyMatch(api -> api.apiKey() == ApiKey.PRODUCE.id() && api.minVersion() == 0);
    }

    @Test
    void shouldJoinGroupsFromVersionZeroC26() {
        client.awaitCoordinator("c26");
        for (int version = 0; version <= 1; version++) {
            JoinGroupResponse answer =
                    client.call(WireRequests.join("c26-" + version, "", null), version, JoinGroupResponse.class);
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.leader()).isEqualTo(answer.memberId());
        }
    }

    @Test
    void shouldKeepOffsetsOfSimpleConsumersC29() {
        Uuid id = create("c29");
        client.awaitCoordinator("c29");
        for (int version = 0; version <= 1; version++) {
            assertThat(commit("c29", "c29", id, 0, null, version)).isEqualTo(ErrorCode.NONE);
            OffsetFetchResponse fetched =
                    client.call(WireRequests.fetchOffsets("c29", "c29"), version, OffsetFetchResponse.class);
            assertThat(fetched.topics().get(0).partitions().get(0).committedOffset())
                    .isEqualTo(5);
        }
    }

    @Test
    void shouldAnswerAProduceWithoutRecordsC31() {
        Uuid id = create("c31");

        assertThat(produce(-1, "c31", id, null, 9)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void shouldTellCorruptFromInvalidC32() {
        Uuid id = create("c32");
        assertThat(mutated(id, 17, 0x55, false)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(mutated(id, 16, 9, false)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        for (int length : new int[] {0, 1, 5, 48}) {
            assertThat(mutated(id, 11, length, false)).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
        assertThat(mutated(id, 11, 127, false)).isEqualTo(ErrorCode.INVALID_RECORD); // longer than what came
        assertThat(mutated(id, 60, 9, true)).isEqualTo(ErrorCode.INVALID_RECORD); // the count
        assertThat(mutated(id, 64, 8, true)).isEqualTo(ErrorCode.INVALID_RECORD); // an offset delta
        assertThat(mutated(id, 61, 127, true)).isEqualTo(ErrorCode.INVALID_RECORD); // a record's length
        for (int acks : new int[] {-2, 2, Short.MAX_VALUE}) {
            assertThat(produce(acks, "c32", id, WireRequests.batch(1_000, "a"), 9))
                    .isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
        }
        assertThat(offset("c32", -1, 5)).isZero();
    }

    @Test
    void shouldKeepTheOrderOfAProducerThatIsNewToAPartitionC33() {
        Uuid id = create("c33");
        assertThat(produce(-1, "c33", id, WireRequests.batch(4_711, 0, 1), 9))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(produce(-1, "c33", id, WireRequests.batch(4_711, 0, 0), 9)).isEqualTo(ErrorCode.NONE);
        assertThat(produce(-1, "c33", id, WireRequests.batch(4_711, 0, 0), 9)).isEqualTo(ErrorCode.NONE);
        assertThat(produce(-1, "c33", id, WireRequests.batch(4_711, 0, 1), 9)).isEqualTo(ErrorCode.NONE);
        assertThat(offset("c33", -1, 5)).isEqualTo(2);
    }

    private ErrorCode mutated(Uuid id, int index, int value, boolean mayHaveCrc) {
        ByteBuffer batch = WireRequests.batch(1_000, "hello", "world");
        batch.put(index, (byte) value);
        return produce(-1, "c32", id, mayHaveCrc ? WireRequests.withCrc(batch) : batch, 9);
    }

    private Uuid create(String name) {
        return create(name, Map.of());
    }

    private Uuid create(String name, Map<String, String> config) {
        CreateTopicsResponse answer =
                client.call(WireRequests.createTopic(name, 1, config), 7, CreateTopicsResponse.class);
        assertThat(answer.topics().get(0).errorCode()).isZero();
        return answer.topics().get(0).topicId();
    }

    private ErrorCode createError(CreateTopicsRequest request, int version) {
        List<CreateTopicsResponse.CreatableTopicResult> results = new ArrayList<>(
                client.call(request, version, CreateTopicsResponse.class).topics());
        assertThat(results).hasSize(1);
        return ErrorCode.of(results.get(0).errorCode());
    }

    private MetadataResponse.MetadataResponseTopic metadata(boolean mayCreate, String name, int version) {
        boolean says = version < 4 || mayCreate;
        return client.call(WireRequests.metadata(says, name), version, MetadataResponse.class)
                .topics()
                .get(0);
    }

    private ErrorCode produce(int acks, String topic, Uuid id, ByteBuffer batch, int version) {
        ProduceResponse answer =
                client.call(WireRequests.produce(acks, topic, id, batch), version, ProduceResponse.class);
        return ErrorCode.of(
                answer.responses().get(0).partitionResponses().get(0).errorCode());
    }

    private FetchResponse.PartitionData fetch(String topic, Uuid id, long offset, int version) {
        return client.call(WireRequests.fetch(topic, id, offset), version, FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    private long offset(String topic, long timestamp, int version) {
        return client.call(WireRequests.listOffsets(topic, timestamp), version, ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .offset();
    }

    private ErrorCode commit(String group, String topic, Uuid id, int partition, String metadata, int version) {
        OffsetCommitResponse answer = client.call(
                WireRequests.commit(group, topic, id, partition, metadata), version, OffsetCommitResponse.class);
        return ErrorCode.of(answer.topics().get(0).partitions().get(0).errorCode());
    }

    private ErrorCode alter(String topic, String key, int operation, String value) {
        IncrementalAlterConfigsResponse answer = client.call(
                WireRequests.alterTopic(topic, key, operation, value), 1, IncrementalAlterConfigsResponse.class);
        return ErrorCode.of(answer.responses().get(0).errorCode());
    }
}
