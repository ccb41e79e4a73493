// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds in which versions each structure can occur at all. Definitions often say {@code 0+} inside a structure that
 * came with
 * version 3; what they say about versions 0 to 2 means nothing and must not be compared.
 */
final class Reachable {
    private final Schema schema;
    private final Map<String, Versions> reached = new LinkedHashMap<>();

    private Reachable(Schema schema) {
        this.schema = schema;
    }

    /**
     * The schema with every structure cut down to the versions where it occurs; structures that never occur are gone.
     */
    static Schema restrict(Schema schema) {
        Reachable reachable = new Reachable(schema);
        reachable.visit(schema.root(), schema.valid());
        Map<String, Struct> structs = new LinkedHashMap<>();
        schema.structs().forEach((name, struct) -> {
            Versions versions = reachable.reached.getOrDefault(name, Versions.NONE);
            if (!versions.isEmpty()) {
                structs.put(name, struct.within(versions));
            }
        });
        return schema.with(schema.root(), structs);
    }

    private void visit(Struct struct, Versions versions) {
        for (Field field : struct.fields()) {
            String inner = field.type().innerStruct();
            Versions more = field.versions().and(versions);
            if (inner.isEmpty() || more.isEmpty()) {
                continue;
            }
            Versions before = reached.getOrDefault(inner, Versions.NONE);
            if (!before.containsAll(more)) {
                reached.put(inner, before.or(more));
                visit(schema.struct(inner), before.or(more));
            }
        }
    }
}
