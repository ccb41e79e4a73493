// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import org.junit.jupiter.api.Test;

class StorageErrorsTest {
    @Test
    void shouldTellOlderClientsToTryAgain() {
        assertThat(StorageErrors.inProduce(ErrorCode.KAFKA_STORAGE_ERROR, (short) 3))
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(StorageErrors.inProduce(ErrorCode.KAFKA_STORAGE_ERROR, (short) 4))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(StorageErrors.inFetch(ErrorCode.KAFKA_STORAGE_ERROR, (short) 5))
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(StorageErrors.inFetch(ErrorCode.KAFKA_STORAGE_ERROR, (short) 6))
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldLeaveOtherErrorsAlone() {
        assertThat(StorageErrors.inProduce(ErrorCode.MESSAGE_TOO_LARGE, (short) 0))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(StorageErrors.inFetch(ErrorCode.NONE, (short) 0)).isEqualTo(ErrorCode.NONE);
    }
}
