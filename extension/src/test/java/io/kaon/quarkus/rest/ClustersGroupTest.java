// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClustersGroupTest {
    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.of(connection -> List.of(new ClustersGroup(connection)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldListTheCluster() {
        // When
        JsonNode clusters = server.get("/clusters").json(200);

        // Then
        assertThat(clusters.at("/data/0/cluster_id").asText())
                .isEqualTo(server.broker().clusterId());
        assertThat(clusters.at("/metadata/next").isNull()).isTrue();
    }

    @Test
    void shouldGetTheClusterAtTheAddressThatItTells() {
        // Given
        JsonNode clusters = server.get("/clusters").json(200);
        String self = clusters.at("/data/0/metadata/self").asText();

        // When
        JsonNode cluster = server.get(self.substring(self.indexOf("/v3") + 3)).json(200);

        // Then
        assertThat(cluster).isEqualTo(clusters.at("/data/0"));
    }

    @Test
    void shouldNotKnowAnotherCluster() {
        // When
        JsonNode problem = server.get("/clusters/another").json(404);

        // Then
        assertThat(problem.at("/error_code").asInt()).isEqualTo(40401);
    }
}
