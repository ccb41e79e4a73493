// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import io.kaon.wire.message.ApiKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Renders the table of {@code docs/protocol.md}. Columns can be added by whoever knows more about an api. */
public final class ProtocolTable {
    private final Map<String, Function<ApiKey, String>> columns = new LinkedHashMap<>();

    private ProtocolTable() {
        columns.put("id", api -> String.valueOf(api.id()));
        columns.put("api", ApiKey::title);
        columns.put("versions", api -> range(api.oldestVersion(), api.latestVersion()));
        columns.put("flexible from", ProtocolTable::flexibleFrom);
    }

    /** The table of what the codec knows. */
    public static String render() {
        return new ProtocolTable().toMarkdown();
    }

    /** The same with one more column, such as which versions are advertised. */
    public static String render(String column, Function<ApiKey, String> content) {
        ProtocolTable table = new ProtocolTable();
        table.columns.put(column, content);
        return table.toMarkdown();
    }

    private String toMarkdown() {
        StringBuilder text = new StringBuilder();
        line(text, String.join(" | ", columns.keySet()));
        line(text, "---|".repeat(columns.size() - 1) + "---");
        for (ApiKey api : ApiKey.values()) {
            line(
                    text,
                    String.join(
                            " | ",
                            columns.values().stream()
                                    .map(column -> column.apply(api))
                                    .toList()));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String cells) {
        text.append("| ").append(cells).append(" |\n");
    }

    /** {@code 3} or {@code 0–13}. */
    public static String range(short oldest, short latest) {
        return oldest == latest ? String.valueOf(oldest) : oldest + "–" + latest;
    }

    private static String flexibleFrom(ApiKey api) {
        return api.firstFlexibleVersion() > api.latestVersion() ? "never" : String.valueOf(api.firstFlexibleVersion());
    }
}
