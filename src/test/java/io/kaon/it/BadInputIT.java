// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that cannot succeed end with one sentence that names the key; a healthy one says so over HTTP. */
class BadInputIT {
    private static final Pattern HTTP = Pattern.compile("http://localhost:(\\d+)");

    @TempDir
    Path data;

    @Test
    void shouldNameTheKeyOfAnUnknownSetting() throws Exception {
        // When
        ServerProcess server = ServerProcess.launch(data, "quarkus.kaon.broker.config.\"num.partitoins\"=3");

        // Then
        assertThat(server.awaitEnd()).isNotZero();
        assertThat(server.output()).contains("num.partitoins");
    }

    @Test
    void shouldNameTheKeyOfABadValue() throws Exception {
        // When
        ServerProcess server = ServerProcess.launch(data, "quarkus.kaon.broker.config.\"num.partitions\"=many");

        // Then
        assertThat(server.awaitEnd()).isNotZero();
        assertThat(server.output()).contains("num.partitions", "many");
    }

    @Test
    void shouldSayThatThePortIsInUse() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            // When
            ServerProcess server = ServerProcess.launch(
                    data, "quarkus.kaon.broker.listeners=PLAINTEXT://localhost:" + taken.getLocalPort());

            // Then
            assertThat(server.awaitEnd()).isNotZero();
            assertThat(server.output())
                    .contains("quarkus.kaon.broker.listeners", Integer.toString(taken.getLocalPort()), "in use");
        }
    }

    @Test
    void shouldRefuseADataDirectoryThatAnotherServerHolds() throws Exception {
        // Given
        try (ServerProcess first = ServerProcess.start(data)) {
            // When
            ServerProcess second = ServerProcess.launch(data);

            // Then
            assertThat(second.awaitEnd()).isNotZero();
            assertThat(second.output()).contains("quarkus.kaon.broker.data-dir", data.toString());
            assertThat(first.output()).doesNotContain("ERROR");
        }
    }

    @Test
    void shouldRefuseADataDirectoryThatIsAFile() throws Exception {
        // Given
        Path file = Files.createFile(data.resolve("file"));

        // When
        ServerProcess server = ServerProcess.launch(file);

        // Then
        assertThat(server.awaitEnd()).isNotZero();
        assertThat(server.output()).contains("quarkus.kaon.broker.data-dir", file.toString());
    }

    @Test
    void shouldAnswerHealthOnThePortOfTheSystemsChoice() throws IOException {
        // Given
        try (ServerProcess server = ServerProcess.start(data)) {
            int port = Integer.parseInt(server.await(HTTP));

            // When // Then
            given().port(port).get("/q/health").then().statusCode(200);
        }
    }
}
