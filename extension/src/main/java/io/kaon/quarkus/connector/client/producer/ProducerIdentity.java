// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jboss.logging.Logger;

/**
 * The name under which a producer numbers its batches without a transaction, so that the broker knows one that comes
 * again: Kafka's {@code enable.idempotence}. Owned by the producer's thread.
 *
 * <p>Once nobody knows whether a batch is in the log, numbers begin anew under the next epoch, as in KIP-360.
 */
final class ProducerIdentity {
    private static final Logger LOG = Logger.getLogger(ProducerIdentity.class);
    /** The producer's numbers are not those that the broker has: its log is another one, or lost its end. */
    private static final Set<Errors> STRANGE =
            Set.of(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, Errors.UNKNOWN_PRODUCER_ID, Errors.INVALID_PRODUCER_EPOCH);
    /** A transaction ends by a timeout; there is none. */
    private static final int NO_TRANSACTION_MS = Integer.MAX_VALUE;

    private final ApiCaller calls;
    private final Surroundings around;
    private Optional<ProducerIdAndEpoch> current = Optional.empty();
    private boolean isAsked;
    private boolean isRefused;

    /**
     * How an identity comes to its producer.
     *
     * @param owner runs what it gets on the producer's thread
     * @param later the same after a pause
     * @param onKnown batches may leave
     */
    record Surroundings(Consumer<Runnable> owner, Consumer<Runnable> later, Runnable onKnown) {}

    ProducerIdentity(ApiCaller calls, Surroundings around) {
        this.calls = calls;
        this.around = around;
    }

    /** Whether a batch may leave; if not, the identity is asked for, and whoever waits is told. */
    boolean isKnown() {
        if (current.isPresent() || isRefused) {
            return true;
        }
        if (!isAsked) {
            isAsked = true;
            ask();
        }
        return false;
    }

    /** What to put on a batch; empty when the broker gives no identities, then batches go without. */
    Optional<ProducerIdAndEpoch> current() {
        return current;
    }

    /** Whether a batch with this error may be in the log under other numbers only. */
    static boolean isStrange(Errors error) {
        return STRANGE.contains(error);
    }

    /** Numbers begin anew, unless they did since the batch was sent. */
    void renew(ProducerIdAndEpoch ofBatch) {
        current = current.flatMap(id -> {
            if (!id.equals(ofBatch)) {
                return Optional.of(id);
            }
            return id.epoch() == Short.MAX_VALUE - 1
                    ? Optional.empty()
                    : Optional.of(new ProducerIdAndEpoch(id.producerId(), (short) (id.epoch() + 1)));
        });
    }

    private void ask() {
        InitProducerIdRequest request = new InitProducerIdRequest()
                .setTransactionalId(null) // As the protocol says that there is none.
                .setTransactionTimeoutMs(NO_TRANSACTION_MS);
        calls.call(InitProducerIdResponse.class, request)
                .whenComplete((answer, failure) -> around.owner().accept(() -> onAnswer(answer, failure)));
    }

    private void onAnswer(InitProducerIdResponse answer, Throwable failure) {
        Errors error = failure == null ? Errors.forCode(answer.errorCode()) : Errors.NETWORK_EXCEPTION;
        if (error.exception() instanceof RetriableException) {
            around.later().accept(this::ask);
            return;
        }
        isAsked = false;
        if (error == Errors.NONE) {
            current = Optional.of(new ProducerIdAndEpoch(answer.producerId(), answer.producerEpoch()));
        } else {
            isRefused = true;
            LOG.warnf(
                    "The broker gives a producer no id (%s): a record that has to be sent again may be there twice."
                            + " Set enable.idempotence=false if that is meant",
                    error);
        }
        around.onKnown().run();
    }
}
