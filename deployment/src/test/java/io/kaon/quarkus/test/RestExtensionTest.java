// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API in an application: below its root path, open in test mode. What each operation does is tested without Quarkus. */
class RestExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(List.of(Dependency.of("io.quarkus", "quarkus-vertx-http", Version.getVersion())))
            .withEmptyApplication()
            .overrideConfigKey("quarkus.http.test-port", "0")
            .overrideConfigKey("quarkus.http.root-path", "/shop");

    @TestHTTPResource("v3")
    URI api;

    @Test
    void shouldTellTheClusterBelowTheRootPath() throws Exception {
        // When
        HttpResponse<String> answer = get("/clusters");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"self\":\"" + api + "/clusters/");
    }

    @Test
    void shouldHaveAllOperationsInItsDocument() throws Exception {
        // When
        HttpResponse<String> answer = get("/openapi");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"/clusters/{cluster_id}\"");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(api + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
