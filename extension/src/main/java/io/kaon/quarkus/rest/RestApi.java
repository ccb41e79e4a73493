// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Puts the API together: the groups' operations and the document about them. */
final class RestApi {
    private RestApi() {}

    static OperationTable table(Iterable<? extends OperationGroup> groups) {
        AtomicReference<OperationTable> whole = new AtomicReference<>();
        List<Operation> operations = new ArrayList<>(new OpenApiGroup(whole::get).operations());
        groups.forEach(group -> operations.addAll(group.operations()));
        OperationTable table = new OperationTable(operations);
        whole.set(table);
        return table;
    }
}
