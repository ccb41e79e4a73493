// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

import io.kaon.wire.StateMessage;
import java.util.List;

/** Follows a journal. Called inside the journal's owner, in the order of the journal. */
public interface JournalListener {
    /** A snapshot begins: everything before is forgotten, and records of that offset follow, in several pieces. */
    void onSnapshot(long offset);

    /** The records of an entry, or a piece of the snapshot. */
    void onRecords(long offset, List<StateMessage> records);

    /** What was durable when {@link Journal#follow} was called has been told. */
    void onCaughtUp();

    /**
     * The records that make up all that was told so far, for a snapshot. Iterated on a disk thread while the listener
     * goes on: made from something immutable.
     */
    Iterable<StateMessage> snapshot();
}
