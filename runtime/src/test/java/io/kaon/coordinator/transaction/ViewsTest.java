// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.wire.message.DescribeTransactionsResponse.TransactionState;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.ListTransactionsRequest;
import io.kaon.wire.message.ListTransactionsResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** ListTransactions, DescribeTransactions, and the expressions that filter. */
final class ViewsTest {
    private final CoordinatorFixture fixture = new CoordinatorFixture();

    @Test
    void shouldDescribeTransaction() {
        // Given
        ProducerIdAndEpoch producer = fixture.init();
        long startMs = fixture.time.wallMs();
        fixture.addedNew(producer, "t", 2, 0);
        fixture.addedNew(producer, "u", 0);

        // When
        TransactionState state = fixture.describe();

        // Then
        assertThat(state.errorCode()).isZero();
        assertThat(state.transactionState()).isEqualTo("Ongoing");
        assertThat(state.transactionTimeoutMs()).isEqualTo(CoordinatorFixture.TIMEOUT_MS);
        assertThat(state.transactionStartTimeMs()).isEqualTo(startMs);
        assertThat(state.producerId()).isEqualTo(producer.producerId());
        assertThat(state.producerEpoch()).isEqualTo(producer.epoch());
        assertThat(state.topics())
                .extracting(topic -> topic.topic() + topic.partitions())
                .containsExactly("t[0, 2]", "u[0]");
    }

    @Test
    void shouldDescribeIdWithoutTransaction() {
        fixture.init();
        assertThat(fixture.state()).isEqualTo("Empty");
        assertThat(fixture.describe().transactionStartTimeMs()).isEqualTo(-1);
        assertThat(fixture.describe("nobody").errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
    }

    @Test
    void shouldListByState() {
        // Given
        owner("a-idle");
        fixture.addedNew(fixture.init(), "t", 0);

        // Then
        assertThat(listed(new ListTransactionsRequest())).containsExactlyInAnyOrder("a-idle Empty", "tx Ongoing");
        assertThat(listed(new ListTransactionsRequest().setStateFilters(List.of("Ongoing", "PrepareCommit"))))
                .containsExactly("tx Ongoing");
        ListTransactionsResponse unknown =
                list(new ListTransactionsRequest().setStateFilters(List.of("Nonsense", "Dead")));
        assertThat(unknown.unknownStateFilters()).containsExactly("Nonsense");
        assertThat(unknown.transactionStates()).isEmpty();
    }

    @Test
    void shouldListByProducerIdAndDuration() {
        // Given
        long first = owner("a");
        owner("b");
        fixture.addedNew(fixture.init(), "t", 0);

        // Then
        assertThat(listed(new ListTransactionsRequest().setProducerIdFilters(List.of(first, 5_555L))))
                .containsExactly("a Empty");
        fixture.time.advance(1_000);
        assertThat(listed(ongoing().setDurationFilter(999))).containsExactly("tx Ongoing");
        assertThat(listed(ongoing().setDurationFilter(1_000))).isEmpty();
    }

    private static ListTransactionsRequest ongoing() {
        return new ListTransactionsRequest().setStateFilters(List.of("Ongoing"));
    }

    @Test
    void shouldListByExpression() {
        // Given
        owner("orders-1");
        owner("orders-12");
        owner("my-orders-1");

        // Then: it matches all of the id
        assertThat(listed(new ListTransactionsRequest().setTransactionalIdPattern("orders-.")))
                .containsExactly("orders-1 Empty");
        assertThat(listed(new ListTransactionsRequest().setTransactionalIdPattern("")))
                .hasSize(3);
        for (String wrong : List.of("orders-(", "[", "*", "a".repeat(IdPattern.MAX_PATTERN_LENGTH + 1))) {
            assertThat(list(new ListTransactionsRequest().setTransactionalIdPattern(wrong))
                            .errorCode())
                    .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION.code());
        }
    }

    @Test
    void shouldMatchExpressionsAwayFromTheOwner() {
        // Given
        owner("orders-1");
        owner("other");

        // When: others that are asked for meanwhile need not wait
        var answer = fixture.coordinator.listTransactions(
                new ListTransactionsRequest().setTransactionalIdPattern("orders-.*"));
        assertThat(answer.toCompletableFuture()).isNotDone();
        assertThat(fixture.done(fixture.coordinator.listTransactions(new ListTransactionsRequest()))
                        .transactionStates())
                .hasSize(2);

        // Then
        fixture.background.forEach(Runnable::run);
        assertThat(fixture.done(answer).transactionStates()).hasSize(1);
    }

    @Test
    void shouldBoundWhatAnExpressionMayCost() {
        // Given: expressions that take exponential time, or very many frames of the stack
        String id = "a".repeat(1_000) + "b";
        for (String cruel :
                List.of("(a*)*c", "(a|aa)+c", "(a|b|ab)*c", "((a+)+)+$x", "(".repeat(400) + ")".repeat(400))) {
            // When
            boolean matches =
                    IdPattern.compile(cruel).map(pattern -> pattern.test(id)).orElse(false);

            // Then
            assertThat(matches).isFalse();
        }
        assertThat(IdPattern.compile("a+b").orElseThrow().test(id)).isTrue();
    }

    private long owner(String id) {
        InitProducerIdRequest request = new InitProducerIdRequest()
                .setTransactionalId(id)
                .setTransactionTimeoutMs(CoordinatorFixture.TIMEOUT_MS);
        return fixture.done(fixture.init(5, request)).producerId();
    }

    private List<String> listed(ListTransactionsRequest request) {
        return list(request).transactionStates().stream()
                .map(state -> state.transactionalId() + " " + state.transactionState())
                .toList();
    }

    private ListTransactionsResponse list(ListTransactionsRequest request) {
        var answer = fixture.coordinator.listTransactions(request);
        fixture.background.forEach(Runnable::run);
        return fixture.done(answer);
    }
}
