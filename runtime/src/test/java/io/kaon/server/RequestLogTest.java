// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import io.kaon.wire.message.ProduceResponse.TopicProduceResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Switches the category as an operator does while the broker runs: by its level. */
class RequestLogTest {
    private static final String HEARTBEAT_LINE =
            "Heartbeat version=4 client=test-client host=127.0.0.1 listener=PLAINTEXT principal=User:ANONYMOUS ";

    private final Logger category = Logger.getLogger(RequestLog.CATEGORY);
    private final Lines lines = new Lines();
    private ApiMessage answer = new HeartbeatResponse();
    private final RequestRouter router = router();

    @BeforeEach
    void listen() {
        lines.setLevel(Level.ALL);
        category.addHandler(lines);
        category.setUseParentHandlers(false);
    }

    @AfterEach
    void restore() {
        category.removeHandler(lines);
        category.setLevel(null);
        category.setUseParentHandlers(true);
    }

    @Test
    void shouldSayNothingUnlessAsked() {
        // When
        handle(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());

        // Then
        assertThat(lines.texts).isEmpty();
    }

    @Test
    void shouldTellWhoAskedForWhatAndHowItWentOnceItIsTurnedOn() {
        // Given
        handle(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());
        category.setLevel(Level.FINE);

        // When
        handle(ApiKey.HEARTBEAT, 4, new HeartbeatRequest().setGroupId("orders"));

        // Then
        assertThat(lines.texts)
                .singleElement()
                .asString()
                .startsWith(HEARTBEAT_LINE + "request=14 answer=7 ms=")
                .matches(".* ms=\\d+\\.\\d{3} errors=none")
                .doesNotContain("orders");
    }

    @Test
    void shouldCountTheErrorsOfAllPartitions() {
        // Given
        category.setLevel(Level.FINE);
        answer = new ProduceResponse()
                .setResponses(List.of(
                        responses(ErrorCode.NONE, ErrorCode.NOT_LEADER_OR_FOLLOWER),
                        responses(ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.KAFKA_STORAGE_ERROR)));

        // When
        handle(ApiKey.PRODUCE, 9, new ProduceRequest().setAcks((short) 1));

        // Then
        assertThat(lines.texts)
                .singleElement()
                .asString()
                .endsWith("errors=NOT_LEADER_OR_FOLLOWER*2,KAFKA_STORAGE_ERROR");
    }

    @Test
    void shouldTellThatAnApiIsNotServed() {
        // Given
        category.setLevel(Level.FINE);

        // When
        handle(ApiKey.HEARTBEAT, 99, new HeartbeatRequest());

        // Then
        assertThat(lines.texts)
                .singleElement()
                .asString()
                .contains("request=? ")
                .endsWith("errors=UNSUPPORTED_VERSION");
    }

    @Test
    void shouldShowFieldsAtTraceButNoContents() {
        // Given
        category.setLevel(Level.FINER);
        answer = new ProduceResponse();

        // When
        handle(ApiKey.PRODUCE, 9, produce("a secret"));

        // Then
        assertThat(lines.texts)
                .singleElement()
                .asString()
                .contains("name=orders", "index=3", "records=records[8]")
                .doesNotContain("secret");
    }

    @Test
    void shouldNotShowSettings() {
        // Given
        category.setLevel(Level.FINER);
        answer = new IncrementalAlterConfigsResponse();
        AlterableConfig password =
                new AlterableConfig().setName("listener.name.sasl.jaas.config").setValue("a secret");

        // When
        handle(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                1,
                new IncrementalAlterConfigsRequest()
                        .setResources(List.of(new AlterConfigsResource().setConfigs(List.of(password)))));

        // Then
        assertThat(lines.texts)
                .singleElement()
                .asString()
                .endsWith("IncrementalAlterConfigsRequest(fields are not shown)");
    }

    @Test
    void shouldKeepWhatAClientSaysOnOneLine() {
        // Given
        category.setLevel(Level.FINER);

        // When
        handle(ApiKey.HEARTBEAT, 4, new HeartbeatRequest().setGroupId("a\nINFO forged\u2028line"));

        // Then
        assertThat(lines.texts).singleElement().asString().contains("groupId=a?INFO forged?line,");
    }

    @Test
    void shouldLeaveOutOneApi() {
        // Given
        category.setLevel(Level.FINE);
        Logger heartbeats = Logger.getLogger(RequestLog.CATEGORY + ".Heartbeat");
        heartbeats.setLevel(Level.INFO);

        // When
        handle(ApiKey.HEARTBEAT, 4, new HeartbeatRequest());
        heartbeats.setLevel(null);

        // Then
        assertThat(lines.texts).isEmpty();
    }

    private static TopicProduceResponse responses(ErrorCode... errors) {
        List<PartitionProduceResponse> partitions = new ArrayList<>();
        for (ErrorCode error : errors) {
            partitions.add(new PartitionProduceResponse().setErrorCode(error.code()));
        }
        return new TopicProduceResponse().setPartitionResponses(partitions);
    }

    private static ProduceRequest produce(String content) {
        ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
        return new ProduceRequest()
                .setAcks((short) 1)
                .setTopicData(List.of(new TopicProduceData()
                        .setName("orders")
                        .setPartitionData(
                                List.of(new PartitionProduceData().setIndex(3).setRecords(new BufferRecords(bytes))))));
    }

    private RequestRouter router() {
        ApiTable table = ApiTable.standard();
        RequestRouter.Builder builder = new RequestRouter.Builder(table);
        table.all()
                .forEach(api -> builder.route(
                        api.key(),
                        ApiMessage.class,
                        (context, request) -> CompletableFuture.completedFuture(new Reply.Answer(answer))));
        return builder.build();
    }

    private void handle(ApiKey api, int version, ApiMessage request) {
        router.handle(Contexts.context(api, version), request)
                .toCompletableFuture()
                .join();
    }

    private static final class Lines extends Handler {
        private final List<String> texts = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            // Of any log manager: the text with its parameters, as a formatter would put them together.
            texts.add(
                    line.getParameters() == null
                            ? line.getMessage()
                            : String.format(line.getMessage(), line.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
