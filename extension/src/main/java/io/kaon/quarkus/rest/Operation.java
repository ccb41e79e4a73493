// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the table of operations. The router, the validation of requests, the OpenAPI document and the page
 * {@code docs/rest.md} come out of it. Immutable.
 */
public final class Operation {
    /** How many elements a page of a list has when the request does not say so, and at most. */
    static final int PAGE_SIZE = 100;

    static final int MAX_PAGE_SIZE = 1000;
    private static final int MAX_TOKEN_LENGTH = 1024;

    /** Methods of HTTP. */
    public enum Method {
        /** Reads. */
        GET,
        /** Adds, or does something. */
        POST,
        /** Sets. */
        PUT,
        /** Changes a part. */
        PATCH,
        /** Removes. */
        DELETE;

        boolean writes() {
            return this != GET;
        }
    }

    /** How the body of a request is read. */
    enum BodyForm {
        /** There is none. */
        NONE,
        /** One JSON value. */
        ONE,
        /** One JSON value or none. */
        OPTIONAL,
        /** JSON values one after the other. */
        SEVERAL
    }

    /**
     * An answer that is a result.
     *
     * @param mediaType empty when there is no content
     * @param schema of JSON; empty for other content
     */
    record Result(int status, String mediaType, Optional<Schema> schema, String description) {}

    private final Method method;
    private final String path;
    private final String id;
    private final String tag;
    private final String summary;
    private final String description;
    private final List<Parameter> parameters;
    private final BodyForm bodyForm;
    private final Optional<Schema> body;
    private final List<Result> results;
    private final Map<Integer, String> failures;
    private final OperationHandler handler;

    private Operation(Draft draft, OperationHandler handler) {
        this.method = draft.method;
        this.path = draft.path;
        this.id = draft.id;
        this.tag = draft.tag;
        this.summary = draft.summary;
        this.description = draft.description;
        this.parameters = List.copyOf(draft.parameters);
        this.bodyForm = draft.bodyForm;
        this.body = draft.body;
        this.results = List.copyOf(draft.results);
        this.failures = new LinkedHashMap<>(draft.failures);
        this.handler = handler;
    }

    /**
     * Begins an operation that reads.
     *
     * @param path below {@code /v3}, for example {@code /clusters/{cluster_id}/topics/{topic_name}}; a segment may end
     *     with a colon and a verb
     */
    public static Draft get(String path) {
        return new Draft(Method.GET, path);
    }

    /** Begins an operation that adds or does something. */
    public static Draft post(String path) {
        return new Draft(Method.POST, path);
    }

    /** Begins an operation that sets. */
    public static Draft put(String path) {
        return new Draft(Method.PUT, path);
    }

    /** Begins an operation that changes a part. */
    public static Draft patch(String path) {
        return new Draft(Method.PATCH, path);
    }

    /** Begins an operation that removes. */
    public static Draft delete(String path) {
        return new Draft(Method.DELETE, path);
    }

    /** An operation that is being described; {@link #handledBy} makes it. Used by one thread. */
    public static final class Draft {
        private final Method method;
        private final String path;
        private String id = "";
        private String tag = "";
        private String summary = "";
        private String description = "";
        private final List<Parameter> parameters = new ArrayList<>();
        private BodyForm bodyForm = BodyForm.NONE;
        private Optional<Schema> body = Optional.empty();
        private final List<Result> results = new ArrayList<>();
        private final Map<Integer, String> failures = new LinkedHashMap<>();

        private Draft(Method method, String path) {
            this.method = method;
            this.path = path;
            for (String segment : path.split("/")) {
                if (segment.startsWith("{")) {
                    parameters.add(PathParameters.of(segment.substring(1, segment.indexOf('}'))));
                }
            }
        }

        /** A name in the document that no other operation has, such as {@code listTopics}. */
        public Draft id(String operationId) {
            this.id = operationId;
            return this;
        }

        /** The heading under which it stands. */
        public Draft tag(String heading) {
            this.tag = heading;
            return this;
        }

        /** What it does, in a few words. */
        public Draft summary(String words) {
            this.summary = words;
            return this;
        }

        /** What one has to know beyond the summary. */
        public Draft description(String sentences) {
            this.description = sentences;
            return this;
        }

        /** A parameter of the query. */
        public Draft parameter(Parameter parameter) {
            parameters.add(parameter);
            return this;
        }

        /** The parameters of a list that comes in pages: {@link Call#page}. */
        public Draft paged() {
            parameter(Parameter.integer("page_size", 1, MAX_PAGE_SIZE)
                    .orElse(PAGE_SIZE)
                    .described("How many elements the answer has at most."));
            return parameter(Parameter.text("page_token", MAX_TOKEN_LENGTH)
                    .described("From `metadata.next` of the page before."));
        }

        /** The request has one JSON value of this schema. */
        public Draft takes(Schema schema) {
            return takes(BodyForm.ONE, schema);
        }

        /** The request may have one JSON value of this schema. */
        public Draft mayTake(Schema schema) {
            return takes(BodyForm.OPTIONAL, schema);
        }

        /** The request has JSON values of this schema, one after the other: {@link Call#bodies}. */
        public Draft takesSeveral(Schema schema) {
            return takes(BodyForm.SEVERAL, schema);
        }

        private Draft takes(BodyForm form, Schema schema) {
            this.bodyForm = form;
            this.body = Optional.of(schema);
            return this;
        }

        /** A result in JSON. */
        public Draft gives(int status, Schema schema) {
            results.add(new Result(status, "application/json", Optional.of(schema), ""));
            return this;
        }

        /** A result without content. */
        public Draft givesNothing(int status) {
            results.add(new Result(status, "", Optional.empty(), ""));
            return this;
        }

        /** A result that is streamed, or that is not JSON. */
        public Draft gives(String mediaType, String what) {
            results.add(new Result(200, mediaType, Optional.empty(), what));
            return this;
        }

        /** A problem that this operation has beside those that all have. */
        public Draft fails(int status, String when) {
            failures.put(status, when);
            return this;
        }

        /** Makes the operation. */
        public Operation handledBy(OperationHandler handler) {
            return new Operation(this, handler);
        }
    }

    /** Of HTTP. */
    public Method method() {
        return method;
    }

    /** The template, below {@code /v3}. */
    public String path() {
        return path;
    }

    /** Its name in the document. */
    public String id() {
        return id;
    }

    /** The heading under which it stands. */
    public String tag() {
        return tag;
    }

    /** What it does, in a few words. */
    public String summary() {
        return summary;
    }

    String description() {
        return description;
    }

    /** Those of the path first. */
    public List<Parameter> parameters() {
        return parameters;
    }

    Optional<Parameter> parameter(String name) {
        return parameters.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    BodyForm bodyForm() {
        return bodyForm;
    }

    Optional<Schema> body() {
        return body;
    }

    List<Result> results() {
        return results;
    }

    Map<Integer, String> failures() {
        return failures;
    }

    OperationHandler handler() {
        return handler;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
