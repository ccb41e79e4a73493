// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A streamed answer over HTTP. Its state belongs to the event loop of the request. */
final class StreamWriter implements AnswerStream {
    private final HttpServerResponse response;
    private final Context eventLoop;
    private final Executor workers;
    private final boolean isLines;
    private final List<Runnable> closeTasks = new ArrayList<>();
    private CompletableFuture<Void> waiting;
    private volatile boolean isClosed;

    /** Made on the event loop. */
    StreamWriter(RoutingContext context, Context eventLoop, Executor workers, boolean isLines) {
        this.response = context.response();
        this.eventLoop = eventLoop;
        this.workers = workers;
        this.isLines = isLines;
        context.addEndHandler(ignored -> closed()); // A response has room for one handler, a context for several.
        response.drainHandler(ignored -> drained());
    }

    @Override
    public CompletionStage<Void> write(byte[] piece) {
        CompletableFuture<Void> room = new CompletableFuture<>();
        eventLoop.runOnContext(ignored -> {
            if (isClosed) {
                room.completeExceptionally(new IOException("The client is gone."));
                return;
            }
            response.write(Buffer.buffer(piece));
            if (response.writeQueueFull()) {
                waiting = room;
            } else {
                room.complete(null);
            }
        });
        return room.whenCompleteAsync((nothing, failure) -> {}, workers);
    }

    @Override
    public CompletionStage<Void> line(JsonNode value) {
        try {
            return write((RequestCheck.JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON comes of this", e);
        }
    }

    @Override
    public void end() {
        eventLoop.runOnContext(ignored -> {
            if (!isClosed) {
                response.end();
                closed();
            }
        });
    }

    @Override
    public void fail(Throwable failure) {
        if (isClosed) {
            return; // Most often because the client is gone.
        }
        Problem problem = Problems.of(failure);
        if (isLines) {
            line(JsonNodeFactory.instance.objectNode().set("problem", problem.toJson()));
            end();
        } else {
            eventLoop.runOnContext(ignored -> {
                if (!isClosed) {
                    response.reset();
                    closed();
                }
            });
        }
    }

    @Override
    public boolean isClosed() {
        return isClosed;
    }

    @Override
    public void onClose(Runnable task) {
        eventLoop.runOnContext(ignored -> {
            if (isClosed) {
                workers.execute(task);
            } else {
                closeTasks.add(task);
            }
        });
    }

    private void drained() {
        if (waiting != null) {
            waiting.complete(null);
            waiting = null;
        }
    }

    private void closed() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (waiting != null) {
            waiting.completeExceptionally(new IOException("The client is gone."));
            waiting = null;
        }
        closeTasks.forEach(workers::execute);
        closeTasks.clear();
    }
}
