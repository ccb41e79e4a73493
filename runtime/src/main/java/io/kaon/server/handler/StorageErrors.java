// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;

/**
 * KAFKA_STORAGE_ERROR came with Produce 4 and Fetch 6. Older clients take a code that they do not know for the end:
 * they are told NOT_LEADER_OR_FOLLOWER, and try again.
 */
final class StorageErrors {
    private static final int FIRST_PRODUCE_VERSION = 4;
    private static final int FIRST_FETCH_VERSION = 6;

    private StorageErrors() {}

    static ErrorCode inProduce(ErrorCode error, short version) {
        return version < FIRST_PRODUCE_VERSION ? older(error) : error;
    }

    static ErrorCode inFetch(ErrorCode error, short version) {
        return version < FIRST_FETCH_VERSION ? older(error) : error;
    }

    private static ErrorCode older(ErrorCode error) {
        return error == ErrorCode.KAFKA_STORAGE_ERROR ? ErrorCode.NOT_LEADER_OR_FOLLOWER : error;
    }
}
