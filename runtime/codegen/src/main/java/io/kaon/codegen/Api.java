// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

/**
 * A request with its response.
 *
 * @param request merged
 * @param response merged
 */
record Api(Schema request, Schema response) {
    private static final String REQUEST_SUFFIX = "Request";

    Api {
        if (!request.valid().equals(response.valid()) || !request.flexible().equals(response.flexible())) {
            throw new GenerationException(
                    "%s has versions %s (flexible %s), but %s has %s (flexible %s)",
                    request.name(),
                    request.valid(),
                    request.flexible(),
                    response.name(),
                    response.valid(),
                    response.flexible());
        }
    }

    int id() {
        return request.apiKey();
    }

    String name() {
        return request.name().substring(0, request.name().length() - REQUEST_SUFFIX.length());
    }

    int oldestVersion() {
        return request.valid().lowest();
    }

    /** The newest version that Kafka calls stable. */
    int latestVersion() {
        return request.unstable()
                ? request.valid().highest() - 1
                : request.valid().highest();
    }

    /** {@link Short#MAX_VALUE} if there is none. */
    int firstFlexibleVersion() {
        return request.flexible().isEmpty()
                ? Short.MAX_VALUE
                : request.flexible().lowest();
    }
}
