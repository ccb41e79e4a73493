// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Joins a definition with an older one that describes versions since removed. In the versions that both describe,
 * fields are
 * matched by their position (or tag); fields that only removed versions have are matched by name, or added. Names,
 * types and
 * defaults are the base's. The result is then held against both inputs, version by version.
 */
final class SchemaMerger {
    private final Schema base;
    private final Schema older;
    private final Versions shared;
    private final Versions removed;
    private final Map<String, Struct> merged = new LinkedHashMap<>();
    private final Set<String> done = new HashSet<>();

    private SchemaMerger(Schema base, Schema older) {
        this.base = base;
        this.older = older;
        this.shared = base.valid().and(older.valid());
        this.removed = older.valid().minus(base.valid());
    }

    static Schema merge(Schema base, Schema older) {
        Schema result = new SchemaMerger(base, older).merge();
        requireAgreement(result, base, base.valid());
        requireAgreement(result, older, older.valid());
        return result;
    }

    private Schema merge() {
        merged.putAll(base.structs());
        Struct root = mergeStructs(base.root(), older.root());
        Versions valid = base.valid().or(older.valid());
        if (valid.hasGap()) {
            throw new GenerationException("%s: versions %s have a gap", base.name(), valid);
        }
        Versions flexible = base.flexible().or(older.flexible().and(removed));
        return new Schema(
                base.type(),
                base.apiKey(),
                base.name(),
                valid,
                flexible,
                base.unstable(),
                base.clientFacing(),
                root,
                merged);
    }

    private Struct mergeStructs(Struct newer, Struct old) {
        Map<String, Field> matches = matches(newer, old);
        List<Field> fields = new ArrayList<>(newer.fields());
        int position = 0;
        for (Field field : old.fields()) {
            Field match = matches.get(field.name());
            if (match != null) {
                int index = indexOf(fields, match.name());
                fields.set(index, join(fields.get(index), field));
                position = index + 1;
            } else if (!field.versions().and(removed).isEmpty()) {
                fields.add(position++, adopt(field));
            }
        }
        return new Struct(newer.name(), newer.versions().or(old.versions().and(removed)), fields);
    }

    private Field join(Field newer, Field old) {
        String inner = old.type().innerStruct();
        if (!inner.isEmpty() && !newer.type().innerStruct().isEmpty()) {
            mergeInto(newer.type().innerStruct(), inner);
        }
        return newer.joinedWith(old.within(removed));
    }

    /** A field that only removed versions have. */
    private Field adopt(Field field) {
        String inner = field.type().innerStruct();
        if (!inner.isEmpty()) {
            mergeInto(inner, inner);
        }
        return field.within(removed);
    }

    private void mergeInto(String newerName, String olderName) {
        if (!done.add(newerName + " " + olderName)) {
            return;
        }
        Struct old = older.struct(olderName);
        Struct newer = merged.getOrDefault(newerName, new Struct(newerName, Versions.NONE, List.of()));
        merged.put(newerName, mergeStructs(newer, old));
    }

    /** Older field name → field of the base. */
    private Map<String, Field> matches(Struct newer, Struct old) {
        Map<String, Field> matches = new HashMap<>();
        shared.and(newer.versions()).and(old.versions()).stream().forEach(version -> {
            match(Layout.untagged(newer, version), Layout.untagged(old, version), version, matches);
            match(Layout.tagged(newer, version), Layout.tagged(old, version), version, matches);
        });
        for (Field field : old.fields()) {
            if (!matches.containsKey(field.name()) && !field.versions().isEmpty()) {
                sameName(newer, field)
                        .filter(same -> !matches.containsValue(same))
                        .ifPresent(same -> matches.put(field.name(), same));
            }
        }
        return matches;
    }

    private void match(List<Field> newer, List<Field> old, int version, Map<String, Field> matches) {
        if (newer.size() != old.size()) {
            throw new GenerationException(
                    "%s version %s: the base has the fields %s where the older definition has %s",
                    base.name(), version, names(newer), names(old));
        }
        for (int i = 0; i < old.size(); i++) {
            Field before = matches.putIfAbsent(old.get(i).name(), newer.get(i));
            if (before != null && !before.name().equals(newer.get(i).name())) {
                throw new GenerationException(
                        "%s version %s: '%s' is at the position of '%s' here and of '%s' in another version",
                        base.name(), version, old.get(i).name(), newer.get(i).name(), before.name());
            }
        }
    }

    private static Optional<Field> sameName(Struct struct, Field wanted) {
        return struct.fields().stream()
                .filter(field -> field.javaName().equals(wanted.javaName()))
                .findFirst();
    }

    private static int indexOf(List<Field> fields, String name) {
        return names(fields).indexOf(name);
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }

    private static void requireAgreement(Schema result, Schema source, Versions versions) {
        versions.stream().forEach(version -> requireAgreement(result, source, version));
    }

    private static void requireAgreement(Schema result, Schema source, int version) {
        List<Layout.Line> actual = Layout.of(result, version);
        List<Layout.Line> expected = Layout.of(source, version);
        for (int i = 0; i < Math.max(actual.size(), expected.size()); i++) {
            String is = i < actual.size() ? actual.get(i).shape() : "nothing";
            String should = i < expected.size() ? expected.get(i).shape() : "nothing";
            if (!is.equals(should)) {
                Layout.Line line = i < expected.size() ? expected.get(i) : actual.get(i);
                throw new GenerationException(
                        "%s version %s, position %s: the definitions disagree on '%s', which is '%s' in one and '%s'"
                                + " in the other",
                        result.name(), version, i, line.path(), should, is);
            }
        }
    }
}
