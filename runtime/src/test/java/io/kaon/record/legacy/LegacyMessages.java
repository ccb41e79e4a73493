// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import io.kaon.record.CompressionType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/** Message sets for the tests of other packages. */
public final class LegacyMessages {
    private LegacyMessages() {}

    /** A set of such values: single messages, or one wrapper. The n-th has timestamp {@code T + n}. */
    public static ByteBuffer set(int magic, CompressionType type, String... values) {
        return type == CompressionType.NONE
                ? MessageSets.plain(magic, 0, values)
                : MessageSets.wrapped(magic, type, 0, values);
    }

    /** The same bytes with a CRC that is that of their first entry, if it says where it ends; changed in place. */
    public static ByteBuffer withRightCrc(ByteBuffer set) {
        if (set.limit() < LegacyFormat.ENTRY_OVERHEAD + LegacyFormat.MIN_SIZE_0) {
            return set;
        }
        int end = LegacyFormat.ENTRY_OVERHEAD + set.getInt(LegacyFormat.SIZE_AT);
        if (end > LegacyFormat.MAGIC_AT && end <= set.limit()) {
            CRC32 crc = new CRC32();
            crc.update(set.slice(LegacyFormat.MAGIC_AT, end - LegacyFormat.MAGIC_AT));
            set.putInt(LegacyFormat.CRC_AT, (int) crc.getValue());
        }
        return set;
    }

    /** A message of magic 0 without a key. */
    public static ByteBuffer withoutKey(String value) {
        return MessageSets.message(0, 0, 0, null, MessageSets.utf8(value));
    }

    /**
     * Every message as {@code m<magic> <offset>=<value>}, wrappers as {@code m<magic> <offset>:[…]} with the offsets as
     * they stand inside, and {@code cut} for an unfinished last one.
     */
    public static List<String> read(ByteBuffer set) {
        List<String> messages = new ArrayList<>();
        LegacySetReader reader = new LegacySetReader(set);
        int size = 0;
        for (Optional<LegacyMessage> next = reader.next(); next.isPresent(); next = reader.next()) {
            LegacyMessage message = next.get();
            size += message.sizeInBytes();
            message.check();
            String text = message.isWrapper() ? message.offset() + ":" + inside(message) : plain(message);
            messages.add("m" + message.magic() + " " + text + (message.isCrcValid() ? "" : " wrong CRC"));
        }
        if (size < set.remaining()) {
            messages.add("cut");
        }
        return messages;
    }

    private static List<String> inside(LegacyMessage wrapper) {
        List<String> messages = new ArrayList<>();
        try (InnerMessages inner = new InnerMessages(wrapper, MessageSets.LIMITS, Integer.MAX_VALUE)) {
            while (inner.advance()) {
                messages.add(plain(inner.current()));
            }
        }
        return messages;
    }

    private static String plain(LegacyMessage message) {
        return message.offset() + "=" + StandardCharsets.UTF_8.decode(message.value());
    }
}
