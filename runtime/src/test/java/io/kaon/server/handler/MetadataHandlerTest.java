// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataRequest.MetadataRequestTopic;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponsePartition;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataHandlerTest {
    private static final int LATEST = 13;
    private static final int NOTHING_ASKED = Integer.MIN_VALUE;

    @TempDir
    Path data;

    static IntStream everyVersion() {
        return IntStream.rangeClosed(0, LATEST);
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldDescribeAnExistingTopic(int version) {
        try (TestBroker broker = new TestBroker(data)) {
            // Given
            broker.create("orders", 3);

            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, version, named("orders"));

            // Then
            MetadataResponseTopic topic = response.topics().get(0);
            assertThat(topic.errorCode()).isZero();
            assertThat(topic.topicId()).isEqualTo(broker.idOf("orders"));
            assertThat(topic.isInternal()).isFalse();
            assertThat(topic.partitions()).hasSize(3).allSatisfy(partition -> {
                assertThat(partition.leaderId()).isEqualTo(TestBroker.NODE_ID);
                assertThat(partition.leaderEpoch()).isNotNegative();
                assertThat(partition.isrNodes()).containsExactly(TestBroker.NODE_ID);
                assertThat(partition.offlineReplicas()).isEmpty();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldTellTheAddressOfTheListenerThatWasAsked(int version) {
        try (TestBroker broker = new TestBroker(data)) {
            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, version, named());

            // Then
            assertThat(response.brokers()).singleElement().satisfies(node -> {
                assertThat(node.nodeId()).isEqualTo(TestBroker.NODE_ID);
                assertThat(node.host()).isEqualTo("advertised.example");
                assertThat(node.port()).isEqualTo(19092);
                assertThat(node.rack()).isEqualTo("rack-1");
            });
            assertThat(response.controllerId()).isEqualTo(TestBroker.NODE_ID);
            assertThat(response.clusterId()).isEqualTo(TestBroker.CLUSTER);
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldTellEmptyFromNull(int version) {
        try (TestBroker broker = new TestBroker(data)) {
            // Given
            broker.create("a", 1);
            broker.create("b", 1);

            // When
            MetadataResponse ofEmpty = broker.call(ApiKey.METADATA, version, named());
            MetadataResponse ofNull =
                    broker.call(ApiKey.METADATA, Math.max(1, version), new MetadataRequest().setTopics(null));

            // Then
            assertThat(ofEmpty.topics()).hasSize(version == 0 ? 2 : 0);
            assertThat(ofNull.topics()).extracting(MetadataResponseTopic::name).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldCreateAMissingTopicAndDescribeIt(int version) {
        try (TestBroker broker = new TestBroker(data)) {
            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, version, named("new", "new"));

            // Then
            assertThat(response.topics()).singleElement().satisfies(topic -> {
                assertThat(topic.errorCode()).isZero();
                assertThat(topic.partitions()).hasSize(1);
            });
            assertThat(broker.images.current().topic("new")).isPresent();
        }
    }

    @Test
    void shouldNotCreateWhatTheClientDoesNotWantCreated() {
        try (TestBroker broker = new TestBroker(data)) {
            // When
            MetadataResponse response =
                    broker.call(ApiKey.METADATA, LATEST, named("new").setAllowAutoTopicCreation(false));

            // Then
            assertThat(response.topics().get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
            assertThat(broker.images.current().topicCount()).isZero();
        }
    }

    @Test
    void shouldNotCreateWhenTheBrokerForbidsIt() {
        try (TestBroker broker =
                new TestBroker(data, Map.of("auto.create.topics.enable", "false"), Authoriser.ALLOW_ALL)) {
            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, LATEST, named("new"));

            // Then
            assertThat(response.topics().get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "naïve", "__transaction_state"})
    void shouldNotCreateWhatIsNoNameForATopic(String name) {
        try (TestBroker broker = new TestBroker(data)) {
            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, LATEST, named(name));

            // Then
            ErrorCode expected =
                    name.startsWith("__") ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
            assertThat(response.topics().get(0).errorCode()).isEqualTo(expected.code());
        }
    }

    @Test
    void shouldMakeTheOffsetsTopicAsAnInternalOne() {
        try (TestBroker broker = new TestBroker(data)) {
            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, LATEST, named("__consumer_offsets"));

            // Then
            assertThat(response.topics().get(0).isInternal()).isTrue();
            assertThat(response.topics().get(0).partitions()).hasSize(50);
        }
    }

    @Test
    void shouldFindTopicsById() {
        try (TestBroker broker = new TestBroker(data)) {
            // Given
            broker.create("orders", 1);
            MetadataRequest request = new MetadataRequest();
            request.topics().add(new MetadataRequestTopic().setName(null).setTopicId(broker.idOf("orders")));
            request.topics().add(new MetadataRequestTopic().setName(null).setTopicId(new Uuid(1, 2)));

            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, 12, request);

            // Then
            assertThat(response.topics())
                    .extracting(MetadataResponseTopic::name)
                    .containsExactly("orders", null);
            assertThat(response.topics())
                    .extracting(MetadataResponseTopic::errorCode)
                    .containsExactly((short) 0, ErrorCode.UNKNOWN_TOPIC_ID.code());
        }
    }

    @ParameterizedTest
    @CsvSource({"10", "11"})
    void shouldRefuseIdsBeforeVersionTwelve(int version) {
        try (TestBroker broker = new TestBroker(data)) {
            // Given
            MetadataRequest request = new MetadataRequest();
            request.topics().add(new MetadataRequestTopic().setName(null).setTopicId(new Uuid(1, 2)));

            // When
            MetadataResponse response = broker.call(ApiKey.METADATA, version, request);

            // Then
            assertThat(response.topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
            assertThat(response.topics().get(0).name()).isEmpty();
        }
    }

    @Test
    void shouldSayWhatTheClientMayDoOnlyWhenAsked() {
        try (TestBroker broker = new TestBroker(data)) {
            // Given
            broker.create("orders", 1);
            MetadataRequest asking = named("orders")
                    .setIncludeTopicAuthorizedOperations(true)
                    .setIncludeClusterAuthorizedOperations(true);

            // When
            MetadataResponse asked = broker.call(ApiKey.METADATA, 10, asking);
            MetadataResponse notAsked = broker.call(ApiKey.METADATA, 10, named("orders"));

            // Then
            assertThat(asked.topics().get(0).topicAuthorizedOperations()).isEqualTo(0b1101_1111_1000);
            assertThat(asked.clusterAuthorizedOperations()).isEqualTo(0b1_1111_1010_0000);
            assertThat(notAsked.topics().get(0).topicAuthorizedOperations()).isEqualTo(NOTHING_ASKED);
            assertThat(notAsked.clusterAuthorizedOperations()).isEqualTo(NOTHING_ASKED);
        }
    }

    @Test
    void shouldHideTopicsThatTheClientMayNotSee() {
        Authoriser authoriser = (who, operation, resource) ->
                operation != Operation.DESCRIBE || !resource.name().equals("secret");
        try (TestBroker broker = new TestBroker(data, Map.of(), authoriser)) {
            // Given
            broker.create("open", 1);
            broker.create("secret", 1);

            // When
            MetadataResponse all = broker.call(ApiKey.METADATA, LATEST, new MetadataRequest().setTopics(null));
            MetadataResponse named = broker.call(ApiKey.METADATA, LATEST, named("secret"));

            // Then
            assertThat(all.topics()).extracting(MetadataResponseTopic::name).containsExactly("open");
            assertThat(named.topics().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
            assertThat(named.topics().get(0).partitions())
                    .extracting(MetadataResponsePartition::partitionIndex)
                    .isEmpty();
        }
    }

    private static MetadataRequest named(String... names) {
        MetadataRequest request = new MetadataRequest();
        for (String name : names) {
            request.topics().add(new MetadataRequestTopic().setName(name));
        }
        return request;
    }
}
