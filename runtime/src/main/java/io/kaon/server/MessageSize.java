// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.RecordBytes;
import io.kaon.wire.WireWriter;

/** How many bytes a message takes on the wire, without its header: pretends to write it and counts. */
final class MessageSize extends WireWriter {
    private long bytes;

    private MessageSize() {}

    /**
     * The size of a message in that version; its records are not touched.
     *
     * @throws io.kaon.wire.UnsupportedFieldException when the version cannot express it
     */
    static long of(ApiMessage message, short version) {
        MessageSize size = new MessageSize();
        message.write(size, version);
        return size.bytes;
    }

    @Override
    public void writeByte(int value) {
        bytes += Byte.BYTES;
    }

    @Override
    public void writeShort(int value) {
        bytes += Short.BYTES;
    }

    @Override
    public void writeInt(int value) {
        bytes += Integer.BYTES;
    }

    @Override
    public void writeLong(long value) {
        bytes += Long.BYTES;
    }

    @Override
    public void writeBytes(byte[] content) {
        bytes += content.length;
    }

    @Override
    public void writeRecords(RecordBytes records) {
        bytes += records.sizeInBytes();
    }
}
