// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request of a TCP client. Holds its frame until it is answered if it may carry records, else until it is decoded. A
 * frame whose first bytes say that it can be no request is answered by closing the connection.
 */
final class ClientRequest extends Exchange {
    /** Api key, version and correlation id: the same in all versions of the header. */
    private static final int FIXED_HEADER_BYTES = 8;

    private static final int VERSION_INDEX = 2;
    private static final int CORRELATION_ID_INDEX = 4;

    private final AtomicReference<ByteBuf> frame;
    private final int frameBytes;
    private final ApiKey api;
    private final short version;
    private final int correlationId;

    private ClientRequest(Pipelining pipelining, ApiKey api, ByteBuf frame) {
        super(pipelining);
        this.frame = new AtomicReference<>(frame);
        this.frameBytes = frame.readableBytes();
        this.api = api;
        this.version = frame.getShort(frame.readerIndex() + VERSION_INDEX);
        this.correlationId = frame.getInt(frame.readerIndex() + CORRELATION_ID_INDEX);
    }

    private ClientRequest(String refusal, ByteBuf frame) {
        super(Pipelining.PIPELINED);
        this.frame = new AtomicReference<>(frame);
        this.frameBytes = frame.readableBytes();
        this.api = ApiKey.API_VERSIONS;
        this.version = 0;
        this.correlationId = 0;
        answered(new Reply.CloseConnection(refusal));
    }

    /** Takes over a frame. */
    static ClientRequest of(ByteBuf frame, RequestPort port) {
        if (frame.readableBytes() < FIXED_HEADER_BYTES) {
            return new ClientRequest("a frame of " + frame.readableBytes() + " bytes, too short for a request", frame);
        }
        int id = frame.getShort(frame.readerIndex());
        Optional<ApiKey> api = ApiKey.of(id);
        return api.map(key -> new ClientRequest(port.pipelining(key), key, frame))
                .orElseGet(() -> new ClientRequest("a request of api " + id + ", which does not exist", frame));
    }

    /** Stands for bytes that are no frame, so that the connection closes once the answers before it have left. */
    static ClientRequest refused(String reason) {
        return new ClientRequest(reason, Unpooled.EMPTY_BUFFER);
    }

    /** What came in, decoded. */
    record Decoded(String clientId, ApiMessage message) {}

    /**
     * Decodes the frame in another version than the header says, or in that one.
     *
     * @throws io.kaon.wire.MalformedFrameException if it is none
     */
    Decoded decode(short asVersion) {
        ByteBuffer bytes = frame.get().nioBuffer();
        BufferReader in = new BufferReader(bytes);
        RequestHeader header = new RequestHeader();
        header.read(in, api.requestHeaderVersion(asVersion));
        ApiMessage message = api.newRequest();
        message.read(in, asVersion);
        in.requireFullyRead();
        return new Decoded(header.clientId() == null ? "" : header.clientId(), message);
    }

    /** Whether the decoded request may point into the frame. */
    boolean mayPointIntoFrame() {
        return api == ApiKey.PRODUCE;
    }

    /** Gives back the frame. Idempotent; any thread. */
    void releaseFrame() {
        ByteBuf held = frame.getAndSet(null);
        if (held != null) {
            held.release();
        }
    }

    ApiKey api() {
        return api;
    }

    /** As the client said: perhaps one that we do not know. */
    short version() {
        return version;
    }

    int correlationId() {
        return correlationId;
    }

    int frameBytes() {
        return frameBytes;
    }

    /**
     * The version nearest to the client's that can be written. ApiVersions falls back to 0, which every client reads
     * (C13).
     */
    short answerVersion() {
        if (api.hasVersion(version)) {
            return version;
        }
        if (api == ApiKey.API_VERSIONS || version < api.oldestVersion()) {
            return api.oldestVersion();
        }
        return api.latestVersion();
    }
}
