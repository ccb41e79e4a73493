// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.TopicPartition;
import io.kaon.storage.checkpoint.CorruptFileException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Says once aloud that a partition's log cannot be opened, however often that is tried: for as long as somebody asks for
 * the partition. Of the partition's owner.
 */
final class OpeningTrouble {
    private static final Logger LOG = Logger.getLogger(Partition.class);

    private final TopicPartition name;
    private boolean isTold;

    OpeningTrouble(TopicPartition name) {
        this.name = name;
    }

    void onFailure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (isTold) {
            LOG.debugf(cause, "%s still cannot be opened", name);
            return;
        }
        isTold = true;
        if (cause instanceof CorruptFileException) {
            LOG.errorf(
                    "%s is offline, others are served: %s. Bring the file back from a copy; or move the partition's "
                            + "folder away, and it begins anew without its records.",
                    name, cause.getMessage());
        } else if (cause instanceof IOException) {
            LOG.errorf("%s is offline and will be tried again, others are served: %s", name, cause);
            LOG.debugf(cause, "Why %s cannot be opened", name);
        } else {
            LOG.errorf(cause, "%s cannot be opened: it is offline and will be tried again", name);
        }
    }

    void onOpened() {
        if (isTold) {
            isTold = false;
            LOG.infof("%s is online again", name);
        }
    }
}
