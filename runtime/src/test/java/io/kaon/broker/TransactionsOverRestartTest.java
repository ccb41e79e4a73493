// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.network.InJvmCaller;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ProduceResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of a whole broker: by both ways in, over restarts, and with its settings. */
class TransactionsOverRestartTest {
    private static final String ID = "payments";
    private static final int MAX_ATTEMPTS = 100_000;
    private static final int ANSWER_SECONDS = 30;
    private static final byte BROKER = 4;

    @TempDir
    Path data;

    private Broker broker;
    private Uuid topic;
    private long producerId;
    private short epoch;

    /** One way in: over TCP or in this JVM. */
    private interface Way {
        <T extends ApiMessage> T call(ApiMessage request, int version, Class<T> type);
    }

    @BeforeEach
    void start() {
        broker = open(Map.of());
        try (WireClient client = new WireClient(broker)) {
            topic = client.call(WireRequests.createTopic("t", 1, Map.of()), 7, CreateTopicsResponse.class)
                    .topics()
                    .get(0)
                    .topicId();
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldServeTransactionsByBothWaysIn() {
        // Given
        Way inJvm = inJvm();
        init(inJvm);
        ErrorCode written = produce(inJvm, 0);
        long whileOpen = stableEnd(inJvm);

        // When
        ErrorCode ended = end(tcp());

        // Then
        assertThat(written).isEqualTo(ErrorCode.NONE);
        assertThat(whileOpen).isZero();
        assertThat(ended).isEqualTo(ErrorCode.NONE);
        awaitStableEnd(2);
    }

    @Test
    void shouldHoldReadersBackAndGoOnAfterARestart() {
        // Given
        init(tcp());
        produce(tcp(), 0);
        broker.close();
        broker = open(Map.of());
        long afterRestart = stableEnd(tcp());

        // When
        awaitCoordinator();
        ErrorCode written = produce(tcp(), 1);
        ErrorCode ended = end(tcp());

        // Then
        assertThat(afterRestart).isZero();
        assertThat(written).isEqualTo(ErrorCode.NONE);
        assertThat(ended).isEqualTo(ErrorCode.NONE);
        awaitStableEnd(3);
    }

    @Test
    void shouldEndAfterARestartWhatItsSuccessorFinds() {
        // Given
        init(tcp());
        produce(tcp(), 0);
        short before = epoch;
        broker.close();
        broker = open(Map.of());

        // When
        init(tcp());

        // Then
        awaitStableEnd(2);
        assertThat(epoch).isGreaterThan(before);
        epoch = before;
        assertThat(produce(tcp(), 1)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldAbortAfterARestartWhatTakesTooLong() {
        // Given
        init(tcp(), 1_000);
        produce(tcp(), 0);

        // When
        broker.close();
        broker = open(Map.of());

        // Then
        awaitStableEnd(2);
    }

    @Test
    void shouldHaveTheTransactionTopicAsConfigured() {
        // Given
        broker.close();
        broker = open(Map.of("transaction.state.log.num.partitions", "3", "transaction.max.timeout.ms", "5000"));
        Way way = tcp();

        // When
        short error = way.call(
                        new FindCoordinatorRequest().setKey(ID).setKeyType((byte) 1), 3, FindCoordinatorResponse.class)
                .errorCode();
        InitProducerIdResponse tooLong = way.call(
                new InitProducerIdRequest().setTransactionalId(ID).setTransactionTimeoutMs(5_001),
                5,
                InitProducerIdResponse.class);

        // Then
        assertThat(error).isZero();
        assertThat(tooLong.errorCode()).isEqualTo(ErrorCode.INVALID_TRANSACTION_TIMEOUT.code());
    }

    @Test
    void shouldStopVerifyingWhenToldSo() {
        // Given
        Way way = tcp();
        init(way);
        ErrorCode refused = produce(way, 0, 11);

        // When
        way.call(verification("false"), 1, IncrementalAlterConfigsResponse.class);

        // Then
        assertThat(refused).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
        assertThat(produce(way, 0, 11)).isEqualTo(ErrorCode.NONE);
    }

    private static IncrementalAlterConfigsRequest verification(String value) {
        AlterConfigsResource brokers =
                new AlterConfigsResource().setResourceType(BROKER).setResourceName("");
        brokers.configs()
                .add(new AlterableConfig()
                        .setName("transaction.partition.verification.enable")
                        .setValue(value));
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest();
        request.resources().add(brokers);
        return request;
    }

    private Broker open(Map<String, String> config) {
        return Broker.start(
                BrokerOptions.embedded().withData(DataDirectory.at(data)).withConfig(config));
    }

    private Way tcp() {
        return new Way() {
            @Override
            public <T extends ApiMessage> T call(ApiMessage request, int version, Class<T> type) {
                try (WireClient client = new WireClient(broker)) {
                    return client.call(request, version, type);
                }
            }
        };
    }

    private Way inJvm() {
        InJvmCaller caller = broker.connect("in-jvm");
        return new Way() {
            @Override
            public <T extends ApiMessage> T call(ApiMessage request, int version, Class<T> type) {
                return type.cast(caller.call(request, (short) version)
                        .toCompletableFuture()
                        .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .join());
            }
        };
    }

    private void init(Way way) {
        init(way, 60_000);
    }

    private void init(Way way, int timeoutMs) {
        InitProducerIdRequest request =
                new InitProducerIdRequest().setTransactionalId(ID).setTransactionTimeoutMs(timeoutMs);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            way.call(new FindCoordinatorRequest().setKey(ID).setKeyType((byte) 1), 3, FindCoordinatorResponse.class);
            InitProducerIdResponse response = way.call(request, 5, InitProducerIdResponse.class);
            if (response.errorCode() == ErrorCode.NONE.code()) {
                producerId = response.producerId();
                epoch = response.producerEpoch();
                return;
            }
            // As clients do: the transaction before ends first, or the coordinator loads.
            assertThat(ErrorCode.of(response.errorCode()))
                    .isIn(
                            ErrorCode.CONCURRENT_TRANSACTIONS,
                            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
                            ErrorCode.NOT_COORDINATOR);
        }
        throw new AssertionError("no producer id comes");
    }

    /** Nothing that was open may be ended by asking. */
    private void awaitCoordinator() {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            EndTxnResponse response =
                    tcp().call(endRequest().setProducerId(producerId + 1_000), 4, EndTxnResponse.class);
            if (response.errorCode() == ErrorCode.INVALID_PRODUCER_ID_MAPPING.code()) {
                return;
            }
        }
        throw new AssertionError("the coordinator does not come");
    }

    private ErrorCode produce(Way way, int sequence) {
        return produce(way, sequence, 12);
    }

    private ErrorCode produce(Way way, int sequence, int version) {
        ApiMessage request = WireRequests.produce(
                        -1,
                        "t",
                        topic,
                        RecordBatchBuilder.uncompressed()
                                .producer(producerId, epoch, sequence)
                                .transactional()
                                .append(1_000, null, new byte[1])
                                .build())
                .setTransactionalId(ID);
        return ErrorCode.of(way.call(request, version, ProduceResponse.class)
                .responses()
                .get(0)
                .partitionResponses()
                .get(0)
                .errorCode());
    }

    private EndTxnRequest endRequest() {
        return new EndTxnRequest()
                .setTransactionalId(ID)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(true);
    }

    private ErrorCode end(Way way) {
        return ErrorCode.of(way.call(endRequest(), 5, EndTxnResponse.class).errorCode());
    }

    private void awaitStableEnd(long offset) {
        Way way = tcp();
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (stableEnd(way) == offset) {
                return;
            }
        }
        throw new AssertionError("the last stable offset stays at " + stableEnd(way));
    }

    /** Where readers of committed records end. */
    private long stableEnd(Way way) {
        ListOffsetsRequest request = WireRequests.listOffsets("t", -1).setIsolationLevel((byte) 1);
        ListOffsetsResponse response = way.call(request, 7, ListOffsetsResponse.class);
        return response.topics().get(0).partitions().get(0).offset();
    }
}
