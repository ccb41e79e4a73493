// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.TopicProduceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class FilteredRequestTest {
    private static final short VERSION = 12;

    private final List<ProduceRequest> served = new ArrayList<>();
    private final RequestRouter router = router();

    @Test
    void shouldServeWhatPasses() {
        // Given
        router.filter((context, request) -> new RequestFilter.Pass());

        // When
        ProduceResponse response = answer(router.handle(context(), produce((short) 1, "orders")));

        // Then
        assertThat(response.responses()).extracting(TopicProduceResponse::name).containsExactly("orders");
        assertThat(served).hasSize(1);
    }

    @Test
    void shouldRefuseTheTopicsThatAreMeantAndServeTheOthers() {
        // Given
        router.filter((context, request) -> new RequestFilter.Fail(
                ErrorCode.NOT_ENOUGH_REPLICAS, topic -> topic.name().equals("bad")));

        // When
        ProduceResponse response = answer(router.handle(context(), produce((short) 1, "good", "bad")));

        // Then
        assertThat(response.responses())
                .extracting(
                        TopicProduceResponse::name,
                        topic -> topic.partitionResponses().get(0).errorCode())
                .containsExactly(
                        tuple("good", ErrorCode.NONE.code()), tuple("bad", ErrorCode.NOT_ENOUGH_REPLICAS.code()));
        assertThat(served.get(0).topicData()).hasSize(1);
    }

    @Test
    void shouldCloseTheConnectionWhereARefusalHasNoAnswer() {
        // Given
        router.filter((context, request) -> new RequestFilter.Fail(ErrorCode.NOT_ENOUGH_REPLICAS, topic -> true));

        // When
        CompletionStage<Reply> reply = router.handle(context(), produce((short) 0, "orders"));

        // Then
        assertThat(reply.toCompletableFuture().join()).isInstanceOf(Reply.CloseConnection.class);
        assertThat(served).isEmpty();
    }

    @Test
    void shouldDisconnectBeforeOrAfterTheHandler() {
        // Given
        router.filter((context, request) -> new RequestFilter.Disconnect());
        Reply before = router.handle(context(), produce((short) 1, "orders"))
                .toCompletableFuture()
                .join();
        assertThat(served).isEmpty();

        // When
        router.filter((context, request) -> new RequestFilter.LoseAnswer());
        Reply after = router.handle(context(), produce((short) 1, "orders"))
                .toCompletableFuture()
                .join();

        // Then
        assertThat(List.of(before, after)).allMatch(Reply.CloseConnection.class::isInstance);
        assertThat(served).hasSize(1);
    }

    @Test
    void shouldHoldTheAnswerNotTheRequest() {
        // Given
        CompletableFuture<Void> until = new CompletableFuture<>();
        router.filter((context, request) -> new RequestFilter.Hold(until, new RequestFilter.Pass()));

        // When
        CompletionStage<Reply> reply = router.handle(context(), produce((short) 1, "orders"));

        // Then
        assertThat(served).hasSize(1);
        assertThat(reply.toCompletableFuture()).isNotDone();
        until.completeExceptionally(new IllegalStateException("the test is over"));
        assertThat(reply.toCompletableFuture()).isCompleted();
    }

    private RequestRouter router() {
        ApiTable table = ApiTable.standard();
        RequestRouter.Builder builder = new RequestRouter.Builder(table);
        table.all()
                .forEach(api -> builder.route(api.key(), ApiMessage.class, (context, request) -> {
                    served.add((ProduceRequest) request);
                    return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.NONE));
                }));
        return builder.build();
    }

    private static RequestContext context() {
        ClientConnection connection = new ClientConnection(
                new Listener("PLAINTEXT", "localhost", 1), "127.0.0.1", Runnable::run, new FetchSessionSlots(1, 1));
        return RequestContext.of(ApiKey.PRODUCE, VERSION, "client", connection, new CompletableFuture<>());
    }

    private static ProduceRequest produce(short acks, String... topics) {
        ProduceRequest request = new ProduceRequest().setAcks(acks).setTopicData(new ArrayList<>());
        for (String topic : topics) {
            request.topicData()
                    .add(new ProduceRequest.TopicProduceData()
                            .setName(topic)
                            .setTopicId(Uuid.ZERO)
                            .setPartitionData(new ArrayList<>(List.of(new ProduceRequest.PartitionProduceData()))));
        }
        return request;
    }

    private static ProduceResponse answer(CompletionStage<Reply> reply) {
        return (ProduceResponse) ((Reply.Answer) reply.toCompletableFuture().join()).message();
    }
}
