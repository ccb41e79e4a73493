// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.Optional;

/** Holds answers to what the operation says that it gives. */
final class OpenApiCheck {
    private OpenApiCheck() {}

    static void check(OperationTable table, String base, HttpRequest request, RestServer.Response answer) {
        String path = request.uri().getRawPath().substring(base.length());
        Optional<Operation> operation = table.find(path).of(request.method()).map(OperationTable.Match::operation);
        JsonNode json = tree(answer.body());
        if (answer.status() >= 400) {
            assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problem.MEDIA_TYPE);
            assertThat(SchemaCheck.errorsOf(Problem.SCHEMA, json, "problem"))
                    .as(answer.body())
                    .isEmpty();
            return;
        }
        String mediaType = answer.headers().firstValue("Content-Type").orElse("");
        Operation.Result result = operation.orElseThrow().results().stream()
                .filter(one ->
                        one.status() == answer.status() && one.mediaType().equals(mediaType))
                .findFirst()
                .orElseThrow(() -> new AssertionError(operation.get() + " does not say that it gives a status "
                        + answer.status() + " with content of the type " + mediaType));
        result.schema().ifPresent(schema -> assertThat(SchemaCheck.errorsOf(schema, json, "answer"))
                .as(answer.body())
                .isEmpty());
    }

    private static JsonNode tree(String body) {
        try {
            return RequestCheck.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return com.fasterxml.jackson.databind.node.NullNode.getInstance();
        }
    }
}
