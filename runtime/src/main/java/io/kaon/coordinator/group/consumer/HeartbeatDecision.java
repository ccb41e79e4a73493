// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.regex.ExpressionLookup;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Optional;

/**
 * What a heartbeat is to change, and its answer once that is committed. Making one changes nothing.
 *
 * @param records to be written as one batch, possibly none
 * @param response the answer if the write succeeds
 * @param heard the member whose session begins anew; empty if nobody's does
 * @param metadataOffset offset of the metadata that the group was compared with, or {@link #NOT_COMPARED}
 * @param lookup of expressions whose topics follow later, because it takes long
 */
public record HeartbeatDecision(
        List<ModernGroupRecord> records,
        ConsumerGroupHeartbeatResponse response,
        String heard,
        long metadataOffset,
        Optional<ExpressionLookup> lookup) {
    static final long NOT_COMPARED = -1;

    public HeartbeatDecision {
        records = List.copyOf(records);
    }

    HeartbeatDecision(
            List<ModernGroupRecord> records,
            ConsumerGroupHeartbeatResponse response,
            String heard,
            long metadataOffset) {
        this(records, response, heard, metadataOffset, Optional.empty());
    }

    /** Nothing changes; the member is told why. */
    static HeartbeatDecision refused(ErrorCode error, String message) {
        return new HeartbeatDecision(List.of(), failed(error, message), "", NOT_COMPARED);
    }

    static ConsumerGroupHeartbeatResponse failed(ErrorCode error, String message) {
        return new ConsumerGroupHeartbeatResponse().setErrorCode(error.code()).setErrorMessage(message);
    }

    public boolean isRefused() {
        return response.errorCode() != ErrorCode.NONE.code();
    }
}
