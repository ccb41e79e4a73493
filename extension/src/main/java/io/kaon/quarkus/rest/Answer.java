// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** What an operation answers. */
public sealed interface Answer {
    /** The media type of a stream of JSON values, one a line. */
    String NDJSON = "application/x-ndjson";

    /** Status of HTTP. */
    int status();

    /** JSON, held whole: for what is bounded. */
    record Json(int status, JsonNode body, Map<String, String> headers) implements Answer {}

    /** No content. */
    record Nothing(int status) implements Answer {}

    /** Content that is written piece by piece, as fast as the client takes it. */
    record Streamed(int status, String mediaType, Map<String, String> headers, Consumer<AnswerStream> writer)
            implements Answer {}

    /** 200 with JSON. */
    static Answer ok(JsonNode body) {
        return new Json(200, body, Map.of());
    }

    /** 202 with JSON: something was begun. */
    static Answer accepted(JsonNode body) {
        return new Json(202, body, Map.of());
    }

    /** 201 with JSON and the place of what was made. */
    static Answer created(String location, JsonNode body) {
        return new Json(201, body, Map.of("Location", location));
    }

    /** 204. */
    static Answer nothing() {
        return new Nothing(204);
    }

    /**
     * A stream.
     *
     * @param writer called once, on a worker of the REST API, when the head of the answer is on its way; it must not
     *     block
     */
    static Answer stream(String mediaType, Consumer<AnswerStream> writer) {
        return new Streamed(200, mediaType, Map.of("Cache-Control", "no-store"), writer);
    }

    /**
     * A stream that browsers keep as a file.
     *
     * @param fileName proposed; characters that do not belong into a header or a file name are replaced
     */
    static Answer download(String mediaType, String fileName, Consumer<AnswerStream> writer) {
        String safe = fileName.replaceAll("[^A-Za-z0-9._-]", "_");
        return new Streamed(
                200,
                mediaType,
                Map.of("Cache-Control", "no-store", "Content-Disposition", "attachment; filename=\"" + safe + "\""),
                writer);
    }

    /** Already there. */
    default CompletionStage<Answer> now() {
        return CompletableFuture.completedStage(this);
    }
}
