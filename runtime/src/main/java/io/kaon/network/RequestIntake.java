// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.common.ErrorCode;
import io.kaon.common.InvariantViolation;
import io.kaon.server.ClientConnection;
import io.kaon.server.ErrorMapping;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.ProduceRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * From a connection's frame to the router's reply. Whatever goes wrong becomes a reply too: an error response where
 * there can be one, the end of the connection where there cannot. Used on the connection's event loop.
 */
final class RequestIntake {
    private static final Logger LOG = Logger.getLogger(RequestIntake.class);

    private final RequestPort port;
    private final ClientConnection connection;

    RequestIntake(RequestPort port, ClientConnection connection) {
        this.port = port;
        this.connection = connection;
    }

    /** Hands a request to the router; the reply comes once, perhaps before this returns, on any thread. */
    void start(ClientRequest request, Consumer<Reply> onReply) {
        ApiMessage message;
        CompletionStage<Reply> reply;
        try {
            if (!request.api().hasVersion(request.version())) {
                unsupported(request).thenAccept(onReply);
                return;
            }
            ClientRequest.Decoded decoded = request.decode(request.version());
            message = decoded.message();
            if (!request.mayPointIntoFrame()) {
                request.releaseFrame();
            }
            reply = route(request, request.version(), decoded);
        } catch (MalformedFrameException malformed) {
            onReply.accept(
                    new Reply.CloseConnection("a malformed " + request.api().title() + " request of version "
                            + request.version() + ": " + malformed.getMessage()));
            return;
        }
        reply.whenComplete((answer, failure) -> onReply.accept(outcome(message, request.version(), answer, failure)));
    }

    private CompletionStage<Reply> route(ClientRequest request, short version, ClientRequest.Decoded decoded) {
        try {
            return port.handle(
                    RequestContext.of(request.api(), version, decoded.clientId(), connection, request.hurry()),
                    decoded.message());
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** What the router's result means: its reply, or an error where it failed. */
    static Reply outcome(ApiMessage message, short version, Reply reply, Throwable failure) {
        if (failure == null && reply == null) {
            return failed(message, version, new InvariantViolation("the router gave no reply"));
        }
        return failure == null ? reply : failed(message, version, failure);
    }

    private static Reply failed(ApiMessage message, short version, Throwable failure) {
        ErrorCode code = ErrorMapping.codeOf(failure);
        if (code == ErrorCode.UNKNOWN_SERVER_ERROR) {
            LOG.errorf(failure, "A request failed: api=%d version=%d", message.apiKey(), version);
        } else {
            LOG.debugf(failure, "A request was refused: api=%d version=%d code=%s", message.apiKey(), version, code);
        }
        return refused(message, version, code);
    }

    private static Reply refused(ApiMessage message, short version, ErrorCode code) {
        if (message instanceof ProduceRequest produce && produce.acks() == 0) {
            return new Reply.CloseConnection("a Produce with acks=0 failed with " + code); // C12
        }
        return new Reply.Answer(ErrorResponses.of(message, version, code));
    }

    /**
     * A version that we cannot decode: the error in the nearest version that we can write. For ApiVersions that is
     * version 0 with the versions that we serve, from which the client can go on (C13, KIP-511).
     */
    private CompletionStage<Reply> unsupported(ClientRequest request) {
        short version = request.answerVersion();
        LOG.debugf("An unsupported version was asked for: api=%s version=%d", request.api(), request.version());
        if (request.api() != ApiKey.API_VERSIONS) {
            return CompletableFuture.completedFuture(refusedUnread(request, version));
        }
        ApiMessage question = new ApiVersionsRequest();
        return route(request, version, new ClientRequest.Decoded("", question))
                .handle((reply, failure) ->
                        reply instanceof Reply.Answer answer && answer.message() instanceof ApiVersionsResponse served
                                ? new Reply.Answer(new ApiVersionsResponse()
                                        .setErrorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                                        .setApiKeys(served.apiKeys()))
                                : refused(question, version, ErrorCode.UNSUPPORTED_VERSION));
    }

    private static Reply refusedUnread(ClientRequest request, short version) {
        ApiMessage message = request.api().newRequest();
        try {
            // Newer versions often differ in tagged fields alone: then the error can name what was asked for.
            return refused(request.decode(version).message(), version, ErrorCode.UNSUPPORTED_VERSION);
        } catch (MalformedFrameException unreadable) {
            LOG.debugf(unreadable, "The request cannot be read as version %d either", version);
            return new Reply.Answer(ErrorResponses.of(message, version, ErrorCode.UNSUPPORTED_VERSION));
        }
    }
}
