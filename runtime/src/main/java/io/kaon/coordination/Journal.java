// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

import io.kaon.wire.StateMessage;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The port to the metadata journal (D5): the one order of all changes to the cluster. An entry is what one append
 * wrote: it is there as a whole or not at all. Offsets count entries, from 0, without gaps.
 *
 * <p>Every adapter is given an owner at construction; all methods are called inside it and the listener is called
 * inside it.
 */
public interface Journal {
    /**
     * Tells the listener everything from the snapshot on, then {@link JournalListener#onCaughtUp}, then each entry that
     * becomes durable, whoever appended it. Called once. The result fails with a {@link JournalException} when the
     * journal cannot be read.
     */
    CompletionStage<Void> follow(JournalListener listener);

    /**
     * Writes an entry. Completes with its offset, inside the owner, when it is durable <em>and</em> the listener has
     * seen it. Fails with a {@link JournalException} when that is not so, in which case it may or may not be there;
     * every later append fails too. Entries keep the order of the calls. Only after a {@link JournalUndoneException} the
     * journal goes on: this entry and all that were waiting behind it are not there, and {@link #endOffset} is back.
     */
    CompletionStage<Long> append(List<StateMessage> records);

    /** Whether nothing can be appended any more, because what is on disk is not known. Any thread. */
    default boolean hasFailed() {
        return false;
    }

    /** The offset that the next append will get, if nobody else appends before. */
    long endOffset();

    /** Finishes what was appended and lets go of the journal. Idempotent. */
    CompletionStage<Void> close();
}
