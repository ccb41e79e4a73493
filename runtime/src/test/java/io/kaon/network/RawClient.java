// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.RequestHeader;
import io.kaon.wire.message.ResponseHeader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A client of one blocking socket that can say anything. */
final class RawClient implements AutoCloseable {
    static final String CLIENT_ID = "raw";

    private static final int TIMEOUT_MS = 30_000;

    private final Socket socket;
    private final DataInputStream in;

    RawClient(int port) throws IOException {
        this("127.0.0.1", port);
    }

    RawClient(String host, int port) throws IOException {
        socket = new Socket(InetAddress.getByName(host), port);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    record Response(int correlationId, ApiMessage message, byte[] body) {}

    static byte[] frame(int correlationId, ApiMessage request, short version) {
        ApiKey api = ApiKey.of(request.apiKey()).orElseThrow();
        BufferWriter out = new BufferWriter();
        new RequestHeader()
                .setRequestApiKey(api.id())
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId(CLIENT_ID)
                .write(out, api.requestHeaderVersion(version));
        request.write(out, version);
        return framed(out.toByteArray());
    }

    static byte[] framed(byte[] content) {
        return ByteBuffer.allocate(Integer.BYTES + content.length)
                .putInt(content.length)
                .put(content)
                .array();
    }

    void send(int correlationId, ApiMessage request, short version) throws IOException {
        send(frame(correlationId, request, version));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Nothing more will be sent. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    byte[] readFrame() throws IOException {
        byte[] content = new byte[in.readInt()];
        in.readFully(content);
        return content;
    }

    Response read(ApiKey api, short version) throws IOException {
        byte[] content = readFrame();
        BufferReader reader = new BufferReader(ByteBuffer.wrap(content));
        ResponseHeader header = new ResponseHeader();
        header.read(reader, api.responseHeaderVersion(version));
        ApiMessage message = api.newResponse();
        message.read(reader, version);
        reader.requireFullyRead();
        return new Response(header.correlationId(), message, content);
    }

    /** Whether the server ends the connection instead of sending anything more. */
    boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return !(reset instanceof java.net.SocketTimeoutException);
        }
    }

    @Override
    public void close() throws IOException {
        disconnect();
    }

    /** Ends the connection before the client's scope ends. */
    void disconnect() throws IOException {
        socket.close();
    }
}
