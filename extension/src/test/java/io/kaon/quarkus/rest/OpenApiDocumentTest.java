// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the document to the specification of OpenAPI, and real answers to the document, with libraries that are not ours. */
class OpenApiDocumentTest {
    private static final String BEGIN = "<!-- operations -->\n";
    private static final String END = "<!-- end of operations -->";
    private static RestServer server;
    private static String document;

    @BeforeAll
    static void start() {
        server = RestServer.of(connection -> {
            List<OperationGroup> groups = new ArrayList<>(AdministrationTest.groups(connection));
            // Described here, and tested where there is an application.
            groups.add(new ApplicationGroup(null));
            groups.add(new DeadLettersGroup(null, null));
            return groups;
        });
        document = server.get("/openapi").body();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldBeADocumentThatParsersUnderstand() {
        // When
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(document);

        // Then
        assertThat(result.getMessages()).isEmpty();
        OpenAPI api = result.getOpenAPI();
        assertThat(api.getPaths()).containsKey("/clusters/{cluster_id}/topics/{topic_name}");
        assertThat(api.getComponents().getSchemas()).containsKeys("KafkaTopic", "Problem");
        assertThat(server.get("/openapi.json").body()).isEqualTo(document);
    }

    /** In an order in which each finds what it is about; what is asked and what is answered is held to the document. */
    @Test
    void shouldDescribeWhatEachOperationTakesAndGives() {
        // Given
        OpenApiInteractionValidator validator = OpenApiInteractionValidator.createForInlineApiSpecification(document)
                .withBasePathOverride("/v3")
                .build();
        List<String> messages = new ArrayList<>();
        record Step(String method, String path, String body) {}
        String topic = server.inCluster("/topics/described");
        List<Step> script = List.of(
                new Step("GET", "/clusters", ""),
                new Step("GET", server.inCluster(""), ""),
                new Step(
                        "POST",
                        server.inCluster("/topics"),
                        "{\"topic_name\":\"described\",\"partitions_count\":2,"
                                + "\"configs\":[{\"name\":\"retention.ms\",\"value\":\"1000\"}]}"),
                new Step("GET", server.inCluster("/topics"), ""),
                new Step("GET", topic, ""),
                new Step("PATCH", topic, "{\"partitions_count\":3}"),
                new Step("GET", topic + "/partitions", ""),
                new Step("GET", topic + "/partitions/1", ""),
                new Step("GET", topic + "/partitions/1/replicas", ""),
                new Step("GET", topic + "/partitions/1/replicas/0", ""),
                new Step("GET", topic + "/configs", ""),
                new Step("GET", topic + "/configs/retention.ms", ""),
                new Step("PUT", topic + "/configs/retention.ms", "{\"value\":\"2000\"}"),
                new Step("DELETE", topic + "/configs/retention.ms", ""),
                new Step("POST", topic + "/configs:alter", "{\"data\":[{\"name\":\"retention.ms\",\"value\":\"9\"}]}"),
                new Step("GET", server.inCluster("/brokers"), ""),
                new Step("GET", server.inCluster("/brokers/0"), ""),
                new Step("GET", server.inCluster("/brokers/0/configs"), ""),
                new Step("GET", server.inCluster("/broker-configs"), ""),
                new Step("GET", server.inCluster("/consumer-groups"), ""),
                new Step("GET", server.inCluster("/consumer-groups/nobody"), ""),
                new Step("GET", server.inCluster("/consumer-groups/nobody/lags"), ""),
                new Step("GET", server.inCluster("/acls"), ""),
                new Step("GET", server.inCluster("/topics/unknown"), ""),
                new Step("DELETE", topic, ""));

        // When
        for (Step step : script) {
            RestServer.Response answer = server.send(step.method(), step.path(), step.body());
            ValidationReport report = validator.validate(request(step.method(), step.path(), step.body()), of(answer));
            report.getMessages().forEach(message -> messages.add(step + ": " + message));
        }

        // Then
        assertThat(messages).isEmpty();
    }

    private static Request request(String method, String path, String body) {
        SimpleRequest.Builder request = new SimpleRequest.Builder(method, "/v3" + path);
        return body.isEmpty()
                ? request.build()
                : request.withContentType("application/json").withBody(body).build();
    }

    private static SimpleResponse of(RestServer.Response answer) {
        SimpleResponse.Builder response = SimpleResponse.Builder.status(answer.status());
        answer.headers().firstValue("Content-Type").ifPresent(response::withContentType);
        return answer.body().isEmpty()
                ? response.build()
                : response.withBody(answer.body()).build();
    }

    /** The page says what the table says; {@code -Dkaon.docs.write=true} writes it anew. */
    @Test
    void shouldBeOnThePage() throws IOException {
        // Given
        Path page = Path.of(System.getProperty("kaon.docs.dir"), "rest.md");
        if (Boolean.getBoolean("kaon.docs.write")) {
            String text = Files.readString(page);
            String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
            Files.writeString(page, before + table() + text.substring(text.indexOf(END)));
        }

        // When
        String actual = Files.readString(page);

        // Then
        assertThat(actual).contains(BEGIN + table() + END);
    }

    private static String table() {
        StringBuilder text = new StringBuilder();
        Map<String, List<Operation>> byTag = byTag();
        for (String tag : new TreeSet<>(byTag.keySet())) {
            text.append("\n### ").append(tag).append("\n\n| | | query, body |\n| --- | --- | --- |\n");
            for (Operation operation : byTag.get(tag)) {
                text.append("| `%s %s` | %s | %s |\n"
                        .formatted(operation.method(), operation.path(), operation.summary(), fields(operation)));
            }
        }
        return text.append('\n').toString();
    }

    private static Map<String, List<Operation>> byTag() {
        return server.table().operations().stream()
                .sorted(Comparator.comparing(Operation::path).thenComparing(Operation::method))
                .collect(Collectors.groupingBy(Operation::tag));
    }

    private static String fields(Operation operation) {
        List<String> fields = new ArrayList<>();
        operation.parameters().stream()
                .filter(parameter -> parameter.place() == Parameter.Place.QUERY)
                .forEach(parameter -> fields.add("`" + parameter.name() + "`"
                        + parameter.standard().map(text -> " (" + text + ")").orElse("")));
        operation
                .body()
                .ifPresent(body -> fields.add("body: "
                        + String.join(
                                ", ",
                                body.memberNames().stream()
                                        .map(name -> "`" + name + "`")
                                        .toList())));
        return String.join(", ", fields);
    }
}
