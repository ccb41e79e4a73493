// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** The internal topic on whose partitions the shards of one coordinator live. Any thread. */
public interface CoordinatorTopic {
    /** Whether the topic exists, as far as this broker knows. */
    boolean exists();

    /** How many partitions it has, or will have when it is made. */
    int partitionCount();

    /**
     * Creates the topic through the controller; completes when this broker knows it, also when somebody else was
     * faster. Fails when it cannot be created now.
     */
    CompletionStage<Void> create();

    /** The log of a partition that this broker leads. Fails when it cannot be opened. */
    CompletionStage<ShardLog> open(int partition);

    /** The partition whose leader coordinates a group or a transactional id: where Kafka would keep it too. */
    default int partitionFor(String key) {
        int hash = key.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount();
    }

    /** Makes the topic if it is not there. NONE when it is, COORDINATOR_NOT_AVAILABLE when it could not be made now. */
    default CompletionStage<ErrorCode> ensure() {
        if (exists()) {
            return CompletableFuture.completedStage(ErrorCode.NONE);
        }
        return create().handle((ignored, failure) -> {
            if (failure != null) {
                Logger.getLogger(CoordinatorTopic.class)
                        .warn("The topic of a coordinator could not be created", failure);
                return ErrorCode.COORDINATOR_NOT_AVAILABLE;
            }
            return ErrorCode.NONE;
        });
    }
}
