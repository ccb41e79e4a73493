// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Everything that gets a class.
 *
 * @param apis requests with their responses, by id
 * @param others headers and structures that travel as opaque bytes inside messages
 * @param states what is persisted
 * @param metadataRecords those of them that make up the metadata journal
 */
record Catalogue(List<Api> apis, List<Schema> others, List<Schema> states, List<Schema> metadataRecords) {
    private static final Set<String> OTHERS = Set.of(
            "RequestHeader",
            "ResponseHeader",
            "ConsumerProtocolSubscription",
            "ConsumerProtocolAssignment",
            "DefaultPrincipalData");
    /** What a log holds beside batches, defined in the base jar. */
    private static final Set<String> LOG_SCHEMAS = Set.of("AbortedTxn", "ControlRecordTypeSchema", "EndTxnMarker");
    /** Tiered storage keeps its records in a topic of its own, which we have not. */
    private static final String TIERED_STORAGE_PREFIX = "Remote";

    static Catalogue read(Options options) throws IOException {
        Map<String, Schema> merged = merge(SchemaSource.inJar(options.base()), SchemaSource.inJar(options.older()));
        List<Schema> own =
                List.copyOf(SchemaSource.inDirectory(options.metadata()).values());
        return new Catalogue(apis(merged), named(merged, OTHERS), states(options, merged, own), metadataRecords(own));
    }

    /** All classes of the message package but the enum. */
    List<Schema> messages() {
        List<Schema> messages = new ArrayList<>(others);
        for (Api api : apis) {
            messages.add(api.request());
            messages.add(api.response());
        }
        return messages;
    }

    private static Map<String, Schema> merge(Map<String, Schema> base, Map<String, Schema> older) {
        Map<String, Schema> olderByNewName = new TreeMap<>();
        older.forEach((name, schema) -> olderByNewName.put(MergeExceptions.RENAMED.getOrDefault(name, name), schema));
        Map<String, Schema> merged = new TreeMap<>();
        base.forEach((name, schema) -> {
            Schema old = olderByNewName.get(name);
            boolean alone = old == null
                    || schema.valid().isEmpty()
                    || MergeExceptions.WITHOUT_OLDER_VERSIONS.contains(name)
                    || MergeExceptions.NOT_FOR_CLIENTS.contains(schema.apiKey())
                    || isInternalApi(schema, base);
            merged.put(name, alone ? schema : SchemaMerger.merge(schema, old));
        });
        return merged;
    }

    private static boolean isInternalApi(Schema schema, Map<String, Schema> all) {
        Schema request = all.get(schema.name().replaceAll("Response$", "Request"));
        return schema.apiKey() >= 0 && !request.clientFacing();
    }

    private static List<Api> apis(Map<String, Schema> schemas) {
        return schemas.values().stream()
                .filter(schema -> schema.type().equals("request")
                        && schema.clientFacing()
                        && !schema.valid().isEmpty())
                .filter(schema -> !MergeExceptions.NOT_FOR_CLIENTS.contains(schema.apiKey()))
                .map(request ->
                        new Api(request, required(schemas, request.name().replaceAll("Request$", "Response"))))
                .sorted(Comparator.comparingInt(Api::id))
                .toList();
    }

    private static List<Schema> states(Options options, Map<String, Schema> merged, List<Schema> own)
            throws IOException {
        List<Schema> states = new ArrayList<>(named(merged, LOG_SCHEMAS));
        for (Path jar : options.state()) {
            SchemaSource.inJar(jar).values().stream()
                    .filter(schema -> !schema.name().startsWith(TIERED_STORAGE_PREFIX))
                    .forEach(states::add);
        }
        states.addAll(own);
        requireDistinctNames(states);
        return states;
    }

    private static void requireDistinctNames(List<Schema> states) {
        Map<String, Schema> seen = new TreeMap<>();
        for (Schema state : states) {
            if (seen.put(state.name(), state) != null) {
                throw new GenerationException("two persisted records are named '%s'", state.name());
            }
        }
    }

    private static List<Schema> metadataRecords(List<Schema> own) {
        return own.stream().filter(schema -> schema.type().equals("metadata")).toList();
    }

    private static List<Schema> named(Map<String, Schema> schemas, Set<String> names) {
        return names.stream().sorted().map(name -> required(schemas, name)).toList();
    }

    private static Schema required(Map<String, Schema> schemas, String name) {
        Schema schema = schemas.get(name);
        if (schema == null) {
            throw new GenerationException("the definition of %s is missing", name);
        }
        return schema;
    }
}
