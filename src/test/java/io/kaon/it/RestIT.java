// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.builder.RequestSpecBuilder;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API and the console of the packaged server: off unless they are wanted, and then for users with the role. */
class RestIT {
    private static final Pattern HTTP = Pattern.compile("http://localhost:(\\d+)");

    @TempDir
    Path data;

    @Test
    void shouldBeOffByDefault() throws Exception {
        // Given
        try (ServerProcess server = ServerProcess.start(data)) {
            // When
            RequestSpecification http = http(server);

            // Then
            given(http).get("/v3/clusters").then().statusCode(404);
            given(http).get("/kaon/").then().statusCode(404);
            given(http).get("/q/health/ready").then().statusCode(200);
            given(http)
                    .get("/q/metrics")
                    .then()
                    .statusCode(200)
                    .body(containsString("kafka_server_replicamanager_underreplicatedpartitions 0.0"));
        }
    }

    @Test
    void shouldLetUsersWithTheRoleIn() throws Exception {
        // Given
        try (ServerProcess server = ServerProcess.start(
                data,
                "quarkus.kaon.rest.enabled=true",
                "quarkus.kaon.console.enabled=true",
                "quarkus.security.users.embedded.plain-text=true",
                "quarkus.security.users.embedded.users.ada=of-ada",
                "quarkus.security.users.embedded.roles.ada=kaon-admin",
                "quarkus.security.users.embedded.users.bob=of-bob",
                "quarkus.security.users.embedded.roles.bob=guest")) {
            // When
            RequestSpecification http = http(server);

            // Then
            given(http)
                    .get("/v3/clusters")
                    .then()
                    .statusCode(401)
                    .header("WWW-Authenticate", startsWith("basic"))
                    .contentType("application/problem+json");
            for (String path : List.of("/v3/clusters", "/kaon/", "/kaon/page.js")) {
                given(http).get(path).then().statusCode(401);
                as(http, "bob").get(path).then().statusCode(403);
                as(http, "ada").get(path).then().statusCode(200);
            }
            String cluster = as(http, "ada")
                    .get("/v3/clusters")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("data[0].cluster_id");
            shouldMakeATopic(http, cluster);
        }
    }

    private static void shouldMakeATopic(RequestSpecification http, String cluster) {
        String topics = "/v3/clusters/" + cluster + "/topics";
        as(http, "ada")
                .contentType("application/json")
                .body("{\"topic_name\":\"orders\",\"partitions_count\":3}")
                .post(topics)
                .then()
                .statusCode(201)
                .body("partitions_count", equalTo(3));
        as(http, "ada").get(topics).then().statusCode(200).body("data.topic_name", hasItem("orders"));
        as(http, "ada")
                .contentType("application/json")
                .body("{\"topic_name\":\"orders\",\"colour\":\"red\"}")
                .post(topics)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("colour"));
    }

    private static RequestSpecification as(RequestSpecification http, String user) {
        return given(http).auth().preemptive().basic(user, "of-" + user);
    }

    private static RequestSpecification http(ServerProcess server) throws Exception {
        String port = server.await(HTTP);
        assertThat(port).isNotEmpty();
        return new RequestSpecBuilder()
                .setBaseUri("http://localhost")
                .setPort(Integer.parseInt(port))
                .build();
    }
}
