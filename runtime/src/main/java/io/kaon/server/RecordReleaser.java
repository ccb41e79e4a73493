// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.RecordBytes;
import io.kaon.wire.WireWriter;
import org.jboss.logging.Logger;

/** Releases the records of a response that nobody will get: pretends to write it and keeps nothing. */
public final class RecordReleaser extends WireWriter {
    private static final Logger LOG = Logger.getLogger(RecordReleaser.class);

    private RecordReleaser() {}

    /** Releases what an unsent reply holds. Any thread. */
    public static void discard(Reply reply, short version) {
        if (reply instanceof Reply.Answer answer) {
            release(answer.message(), version);
        }
    }

    /** Releases what a response holds. Any thread. */
    public static void release(ApiMessage response, short version) {
        try {
            response.write(new RecordReleaser(), version);
        } catch (RuntimeException failure) {
            LOG.debugf(failure, "A dropped response of api %d could not be released entirely", response.apiKey());
        }
    }

    @Override
    public void writeByte(int value) {}

    @Override
    public void writeShort(int value) {}

    @Override
    public void writeInt(int value) {}

    @Override
    public void writeLong(long value) {}

    @Override
    public void writeBytes(byte[] bytes) {}

    @Override
    public void writeRecords(RecordBytes records) {
        records.release();
    }
}
