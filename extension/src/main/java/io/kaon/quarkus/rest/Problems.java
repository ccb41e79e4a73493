// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.kaon.admin.AdminException;
import io.kaon.common.ErrorCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * The one place that turns refusals and exceptions into problems. The numbers are those of the public Kafka REST
 * convention.
 */
final class Problems {
    private static final Logger LOG = Logger.getLogger("io.kaon.rest");
    private static final int NOT_ALLOWED = 40301;
    private static final int UNKNOWN_TOPIC_OR_PARTITION = 40403;
    private static final int REFUSED_BY_BROKER = 40002;
    private static final int BROKER_ERROR = 50002;
    private static final int TRY_AGAIN = 50003;
    private static final int NOT_AVAILABLE = 50302;

    private Problems() {}

    static Problem of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ProblemException problem) {
            return problem.problem();
        }
        if (cause instanceof AdminException refusal) {
            return of(refusal.code(), refusal.getMessage());
        }
        LOG.errorf(cause, "A REST request failed unexpectedly");
        return Problem.of(500, BROKER_ERROR, "The request failed unexpectedly. The log of the application says more.");
    }

    static Problem of(ErrorCode code, String message) {
        switch (code) {
            case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID:
                return Problem.of(404, UNKNOWN_TOPIC_OR_PARTITION, message);
            case GROUP_ID_NOT_FOUND,
                    TRANSACTIONAL_ID_NOT_FOUND,
                    RESOURCE_NOT_FOUND,
                    UNKNOWN_MEMBER_ID,
                    LOG_DIR_NOT_FOUND:
                return Problem.of(404, message);
            case TOPIC_AUTHORIZATION_FAILED,
                    GROUP_AUTHORIZATION_FAILED,
                    CLUSTER_AUTHORIZATION_FAILED,
                    TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
                return Problem.of(403, NOT_ALLOWED, message);
            case NON_EMPTY_GROUP, GROUP_SUBSCRIBED_TO_TOPIC, CONCURRENT_TRANSACTIONS:
                return Problem.of(409, message);
            case TOPIC_ALREADY_EXISTS,
                    INVALID_PARTITIONS,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_REPLICA_ASSIGNMENT,
                    INVALID_CONFIG,
                    INVALID_TOPIC_EXCEPTION,
                    INVALID_GROUP_ID,
                    INVALID_REQUEST,
                    INVALID_RECORD,
                    INVALID_TIMESTAMP,
                    OFFSET_OUT_OF_RANGE,
                    MESSAGE_TOO_LARGE,
                    RECORD_LIST_TOO_LARGE,
                    POLICY_VIOLATION,
                    UNSUPPORTED_VERSION,
                    UNSUPPORTED_FOR_MESSAGE_FORMAT:
                return Problem.of(400, REFUSED_BY_BROKER, message);
            case BROKER_NOT_AVAILABLE, COORDINATOR_NOT_AVAILABLE, NETWORK_EXCEPTION, LEADER_NOT_AVAILABLE:
                return Problem.of(503, NOT_AVAILABLE, message);
            default:
                return Problem.of(500, code.isRetriable() ? TRY_AGAIN : BROKER_ERROR, message);
        }
    }

    /** As HTTP calls it. */
    static String titleOf(int status) {
        switch (status) {
            case 400:
                return "Bad Request";
            case 401:
                return "Unauthorized";
            case 403:
                return "Forbidden";
            case 404:
                return "Not Found";
            case 405:
                return "Method Not Allowed";
            case 409:
                return "Conflict";
            case 413:
                return "Content Too Large";
            case 415:
                return "Unsupported Media Type";
            case 422:
                return "Unprocessable Content";
            case 429:
                return "Too Many Requests";
            case 503:
                return "Service Unavailable";
            default:
                return "Internal Server Error";
        }
    }
}
