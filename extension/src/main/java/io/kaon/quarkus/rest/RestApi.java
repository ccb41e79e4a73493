// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Puts the API together: the groups' operations and the document about them. */
@Singleton
public class RestApi {
    private final List<OperationGroup> groups;
    private final AdminConnection connection;

    RestApi(@All List<OperationGroup> groups, AdminConnection connection) {
        this.groups = List.copyOf(groups);
        this.connection = connection;
    }

    RestHandler handler(RestSettings settings, AccessCheck access) {
        return new RestHandler(table(groups), settings, access, connection);
    }

    static OperationTable table(Iterable<? extends OperationGroup> groups) {
        AtomicReference<OperationTable> whole = new AtomicReference<>();
        List<Operation> operations = new ArrayList<>(new OpenApiGroup(whole::get).operations());
        groups.forEach(group -> operations.addAll(group.operations()));
        OperationTable table = new OperationTable(operations);
        whole.set(table);
        return table;
    }
}
