// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.exec.BrokerThread;
import io.kaon.server.ClientConnection;
import io.kaon.server.RecordReleaser;
import io.kaon.server.Reply;
import io.kaon.telemetry.ApiMeter;
import io.kaon.telemetry.ListenerMeter;
import io.kaon.wire.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One TCP connection: reads frames while there is room for them, hands requests to the router in order, writes answers
 * in order. Owned by its event loop: every method but {@link #closeGracefully} and {@link #abort} runs there.
 *
 * <p>Pressure goes back to the peer by not reading its socket: when it has too many requests in flight (in number or
 * bytes), when the broker has, and when it does not take its answers.
 */
final class ClientChannel extends ChannelInboundHandlerAdapter {
    /** A peer in the middle of a frame that sends nothing for so long is closed when others wait for the memory. */
    static final long MAX_STALL_MS = 30_000;

    private static final Logger LOG = Logger.getLogger(ClientChannel.class);
    private static final long NS_PER_MS = 1_000_000;

    private final ConnectionScope scope;
    private final ConnectionScope.Origin origin;
    private final InetSocketAddress peer;
    private final Consumer<ClientChannel> onGone;
    private final RequestSequence<ClientRequest> requests =
            new RequestSequence<>(AnswerOrder.OF_REQUESTS, this::start, this::leave, this::mayStart);

    private final ListenerMeter meter;
    private ChannelHandlerContext context;
    private EventLoop eventLoop;
    private FrameReader frames;
    private AnswerWriter answers;
    private RequestPort port;
    private ClientConnection connection;
    private RequestIntake intake;
    private ScheduledFuture<?> idleCheck;
    private long requestBytes;
    private long partialBytes;
    private long lastTrafficNs;
    private boolean isWaitingForRoom;
    private boolean isInputOver;
    private boolean isClosing;
    private boolean isEnding;
    private boolean isGone;

    /** @param onGone runs once, when the connection is closed */
    ClientChannel(
            ConnectionScope scope,
            ConnectionScope.Origin origin,
            InetSocketAddress peer,
            Consumer<ClientChannel> onGone) {
        this.scope = scope;
        this.origin = origin;
        this.peer = peer;
        this.onGone = onGone;
        this.meter = scope.meters().of(origin.listener());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        BrokerThread.adopt();
        scope.meters().onEventLoop();
        meter.opened();
        context = added;
        eventLoop = added.channel().eventLoop();
        frames = new FrameReader(added.alloc(), scope.options().maxFrameBytes());
        answers = new AnswerWriter(added, this::onSent);
        added.channel().config().setRecvByteBufAllocator(new FrameAllocator(frames));
        added.channel().config().setAutoRead(false);
        added.channel().closeFuture().addListener(closed -> gone());
        lastTrafficNs = scope.clock().nanos();
        watchIdle(maxIdleMs());
        scope.serving().thenAccept(serving -> onLoop(() -> serve(serving)));
    }

    private void serve(ConnectionScope.Serving serving) {
        if (!isGone) {
            port = serving.port();
            connection = serving.connections().apply(origin, eventLoop);
            intake = new RequestIntake(port, connection);
            updateReading();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ignored, Object message) {
        answers.hold();
        lastTrafficNs = scope.clock().nanos();
        meter.received(((ByteBuf) message).readableBytes());
        try {
            frames.read((ByteBuf) message, this::onFrame);
        } catch (MalformedFrameException malformed) {
            stopInput();
            requests.add(ClientRequest.refused(malformed.getMessage()));
        }
        chargePartial();
        advance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ignored) {
        answers.letGo();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable failure) {
        if (failure instanceof IOException) {
            LOG.debugf(failure, "%s broke off", this); // A reset by the peer, mostly.
        } else {
            LOG.errorf(failure, "%s cannot go on", this);
        }
        caught.close();
    }

    /** Stops reading, answers what is in flight and closes. Any thread. */
    void closeGracefully() {
        onLoop(() -> {
            isClosing = true;
            stopInput();
            requests.abandonWaiting(this::forget);
            requests.hurry();
            advance();
        });
    }

    /** Closes at once. Any thread. */
    void abort() {
        ChannelHandlerContext added = context;
        if (added != null) { // Otherwise it is not open yet.
            added.channel().close();
        }
    }

    private void onFrame(ByteBuf frame) {
        ClientRequest request = ClientRequest.of(frame, port);
        request.arrivedAt(lastTrafficNs);
        requestBytes += request.frameBytes();
        scope.budget().charge(request.frameBytes());
        requests.add(request);
        if (request.isAnswered()) {
            stopInput(); // The frame is no request: what follows it means nothing.
        }
    }

    private void start(ClientRequest request) {
        request.startedAt(scope.clock().nanos());
        intake.start(request, reply -> {
            request.releaseFrame();
            if (eventLoop.inEventLoop()) {
                answered(request, reply);
            } else if (!onLoop(() -> answered(request, reply))) {
                RecordReleaser.discard(reply, request.answerVersion());
            }
        });
        if (!request.isAnswered()) {
            request.handledAt(scope.clock().nanos());
        }
    }

    private void answered(ClientRequest request, Reply reply) {
        request.repliedAt(scope.clock().nanos());
        try {
            requests.answered(request, reply);
            afterAdvance();
        } catch (RuntimeException defect) {
            LOG.errorf(defect, "%s cannot go on", this);
            abort();
        }
    }

    /** Sends an answer, in its turn. */
    private void leave(ClientRequest request) {
        forget(request);
        Reply reply = request.reply().orElseThrow();
        if (isGone || isEnding) {
            RecordReleaser.discard(reply, request.answerVersion());
        } else if (reply instanceof Reply.Answer answer) {
            send(request, answer);
        } else if (reply instanceof Reply.CloseConnection close) {
            end(close.reason());
        } else {
            long now = scope.clock().nanos();
            request.leftAt(now);
            request.count(meterOf(request), request.version(), now);
        }
    }

    private ApiMeter meterOf(ClientRequest request) {
        return port.meters().of(request.api().id(), request.api().title());
    }

    private void send(ClientRequest request, Reply.Answer answer) {
        lastTrafficNs = scope.clock().nanos(); // From here on it is the peer who must move.
        request.leftAt(lastTrafficNs);
        try {
            answers.send(request, answer.message());
        } catch (RuntimeException defect) {
            RecordReleaser.discard(answer, request.answerVersion());
            LOG.errorf(defect, "An answer cannot be written: api=%s version=%d", request.api(), request.version());
            end("an answer could not be written");
        }
    }

    private void onSent(ClientRequest request, long bytes) {
        lastTrafficNs = scope.clock().nanos();
        meter.sent(bytes);
        request.count(meterOf(request), request.version(), lastTrafficNs);
        if (!answers.isFull()) {
            advance();
        }
    }

    private boolean mayStart() {
        return !isGone && !isEnding && !answers.isFull();
    }

    private void advance() {
        requests.advance();
        afterAdvance();
    }

    private void afterAdvance() {
        if (isGone) {
            return;
        }
        if (isClosing && requests.size() == 0) {
            endQuietly();
        }
        answers.flushSoon();
        updateReading();
    }

    private void updateReading() {
        boolean mayRead = !isGone
                && !isInputOver
                && intake != null
                && requests.size() < scope.options().inFlight().maxRequestsPerConnection()
                && requestBytes < scope.options().inFlight().maxBytesPerConnection()
                && !answers.isFull()
                && hasRoom();
        ChannelConfig config = context.channel().config();
        if (mayRead != config.isAutoRead()) {
            config.setAutoRead(mayRead);
        }
    }

    private boolean hasRoom() {
        InFlightBudget budget = scope.budget();
        if (!budget.isExhausted() || frames.isInsideFrame() && budget.isElder(this)) {
            return true;
        }
        if (!isWaitingForRoom) {
            isWaitingForRoom = true;
            budget.awaitRoom(() -> onLoop(this::onRoom));
        }
        return false;
    }

    private void onRoom() {
        isWaitingForRoom = false;
        updateReading();
        scope.budget().passOn();
    }

    private void chargePartial() {
        long held = frames.heldBytes();
        if (held != partialBytes) {
            scope.budget().charge(held - partialBytes);
            partialBytes = held;
        }
        if (held == 0) {
            scope.budget().resign(this);
        }
    }

    /** The request takes no memory of ours any more. */
    private void forget(ClientRequest request) {
        request.releaseFrame();
        requestBytes -= request.frameBytes();
        scope.budget().charge(-request.frameBytes());
    }

    private void stopInput() {
        isInputOver = true;
        frames.close();
        chargePartial();
    }

    /** Closes after what was written before, and says why. */
    private void end(String reason) {
        scope.log().warn("Closing " + this + ": " + reason);
        stopInput();
        endQuietly();
    }

    private void endQuietly() {
        if (!isEnding) {
            isEnding = true;
            answers.closeAfterFlush();
        }
    }

    private void gone() {
        if (isGone) {
            return;
        }
        isGone = true;
        meter.closed();
        idleCheck.cancel(false);
        if (!isInputOver && frames.isInsideFrame()) {
            scope.log().warn("Lost " + this + " in the middle of a frame");
        }
        stopInput();
        requests.abandonWaiting(this::forget);
        requests.hurry();
        requests.advance();
        if (connection != null) {
            connection.close();
        }
        onGone.accept(this);
    }

    private void watchIdle(long delayMs) {
        idleCheck = eventLoop.schedule(this::checkIdle, Math.min(MAX_STALL_MS, delayMs), TimeUnit.MILLISECONDS);
    }

    private void checkIdle() {
        boolean isStalled = frames.isInsideFrame() && scope.budget().isExhausted();
        long limitMs = isStalled ? Math.min(MAX_STALL_MS, maxIdleMs()) : maxIdleMs();
        long quietMs = (scope.clock().nanos() - lastTrafficNs) / NS_PER_MS;
        boolean isWaitingForUs = requests.isRunning() && answers.isDrained();
        if (quietMs >= limitMs && !isWaitingForUs) {
            LOG.debugf("Closing %s: no traffic for %d ms", this, quietMs);
            context.close();
        } else {
            watchIdle(Math.max(1, limitMs - quietMs));
        }
    }

    private long maxIdleMs() {
        return scope.options().connections().maxIdle().toMillis();
    }

    /** Answers whether the event loop took the task; it does not when it has been shut down. */
    private boolean onLoop(Runnable task) {
        try {
            eventLoop.execute(task);
            return true;
        } catch (RejectedExecutionException shutDown) {
            LOG.debugf(shutDown, "The event loop of %s is gone", this);
            return false;
        }
    }

    @Override
    public String toString() {
        return "connection " + origin.connectionId() + " from " + peer + " on " + origin.listener();
    }
}
