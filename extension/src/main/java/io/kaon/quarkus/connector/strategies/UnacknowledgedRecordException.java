// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

/** Why a record is in the dead letter topic that the application has neither acknowledged nor refused in time. */
public final class UnacknowledgedRecordException extends RuntimeException {
    UnacknowledgedRecordException(String message) {
        super(message, null, false, false);
    }
}
