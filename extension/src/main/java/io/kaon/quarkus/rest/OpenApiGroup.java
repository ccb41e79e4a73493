// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The document of the API, as a part of the API. */
final class OpenApiGroup implements OperationGroup {
    private static final Schema DOCUMENT = Schema.any().described("An OpenAPI 3 document.");

    private final Supplier<OperationTable> table;

    /** @param table asked when the document is */
    OpenApiGroup(Supplier<OperationTable> table) {
        this.table = table;
    }

    @Override
    public List<Operation> operations() {
        return List.of(operation("/openapi", "getOpenApi"), operation("/openapi.json", "getOpenApiJson"));
    }

    private Operation operation(String path, String id) {
        return Operation.get(path)
                .id(id)
                .tag("Document")
                .summary("Get this document")
                .gives(200, DOCUMENT)
                .handledBy(this::document);
    }

    private CompletionStage<Answer> document(Call call) {
        return Answer.ok(OpenApiDocument.of(table.get(), call.links().base())).now();
    }
}
