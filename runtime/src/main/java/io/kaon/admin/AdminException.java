// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;

/** What the broker answered instead of a result. Has no stack trace: it is an answer, not a defect. */
public final class AdminException extends RuntimeException {
    private final ErrorCode code;

    /**
     * @param code never NONE
     * @param message a sentence for whoever asked; null for the code's own name
     */
    public AdminException(ErrorCode code, String message) {
        super(message == null ? sentenceOf(code) : message, null, false, false);
        this.code = code;
    }

    /** Why the broker refused. */
    public ErrorCode code() {
        return code;
    }

    private static String sentenceOf(ErrorCode code) {
        switch (code) {
            case UNKNOWN_TOPIC_OR_PARTITION:
                return "There is no such topic or partition.";
            case GROUP_ID_NOT_FOUND:
                return "There is no such group.";
            case NON_EMPTY_GROUP:
                return "The group has members. Stop its consumers first.";
            case TOPIC_ALREADY_EXISTS:
                return "There is a topic of that name.";
            case REQUEST_TIMED_OUT:
                return "The broker did not answer in time.";
            default:
                return "The broker answered " + code + ".";
        }
    }
}
