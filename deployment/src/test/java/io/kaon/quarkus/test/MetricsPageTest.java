// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaon.quarkus.connector.metering.ChannelMetric;
import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.ExporterMetrics;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.ProcessMetrics;
import io.kaon.telemetry.RequestMetrics;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the tables in {@code docs/metrics.md} to the catalogues of metrics, and the dashboard and the alerts in
 * {@code kubernetes} to them too. {@code -Dkaon.docs.write=true} writes the tables anew.
 */
class MetricsPageTest {
    private static final String BEGIN = "<!-- metrics -->\n";
    private static final String END = "<!-- end of metrics -->";
    private static final Path DOCS = Path.of(System.getProperty("kaon.docs.dir"));
    private static final Path KUBERNETES = DOCS.resolveSibling("kubernetes");
    private static final Pattern METRIC = Pattern.compile("\\b(?:kafka|kaon|jvm|process)_[a-z0-9_]+");

    private static final Map<String, Class<?>> CATALOGUES = new LinkedHashMap<>();

    static {
        CATALOGUES.put("Topics, partitions, controller, groups", BrokerMetrics.class);
        CATALOGUES.put("Requests, connections, threads", RequestMetrics.class);
        CATALOGUES.put("Names of kafka_exporter", ExporterMetrics.class);
        CATALOGUES.put("The process, under names of the JMX exporter", ProcessMetrics.class);
        CATALOGUES.put("Names of our own", MetricCatalogue.class);
    }

    @Test
    void shouldDocumentEveryMetric() throws IOException {
        // Given
        Path page = DOCS.resolve("metrics.md");
        if (Boolean.getBoolean("kaon.docs.write")) {
            String text = Files.readString(page);
            String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
            Files.writeString(page, before + tables() + text.substring(text.indexOf(END)));
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).contains(BEGIN + tables() + END);
    }

    @Test
    void shouldAskInTheDashboardOnlyForWhatThereIs() throws IOException {
        // When
        JsonNode dashboard = new ObjectMapper()
                .readTree(KUBERNETES.resolve("grafana/kaon.json").toFile());
        List<String> queries = Stream.concat(
                        dashboard.findValues("expr").stream(), dashboard.findValues("definition").stream())
                .map(JsonNode::asText)
                .toList();

        // Then
        assertThat(queries).hasSizeGreaterThan(30);
        assertThat(dashboard.findValues("id").stream().map(JsonNode::asInt)).doesNotHaveDuplicates();
        assertThat(mentioned(queries)).isSubsetOf(known());
        assertThat(queries)
                .allSatisfy(query -> assertThat(mentioned(List.of(query))).isNotEmpty());
    }

    @Test
    void shouldAlertOnlyOnWhatThereIs() throws IOException {
        // When
        String rules = Files.readString(KUBERNETES.resolve("prometheus-rules.yaml"));

        // Then
        assertThat(rules.split("- alert:")).hasSizeGreaterThan(10);
        assertThat(mentioned(List.of(rules))).isNotEmpty().isSubsetOf(known());
    }

    private static Set<String> mentioned(List<String> texts) {
        Set<String> names = new TreeSet<>();
        for (String text : texts) {
            Matcher name = METRIC.matcher(text);
            while (name.find()) {
                names.add(name.group());
            }
        }
        return names;
    }

    private static Set<String> known() {
        Set<String> names = new TreeSet<>();
        CATALOGUES.values().forEach(catalogue -> of(catalogue).forEach(name -> names.add(name.prometheusName())));
        for (ChannelMetric metric : ChannelMetric.values()) {
            String name = metric.metricName().replace('.', '_');
            names.add(metric.kind() == ChannelMetric.Kind.COUNTER ? name + "_total" : name);
        }
        return names;
    }

    private static String tables() {
        return CATALOGUES.entrySet().stream()
                        .map(entry -> "\n### " + entry.getKey()
                                + "\n\n| metric | labels | kind | unit | meaning |\n| --- | --- | --- | --- | --- |\n"
                                + of(entry.getValue()).stream()
                                        .sorted(Comparator.comparing(MetricName::prometheusName))
                                        .map(MetricsPageTest::line)
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining())
                + "\n";
    }

    private static String line(MetricName name) {
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        name.prometheusName(),
                        String.join(", ", name.labels()),
                        name.kind().name().toLowerCase(Locale.ROOT),
                        name.unit(),
                        name.help());
    }

    private static List<MetricName> of(Class<?> catalogue) {
        return Arrays.stream(catalogue.getFields())
                .filter(field -> field.getType() == MetricName.class)
                .map(MetricsPageTest::valueOf)
                .toList();
    }

    private static MetricName valueOf(Field field) {
        try {
            return (MetricName) field.get(null);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
