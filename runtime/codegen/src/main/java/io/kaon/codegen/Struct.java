// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.List;

/**
 * A structure: fields in the order of the wire.
 *
 * @param name of the class
 * @param versions in which the message has such a structure anywhere
 */
record Struct(String name, Versions versions, List<Field> fields) {
    Struct {
        fields = List.copyOf(fields);
    }

    Struct within(Versions some) {
        return new Struct(
                name,
                versions.and(some),
                fields.stream().map(field -> field.within(some)).toList());
    }
}
