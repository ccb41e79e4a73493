// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.record.FileSlice;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.RecordBytes;
import io.kaon.wire.WireWriter;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ResponseHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * A response as it goes into the socket: an int32 length, the header, the body, with record bytes inserted where they
 * belong — regions of files as regions, others as views. Used by one thread at a time.
 */
final class ResponseFrame extends WireWriter {
    private static final int INITIAL_BYTES = 256;
    /** In-memory records up to this size are copied: a write of their own would cost more. */
    private static final int MAX_COPIED_BYTES = 4 * 1024;

    private final ByteBuf buffer;
    private final List<Insertion> insertions = new ArrayList<>();
    private final List<RecordBytes> records = new ArrayList<>();
    private long insertedBytes;

    private ResponseFrame(ByteBufAllocator allocator) {
        buffer = allocator.directBuffer(INITIAL_BYTES);
    }

    private record Insertion(int at, RecordBytes records) {}

    /**
     * Encodes a response; what it throws leaves the message's records unreleased.
     *
     * @param version of the body
     */
    static ResponseFrame of(ByteBufAllocator allocator, int correlationId, short version, ApiMessage response) {
        ResponseFrame frame = new ResponseFrame(allocator);
        try {
            ApiKey api = ApiKey.of(response.apiKey()).orElseThrow();
            frame.writeInt(0);
            new ResponseHeader().setCorrelationId(correlationId).write(frame, api.responseHeaderVersion(version));
            response.write(frame, version);
            frame.buffer.setInt(0, Math.toIntExact(frame.sizeInBytes() - Integer.BYTES));
            return frame;
        } catch (RuntimeException failure) {
            frame.buffer.release();
            throw failure;
        }
    }

    /** Bytes in the socket, with the length. */
    long sizeInBytes() {
        return buffer.writerIndex() + insertedBytes;
    }

    /**
     * What has to be written, in order. Called once: the caller owns the parts, and calls {@link #release} when they
     * are sent.
     */
    List<Object> parts() {
        if (insertions.isEmpty()) {
            return List.of(buffer);
        }
        List<Object> parts = new ArrayList<>(2 * insertions.size() + 1);
        for (Insertion insertion : insertions) {
            int length = insertion.at() - buffer.readerIndex();
            if (length > 0) {
                parts.add(buffer.readRetainedSlice(length));
            }
            parts.add(part(insertion.records()));
        }
        if (buffer.isReadable()) {
            parts.add(buffer);
        } else {
            buffer.release();
        }
        return parts;
    }

    /** Releases the records of the response. */
    void release() {
        records.forEach(RecordBytes::release);
        records.clear();
    }

    @Override
    public void writeByte(int value) {
        buffer.writeByte(value);
    }

    @Override
    public void writeShort(int value) {
        buffer.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.writeLong(value);
    }

    @Override
    public void writeBytes(byte[] bytes) {
        buffer.writeBytes(bytes);
    }

    @Override
    public void writeRecords(RecordBytes bytes) {
        records.add(bytes);
        int size = bytes.sizeInBytes();
        if (size > 0 && (bytes instanceof FileSlice || size > MAX_COPIED_BYTES)) {
            insertions.add(new Insertion(buffer.writerIndex(), bytes));
            insertedBytes += size;
        } else if (size > 0) {
            buffer.writeBytes(bytes.toBuffer());
        }
    }

    private static Object part(RecordBytes records) {
        return records instanceof FileSlice slice
                ? new FileSliceRegion(slice)
                : Unpooled.wrappedBuffer(records.toBuffer());
    }
}
