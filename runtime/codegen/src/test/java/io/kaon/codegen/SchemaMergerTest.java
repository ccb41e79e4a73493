// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaMergerTest {
    @Test
    void shouldMatchRenamedFieldByPositionAndKeepTheNewName() {
        // Given
        Schema base = schema("1-2", "none", "{'name':'GenerationIdOrMemberEpoch','type':'int32','versions':'0+'}");
        Schema older = schema("0-1", "none", "{'name':'GenerationId','type':'int32','versions':'0+'}");

        // When
        Schema merged = SchemaMerger.merge(base, older);

        // Then
        assertThat(merged.valid()).hasToString("0-2");
        assertThat(merged.root().fields()).extracting(Field::name).containsExactly("GenerationIdOrMemberEpoch");
        assertThat(merged.root().fields().get(0).versions()).hasToString("0-2");
    }

    @Test
    void shouldAddFieldsOfRemovedVersionsWhereTheyStood() {
        // Given
        Schema base = schema(
                "2", "none", "{'name':'A','type':'int8','versions':'0+'},{'name':'B','type':'int8','versions':'0+'}");
        Schema older = schema(
                "0-2",
                "none",
                "{'name':'A','type':'int8','versions':'0+'},{'name':'Gone','type':'int64','versions':'0-1'},"
                        + "{'name':'B','type':'int8','versions':'1+'}");

        // When
        Schema merged = SchemaMerger.merge(base, older);

        // Then
        assertThat(shapes(merged, 0)).containsExactly("A int8", "Gone int64", "end end");
        assertThat(shapes(merged, 1)).containsExactly("A int8", "Gone int64", "B int8", "end end");
        assertThat(shapes(merged, 2)).containsExactly("A int8", "B int8", "end end");
    }

    @Test
    void shouldMergeInsideStructuresWhateverTheirNames() {
        // Given
        Schema base = schema(
                "1",
                "none",
                "{'name':'Topics','type':'[]New','versions':'0+','fields':[{'name':'Id','type':'int32','versions':'0+'}]}");
        Schema older = schema(
                "0-1",
                "none",
                "{'name':'Topics','type':'[]Old','versions':'0+','fields':[{'name':'Name','type':'string','versions':'0'},"
                        + "{'name':'Id','type':'int32','versions':'1+'}]}");

        // When
        Schema merged = SchemaMerger.merge(base, older);

        // Then
        assertThat(merged.structs()).containsOnlyKeys("New");
        assertThat(shapes(merged, 0))
                .containsExactly("Topics []structure", "Topics.Name string", "Topics.end end", "end end");
        assertThat(shapes(merged, 1))
                .containsExactly("Topics []structure", "Topics.Id int32", "Topics.end end", "end end");
    }

    @Test
    void shouldFailOnFieldsOfDifferentTypesAtOnePosition() {
        // Given
        Schema base = schema("0-1", "none", "{'name':'A','type':'int32','versions':'0+'}");
        Schema older = schema("0-1", "none", "{'name':'A','type':'int64','versions':'0+'}");

        // When / Then
        assertThatThrownBy(() -> SchemaMerger.merge(base, older))
                .isInstanceOf(GenerationException.class)
                .hasMessage("TestRequest version 0, position 0: the definitions disagree on 'A', "
                        + "which is 'int64' in one and 'int32' in the other");
    }

    @Test
    void shouldFailWhenOneSideHasMoreFieldsInSharedVersion() {
        // Given
        Schema base = schema("1", "none", "{'name':'A','type':'int8','versions':'0+'}");
        Schema older = schema(
                "0-1", "none", "{'name':'A','type':'int8','versions':'0+'},{'name':'B','type':'int8','versions':'1+'}");

        // When / Then
        assertThatThrownBy(() -> SchemaMerger.merge(base, older))
                .hasMessage("TestRequest version 1: the base has the fields [A] where the older definition has [A, B]");
    }

    @Test
    void shouldFailWhenNullabilityOrCompactnessDiffers() {
        // Given
        Schema base = schema("0", "0+", "{'name':'A','type':'string','versions':'0+','nullableVersions':'0+'}");
        Schema notNull = schema("0", "0+", "{'name':'A','type':'string','versions':'0+'}");
        Schema notFlexible =
                schema("0", "none", "{'name':'A','type':'string','versions':'0+','nullableVersions':'0+'}");

        // When / Then
        assertThatThrownBy(() -> SchemaMerger.merge(base, notNull)).hasMessageContaining("'string nullable compact'");
        assertThatThrownBy(() -> SchemaMerger.merge(base, notFlexible)).hasMessageContaining("'string nullable'");
    }

    @Test
    void shouldMatchTaggedFieldsByTag() {
        // Given
        Schema base = schema(
                "1",
                "0+",
                "{'name':'New','type':'int8','versions':'0+','taggedVersions':'0+','tag':1},"
                        + "{'name':'X','type':'int64','versions':'0+','taggedVersions':'0+','tag':0}");
        Schema older = schema(
                "0-1",
                "0+",
                "{'name':'X','type':'int64','versions':'0+','taggedVersions':'0+','tag':0},"
                        + "{'name':'Old','type':'int8','versions':'0+','taggedVersions':'0+','tag':1}");

        // When
        Schema merged = SchemaMerger.merge(base, older);

        // Then
        assertThat(shapes(merged, 0)).containsExactly("X tag 0 int64", "New tag 1 int8", "end end with tags");
    }

    @Test
    void shouldIgnoreWhatDefinitionsSayAboutVersionsWithoutTheStructure() {
        // Given
        String inner = "{'name':'S','type':'S','versions':'1+','fields':[{'name':'A','type':'int8','versions':'%s'}]}";
        Schema base = schema("0-1", "none", inner.replace("%s", "0+"));
        Schema older = schema("0-1", "none", inner.replace("%s", "1+"));

        // When / Then
        assertThat(SchemaMerger.merge(base, older).struct("S").fields().get(0).versions())
                .hasToString("1");
    }

    private static List<String> shapes(Schema schema, int version) {
        return Layout.of(schema, version).stream()
                .map(line -> line.path() + " " + line.shape())
                .toList();
    }

    static Schema schema(String valid, String flexible, String fields) {
        String json = "{'type':'request','apiKey':1,'name':'TestRequest','validVersions':'" + valid
                + "','flexibleVersions':'" + flexible + "','fields':[" + fields + "]}";
        return SchemaParser.parse("test", json.replace('\'', '"'));
    }
}
