// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.wire.BufferWriter;
import io.kaon.wire.StateMessage;
import io.kaon.wire.WireReader;
import io.kaon.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Metadata records as bytes, the same in every journal adapter.
 *
 * <pre>
 * count   unsigned varint
 * count × record:
 *   type     unsigned varint   number of the record type
 *   version  unsigned varint   version in which it was written
 *   size     unsigned varint   bytes that follow
 *   body     as generated
 * </pre>
 */
public final class MetadataRecordCodec {
    /** A record takes at least its type, version and size. */
    private static final int MIN_RECORD_BYTES = 3;

    private MetadataRecordCodec() {}

    public static void write(WireWriter out, List<StateMessage> records) {
        out.writeUnsignedVarint(records.size());
        for (StateMessage message : records) {
            BufferWriter body = new BufferWriter();
            message.write(body, message.highestVersion());
            out.writeUnsignedVarint(message.recordType());
            out.writeUnsignedVarint(message.highestVersion());
            out.writeUnsignedVarint(body.size());
            out.writeBytes(body.toByteArray());
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws UnknownMetadataException when a newer Kaon wrote it
     * @throws io.kaon.wire.MalformedFrameException when it is not such bytes
     */
    public static List<StateMessage> read(WireReader in) {
        int count = in.requireCount(in.readUnsignedVarint(), MIN_RECORD_BYTES, "records");
        List<StateMessage> records = new ArrayList<>(WireReader.initialCapacity(count));
        for (int i = 0; i < count; i++) {
            records.add(readRecord(in));
        }
        return records;
    }

    private static StateMessage readRecord(WireReader in) {
        int type = in.readUnsignedVarint();
        int version = in.readUnsignedVarint();
        StateMessage message = MetadataRecordType.of(type)
                .map(MetadataRecordType::newRecord)
                .filter(it -> version >= it.lowestVersion() && version <= it.highestVersion())
                .orElseThrow(() -> new UnknownMetadataException(type, version));
        int hidden = in.beginTaggedField(); // a size and that many bytes, to be read to the end
        message.read(in, (short) version);
        in.endTaggedField(hidden);
        return message;
    }
}
