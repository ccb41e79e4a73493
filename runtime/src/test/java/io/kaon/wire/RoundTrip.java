// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** What every message must stand, in one version. */
final class RoundTrip {
    private final Supplier<? extends Message> maker;
    private final short version;
    private final String what;

    /** @param maker gives an empty message of ours */
    RoundTrip(Supplier<? extends Message> maker, short version, long seed) {
        this.maker = maker;
        this.version = version;
        this.what = maker.get().getClass().getSimpleName() + " version " + version + " seed " + seed;
    }

    static byte[] write(Message message, short version) {
        BufferWriter out = new BufferWriter();
        message.write(out, version);
        return out.toByteArray();
    }

    /** Ours → Kafka's → ours, byte for byte, and with the same values under the same names. */
    void throughOracle(byte[] bytes, OracleMessage oracle) {
        byte[] theirs = oracle.read(bytes, version).write(version);
        assertThat(theirs).as("%s, written by Kafka", what).isEqualTo(bytes);
        Message read = readFully(theirs);
        assertThat(write(read, version)).as("%s, read and written by us", what).isEqualTo(theirs);
        assertThat(SameValues.differences(read, oracle.message())).as(what).isEmpty();
    }

    /** Tagged fields that we do not know are skipped, everywhere. */
    void skippingUnknownTags(byte[] bytes, OracleMessage oracle) {
        byte[] withTags = oracle.read(bytes, version).addUnknownTags().write(version);
        assertThat(withTags.length).as(what).isGreaterThan(bytes.length);
        assertThat(write(readFully(withTags), version))
                .as("%s, unknown tags skipped", what)
                .isEqualTo(bytes);
    }

    Message readFully(byte[] bytes) {
        return readFully(ByteBuffer.wrap(bytes));
    }

    Message readFully(ByteBuffer bytes) {
        Message message = maker.get();
        WireReader in = new BufferReader(bytes);
        message.read(in, version);
        in.requireFullyRead();
        return message;
    }

    @Override
    public String toString() {
        return what;
    }
}
