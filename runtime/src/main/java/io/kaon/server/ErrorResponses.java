// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The error response of every api that we can decode, also of those that we do not serve: one error for the whole
 * request, placed where the version has room for it — at the top, or in each entry that was asked for.
 */
public final class ErrorResponses {
    private static final Map<ApiKey, Failure.Shape<ApiMessage>> SHAPES = shapes();

    private ErrorResponses() {}

    /**
     * A well-formed response of the request's api that carries the error.
     *
     * @param version the version in which the response will be written
     */
    public static ApiMessage of(ApiMessage request, short version, ErrorCode error) {
        Optional<ApiKey> key = ApiKey.of(request.apiKey());
        Failure.Shape<ApiMessage> shape = key.map(SHAPES::get)
                .orElseThrow(() -> new IllegalArgumentException("no error response for api " + request.apiKey()));
        return shape.response(request, new Failure(version, error));
    }

    private static Map<ApiKey, Failure.Shape<ApiMessage>> shapes() {
        Map<ApiKey, Failure.Shape<ApiMessage>> shapes = new EnumMap<>(ApiKey.class);
        Registry registry = new Registry(shapes);
        FlatErrors.register(registry);
        RecordErrors.register(registry);
        GroupErrors.register(registry);
        AdminErrors.register(registry);
        TransactionErrors.register(registry);
        return shapes;
    }

    /** Collects the shapes, each with the request that it reads. */
    record Registry(Map<ApiKey, Failure.Shape<ApiMessage>> shapes) {
        <Q extends ApiMessage> void put(ApiKey key, Class<Q> type, Failure.Shape<Q> shape) {
            shapes.put(key, (request, failure) -> shape.response(type.cast(request), failure));
        }

        /** For responses that need nothing from the request. */
        void put(ApiKey key, Flat flat) {
            shapes.put(key, (request, failure) -> flat.response(failure.code()));
        }
    }

    /** Builds a response whose only content is its error code. */
    @FunctionalInterface
    interface Flat {
        ApiMessage response(short code);
    }
}
