// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.server.Operation.ALTER;
import static io.kaon.server.Operation.ALTER_CONFIGS;
import static io.kaon.server.Operation.CLUSTER_ACTION;
import static io.kaon.server.Operation.CREATE;
import static io.kaon.server.Operation.DELETE;
import static io.kaon.server.Operation.DESCRIBE;
import static io.kaon.server.Operation.DESCRIBE_CONFIGS;
import static io.kaon.server.Operation.IDEMPOTENT_WRITE;
import static io.kaon.server.Operation.READ;
import static io.kaon.server.Operation.TWO_PHASE_COMMIT;
import static io.kaon.server.Operation.WRITE;

import java.util.List;

/** What can be protected, each with the operations that make sense on it (Kafka's table, KIP-430). */
public enum ResourceType {
    TOPIC(READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS),
    GROUP(READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS),
    CLUSTER(CREATE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE),
    TRANSACTIONAL_ID(WRITE, DESCRIBE, TWO_PHASE_COMMIT);

    private final List<Operation> operations;

    ResourceType(Operation... operations) {
        this.operations = List.of(operations);
    }

    /** The operations that a permission on such a resource can name. */
    public List<Operation> operations() {
        return operations;
    }
}
