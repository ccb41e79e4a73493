// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;

/** What is to become of a request about one transactional id. Making one changes nothing. */
sealed interface Decision {
    /** Nothing changes. The answer leaves when what it rests on is committed. */
    record Answer(Reply reply) implements Decision {}

    /** The transactional id takes a step. The answer leaves when that is committed. */
    record Step(Transaction next, Reply reply) implements Decision {}

    /** The transaction in the way is aborted; the request is decided again when that is over. */
    record AbortFirst(Transaction next) implements Decision {}

    /** A transaction is about to end: the request is decided again when it has. */
    record AfterEnding() implements Decision {}

    /** The request is decided again with a new producer id at hand. */
    record NeedsProducerId() implements Decision {}

    static Decision refuse(ErrorCode error) {
        return new Answer(Reply.failed(error));
    }
}
