// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.RequestHeader;
import io.kaon.wire.message.ResponseHeader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** A client of one blocking socket to a real broker: well-behaved with {@link #call}, anything with {@link #send}. */
final class WireClient implements AutoCloseable {
    static final String CLIENT_ID = "wire";

    private static final int TIMEOUT_MS = 30_000;
    private static final int MAX_ATTEMPTS = 100_000;

    private final Socket socket;
    private final DataInputStream in;
    private int lastCorrelationId;

    WireClient(Broker broker) {
        try {
            socket = new Socket("127.0.0.1", broker.port());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MS);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a request and reads its response. */
    <T extends ApiMessage> T call(ApiMessage request, int version, Class<T> type) {
        int correlationId = ++lastCorrelationId;
        send(frame(correlationId, request, version));
        return type.cast(read(request.apiKey(), version, correlationId));
    }

    /** Asks until the coordinator of a group answers for it, as clients do (C11). */
    void awaitCoordinator(String group) {
        FindCoordinatorRequest question = new FindCoordinatorRequest().setKey(group);
        HeartbeatRequest heartbeat =
                new HeartbeatRequest().setGroupId(group).setMemberId("nobody").setGenerationId(1);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            boolean isFound = call(question, 2, FindCoordinatorResponse.class).errorCode() == ErrorCode.NONE.code();
            short error = call(heartbeat, 3, HeartbeatResponse.class).errorCode();
            if (isFound && error == ErrorCode.UNKNOWN_MEMBER_ID.code()) {
                return;
            }
        }
        throw new AssertionError("the coordinator of " + group + " does not come");
    }

    /** Reads the next response, which must have that correlation id. */
    ApiMessage read(short apiKey, int version, int correlationId) {
        ApiKey api = ApiKey.of(apiKey).orElseThrow();
        BufferReader reader = new BufferReader(ByteBuffer.wrap(readFrame()));
        ResponseHeader header = new ResponseHeader();
        header.read(reader, api.responseHeaderVersion((short) version));
        if (header.correlationId() != correlationId) {
            throw new AssertionError("expected answer " + correlationId + ", got " + header.correlationId());
        }
        ApiMessage response = api.newResponse();
        response.read(reader, (short) version);
        reader.requireFullyRead();
        return response;
    }

    byte[] readFrame() {
        try {
            byte[] content = new byte[in.readInt()];
            in.readFully(content);
            return content;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether the broker ends the connection without saying anything more. */
    boolean isClosedByBroker() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException silence) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    static byte[] frame(int correlationId, ApiMessage request, int version) {
        return framed(content(correlationId, request, version));
    }

    /** What is inside the frame. */
    static byte[] content(int correlationId, ApiMessage request, int version) {
        ApiKey api = ApiKey.of(request.apiKey()).orElseThrow();
        BufferWriter out = new BufferWriter();
        new RequestHeader()
                .setRequestApiKey(api.id())
                .setRequestApiVersion((short) version)
                .setCorrelationId(correlationId)
                .setClientId(CLIENT_ID)
                .write(out, api.requestHeaderVersion((short) version));
        request.write(out, (short) version);
        return out.toByteArray();
    }

    static byte[] framed(byte[] content) {
        return ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(content.length)
                .put(content)
                .array();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
