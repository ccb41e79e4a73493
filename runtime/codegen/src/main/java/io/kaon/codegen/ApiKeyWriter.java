// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Collection;
import java.util.Locale;

/** Writes the enum of all apis that clients use. */
final class ApiKeyWriter {
    /** ApiVersions answers with the old header forever, so that a client may ask before it knows anything (KIP-511). */
    private static final int API_VERSIONS = 18;

    private final JavaSource source;

    private ApiKeyWriter(String packageName) {
        source = new JavaSource(
                packageName, "ApiKey", "io.kaon.wire.ApiMessage", "java.util.Optional", "java.util.function.Supplier");
    }

    static JavaSource write(String packageName, Collection<Api> apis) {
        ApiKeyWriter writer = new ApiKeyWriter(packageName);
        writer.enumeration(apis);
        return writer.source;
    }

    private void enumeration(Collection<Api> apis) {
        source.line("/** The apis that clients use, each with all versions that any supported Kafka release has. */");
        source.line("public enum ApiKey {");
        int left = apis.size();
        for (Api api : apis) {
            String name = api.name();
            source.line(
                    "%s(%s, \"%s\", %s, %s, %s, %sRequest::new, %sResponse::new)%s",
                    constant(name),
                    api.id(),
                    name,
                    api.oldestVersion(),
                    api.latestVersion(),
                    api.firstFlexibleVersion(),
                    name,
                    name,
                    --left == 0 ? ";" : ",");
        }
        members(apis.stream().mapToInt(Api::id).max().orElse(-1));
        source.line("}");
    }

    private void members(int highestId) {
        source.line("");
        source.line("private static final ApiKey[] BY_ID = new ApiKey[%s];", highestId + 1);
        source.line("");
        source.line("static {");
        source.line("for (ApiKey key : values()) {");
        source.line("BY_ID[key.id] = key;");
        source.line("}");
        source.line("}");
        source.line("");
        source.line("private final short id;");
        source.line("private final String title;");
        source.line("private final short oldestVersion;");
        source.line("private final short latestVersion;");
        source.line("private final short firstFlexibleVersion;");
        source.line("private final Supplier<ApiMessage> request;");
        source.line("private final Supplier<ApiMessage> response;");
        constructor();
        getter("The number on the wire.", "short", "id");
        getter("The name as in the definitions, such as {@code JoinGroup}.", "String", "title");
        getter("The oldest version that any supported Kafka release has.", "short", "oldestVersion");
        getter("The newest version that is stable.", "short", "latestVersion");
        getter(
                "The first version with tagged fields; larger than any version if there is none.",
                "short",
                "firstFlexibleVersion");
        versions();
        lookup();
    }

    private void constructor() {
        source.line("");
        source.line("ApiKey(int id, String title, int oldestVersion, int latestVersion, int firstFlexibleVersion,");
        source.line("        Supplier<ApiMessage> request, Supplier<ApiMessage> response) {");
        source.line("this.id = (short) id;");
        source.line("this.title = title;");
        source.line("this.oldestVersion = (short) oldestVersion;");
        source.line("this.latestVersion = (short) latestVersion;");
        source.line("this.firstFlexibleVersion = (short) firstFlexibleVersion;");
        source.line("this.request = request;");
        source.line("this.response = response;");
        source.line("}");
    }

    private void getter(String sentence, String type, String name) {
        method(sentence, type + " " + name + "()", name);
    }

    private void versions() {
        method(
                "Whether the version lies between the oldest and the latest.",
                "boolean hasVersion(short version)",
                "version >= oldestVersion && version <= latestVersion");
        method(
                "Whether the version has compact lengths and tagged fields.",
                "boolean isFlexible(short version)",
                "version >= firstFlexibleVersion");
        method(
                "The version of the header before such a request.",
                "short requestHeaderVersion(short version)",
                "(short) (isFlexible(version) ? 2 : 1)");
        method(
                "The version of the header before such a response. ApiVersions keeps 0 for good.",
                "short responseHeaderVersion(short version)",
                "(short) (isFlexible(version) && id != " + API_VERSIONS + " ? 1 : 0)");
        method("An empty request.", "ApiMessage newRequest()", "request.get()");
        method("An empty response.", "ApiMessage newResponse()", "response.get()");
    }

    private void lookup() {
        method(
                "The api of that number, if clients use it.",
                "static Optional<ApiKey> of(int id)",
                "id >= 0 && id < BY_ID.length ? Optional.ofNullable(BY_ID[id]) : Optional.empty()");
    }

    private void method(String sentence, String signature, String result) {
        source.line("");
        source.line("/** " + sentence + " */");
        source.line("public " + signature + " {");
        source.line("return " + result + ";");
        source.line("}");
    }

    /** {@code OffsetForLeaderEpoch} becomes {@code OFFSET_FOR_LEADER_EPOCH}. */
    static String constant(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }
}
