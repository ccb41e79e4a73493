// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One message definition.
 *
 * @param type request, response, header, data, coordinator-key, coordinator-value or metadata
 * @param apiKey the api, or the record type; −1 if the definition has none
 * @param valid the versions that the definition describes
 * @param flexible those of them with compact lengths and tagged fields
 * @param unstable the highest version may still change in Kafka
 * @param clientFacing a broker listener answers it
 * @param root the message's own fields
 * @param structs all other structures by name
 */
record Schema(
        String type,
        int apiKey,
        String name,
        Versions valid,
        Versions flexible,
        boolean unstable,
        boolean clientFacing,
        Struct root,
        Map<String, Struct> structs) {

    Schema {
        structs = Collections.unmodifiableMap(new LinkedHashMap<>(structs));
    }

    Schema with(Struct newRoot, Map<String, Struct> newStructs) {
        return new Schema(type, apiKey, name, valid, flexible, unstable, clientFacing, newRoot, newStructs);
    }

    Struct struct(String structName) {
        Struct found = structs.get(structName);
        if (found == null) {
            throw new GenerationException("%s: there is no structure '%s'", name, structName);
        }
        return found;
    }

    /** The least number of bytes that a value of this type takes in any of the versions, outside a tagged field. */
    int minimalSize(FieldType fieldType, Field field, Versions within) {
        return within.stream()
                .map(version -> minimalSize(fieldType, field, version))
                .min()
                .orElse(0);
    }

    private int minimalSize(FieldType fieldType, Field field, int version) {
        if (fieldType.kind().isFixed()) {
            return fieldType.kind().size();
        }
        if (fieldType.isStruct()) {
            return field.nullable().contains(version) && !field.type().isArray()
                    ? 1
                    : minimalSize(struct(fieldType.struct()), version);
        }
        if (field.flexible().contains(version)) {
            return 1;
        }
        return fieldType.kind() == Kind.STRING ? Short.BYTES : Integer.BYTES;
    }

    private int minimalSize(Struct struct, int version) {
        int size = flexible.contains(version) ? 1 : 0;
        for (Field field : struct.fields()) {
            if (field.versions().contains(version) && !field.tagged().contains(version)) {
                size += minimalSize(field.type(), field, version);
            }
        }
        return size;
    }
}
