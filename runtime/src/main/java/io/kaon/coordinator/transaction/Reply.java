// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;

/**
 * What a decision answers, before it takes the shape of an api.
 *
 * @param producer whom the answer is about; {@link #NOBODY} with an error, or when it does not matter
 */
record Reply(ErrorCode error, ProducerIdAndEpoch producer) {
    static final ProducerIdAndEpoch NOBODY = new ProducerIdAndEpoch(ProducerIdentity.NO_ID, ProducerIdentity.NO_EPOCH);

    static final Reply DONE = new Reply(ErrorCode.NONE, NOBODY);

    static Reply failed(ErrorCode error) {
        return new Reply(error, NOBODY);
    }

    static Reply to(ProducerIdAndEpoch producer) {
        return new Reply(ErrorCode.NONE, producer);
    }
}
