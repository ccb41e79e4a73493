// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Why a request has no result, as it is answered (RFC 9457).
 *
 * @param errorCode the number of the REST convention: the status, or five digits that begin with it
 * @param title short, the same for all of its kind
 * @param detail a sentence about this one; it also says what to do where that is known
 * @param errors the fields that are wrong; empty when it is not about fields
 */
public record Problem(int status, int errorCode, String title, String detail, List<FieldError> errors) {
    /** The media type of the document. */
    public static final String MEDIA_TYPE = "application/problem+json";

    static final Schema SCHEMA = Schema.object()
            .named("Problem")
            .described("Why a request has no result (RFC 9457).")
            .with("type", Schema.text())
            .with("title", Schema.text())
            .with("status", Schema.integer())
            .with("detail", Schema.text())
            .with("error_code", Schema.integer().described("A number of the Kafka REST convention."))
            .with("message", Schema.text().described("The detail, for clients of the Kafka REST convention."))
            .maybe(
                    "errors",
                    Schema.list(Schema.object()
                                    .named("FieldError")
                                    .with("field", Schema.text())
                                    .with("message", Schema.text()))
                            .described("The fields of the request that are wrong."));

    public Problem {
        errors = List.copyOf(errors);
    }

    /** A problem that is not about fields, with the status as its code. */
    public static Problem of(int status, String detail) {
        return of(status, status, detail);
    }

    /** A problem that is not about fields. */
    public static Problem of(int status, int errorCode, String detail) {
        return new Problem(status, errorCode, Problems.titleOf(status), detail, List.of());
    }

    /** A request with wrong fields. */
    public static Problem invalid(List<FieldError> errors) {
        FieldError first = errors.get(0);
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
        return new Problem(
                400, 400, "A field of the request is wrong", first.field() + ": " + first.message() + more, errors);
    }

    /** A request with one wrong field. */
    public static Problem invalid(String field, String message) {
        return invalid(List.of(new FieldError(field, message)));
    }

    /** For handlers: {@code throw Problem.of(404, "…").asException()}. */
    public ProblemException asException() {
        return new ProblemException(this);
    }

    /** The document. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", errors.isEmpty() ? "about:blank" : "urn:kaon:problem:invalid-field")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("error_code", errorCode)
                .put("message", detail);
        if (!errors.isEmpty()) {
            ArrayNode list = json.putArray("errors");
            errors.forEach(error -> list.addObject().put("field", error.field()).put("message", error.message()));
        }
        return json;
    }
}
