// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The API in an application: below its root path, for users with a role. What each operation does is tested without
 * Quarkus.
 */
class RestExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(List.of(
                    Dependency.of("io.quarkus", "quarkus-vertx-http", Version.getVersion()),
                    Dependency.of("io.quarkus", "quarkus-elytron-security-properties-file", Version.getVersion())))
            .withEmptyApplication()
            .overrideConfigKey("quarkus.http.test-port", "0")
            .overrideConfigKey("quarkus.http.root-path", "/shop")
            .overrideConfigKey("quarkus.kaon.rest.roles", "kaon-admin")
            .overrideConfigKey("quarkus.security.users.embedded.enabled", "true")
            .overrideConfigKey("quarkus.security.users.embedded.plain-text", "true")
            .overrideConfigKey("quarkus.security.users.embedded.users.ada", "of-ada")
            .overrideConfigKey("quarkus.security.users.embedded.roles.ada", "kaon-admin")
            .overrideConfigKey("quarkus.security.users.embedded.users.bob", "of-bob")
            .overrideConfigKey("quarkus.security.users.embedded.roles.bob", "guest");

    @TestHTTPResource("v3")
    URI api;

    @Test
    void shouldTellTheClusterBelowTheRootPath() throws Exception {
        // When
        HttpResponse<String> answer = get("/clusters", "ada:of-ada");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"self\":\"" + api + "/clusters/");
    }

    @Test
    void shouldHaveAllOperationsInItsDocument() throws Exception {
        // When
        HttpResponse<String> answer = get("/openapi", "ada:of-ada");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(
                        "\"/clusters/{cluster_id}\"",
                        "\"/clusters/{cluster_id}/topics/{topic_name}/records\"",
                        "\"/clusters/{cluster_id}/consumer-groups/{consumer_group_id}/lag-summary\"",
                        "\"/application\"",
                        "\"/long-work\"");
    }

    @Test
    void shouldAskWhoeverHasNotLoggedInToDoSo() throws Exception {
        // When
        HttpResponse<String> answer = get("/clusters", "");

        // Then
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWithIgnoringCase("basic");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void shouldRefuseWrongPasswordsAndOtherRoles() throws Exception {
        assertThat(get("/clusters", "ada:of-bob").statusCode()).isEqualTo(401);
        assertThat(get("/clusters", "bob:of-bob").statusCode()).isEqualTo(403);
        assertThat(get("/openapi", "bob:of-bob").statusCode()).isEqualTo(403);
    }

    @Test
    void shouldTakeABodyBehindALogin() throws Exception {
        // Given
        String cluster = get("/clusters", "ada:of-ada").body().replaceAll("(?s).*\"cluster_id\":\"([^\"]+)\".*", "$1");
        HttpRequest.Builder request = request("/clusters/" + cluster + "/topics", "ada:of-ada")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"topic_name\":\"orders\",\"partitions_count\":2}"));

        // When
        HttpResponse<String> answer = send(request);

        // Then
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Location")).hasValue(api + "/clusters/" + cluster + "/topics/orders");
    }

    private HttpResponse<String> get(String path, String user) throws Exception {
        return send(request(path, user));
    }

    /** @param user name and password with a colon between them; empty for none */
    private HttpRequest.Builder request(String path, String user) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + path));
        return user.isEmpty()
                ? request
                : request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
