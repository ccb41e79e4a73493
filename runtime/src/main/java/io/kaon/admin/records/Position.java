// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

/** Where a page of records begins, and which way it goes. */
public sealed interface Position {
    /** The newest records, going back. */
    record Newest() implements Position {}

    /** The oldest records that are there, going on. */
    record Oldest() implements Position {}

    /** From this offset of each partition, going on. */
    record AtOffset(long offset) implements Position {
        public AtOffset {
            require(offset >= 0, "an offset is at least 0, was %s", offset);
        }
    }

    /** From the first record of each partition whose timestamp (ms since 1970) is not smaller, going on. */
    record AtTimestamp(long timestampMs) implements Position {
        public AtTimestamp {
            require(timestampMs >= 0, "a timestamp is at least 0, was %s", timestampMs);
        }
    }

    /** Where another page ended, as {@link RecordPage#older()} and {@link RecordPage#newer()} tell. */
    record Cursor(String text) implements Position {}

    static Position newest() {
        return new Newest();
    }

    static Position oldest() {
        return new Oldest();
    }

    static Position offset(long offset) {
        return new AtOffset(offset);
    }

    static Position timestamp(long timestampMs) {
        return new AtTimestamp(timestampMs);
    }

    static Position cursor(String text) {
        return new Cursor(text);
    }
}
