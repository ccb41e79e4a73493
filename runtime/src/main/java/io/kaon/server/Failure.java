// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A request that failed as a whole: what its error response says, in which version. */
record Failure(short version, ErrorCode error) {
    short code() {
        return error.code();
    }

    /** Builds an api's error response from its request. */
    @FunctionalInterface
    interface Shape<Q extends ApiMessage> {
        ApiMessage response(Q request, Failure failure);
    }

    /** A new list with an entry of the response for each entry of the request; none for null. */
    static <A, B> List<B> each(List<A> entries, Function<A, B> mapping) {
        List<B> mapped = new ArrayList<>();
        if (entries != null) {
            for (A entry : entries) {
                mapped.add(mapping.apply(entry));
            }
        }
        return mapped;
    }
}
