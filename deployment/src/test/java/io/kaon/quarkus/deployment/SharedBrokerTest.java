// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SharedBrokerTest {
    private static final int STARTERS = 8;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void shouldJoinTheBrokerOfTheFirst() throws Exception {
        // Given
        String address = listen();
        SharedBroker first = application(Duration.ofSeconds(30));
        assertThat(first.join()).isEmpty();
        first.register(address);

        // When
        Optional<String> found = application(Duration.ofSeconds(30)).join();

        // Then
        assertThat(found).contains(address);
        assertThat(first.join()).as("after a reload of the first").isEmpty();
    }

    @Test
    void shouldTakeOverWhenTheFirstEnds() throws Exception {
        // Given
        String address = listen();
        SharedBroker first = application(Duration.ofSeconds(30));
        first.join();
        first.register(address);
        SharedBroker second = application(Duration.ofSeconds(30));
        second.join();

        // When
        first.close();

        // Then
        assertThat(second.join()).isEmpty();
        assertThat(second.predecessor()).contains(address);
    }

    @Test
    void shouldNotBelieveARegistrationWhoseApplicationIsGone() throws Exception {
        // Given
        Files.writeString(folder.resolve("name.properties"), "address=localhost:1\npid=1\n");

        // When
        Optional<String> found = application(Duration.ofSeconds(30)).join();

        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void shouldRunABrokerOfItsOwnWhenTheFirstDoesNotListen() throws Exception {
        // Given
        SharedBroker first = application(Duration.ofSeconds(30));
        first.join();
        first.register(closedAddress());

        // When
        SharedBroker second = application(Duration.ofMillis(300));

        // Then
        assertThat(second.join()).isEmpty();
        assertThat(second.predecessor()).isEmpty();
    }

    @Test
    void shouldNotWaitAgainAfterHavingWaitedInVain() throws Exception {
        // Given
        SharedBroker first = application(Duration.ofSeconds(30));
        first.join();
        first.register(closedAddress());
        SharedBroker second = application(Duration.ofSeconds(3));
        second.join();

        // When
        long startNs = System.nanoTime();
        Optional<String> found = second.join();

        // Then
        assertThat(found).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void shouldLetOneOfManyStartersRunTheBroker() throws Exception {
        // Given
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(STARTERS);
        List<Future<Optional<String>>> found = new ArrayList<>();
        String address = listen();

        // When
        for (int starter = 0; starter < STARTERS; starter++) {
            SharedBroker application = application(Duration.ofSeconds(30));
            found.add(threads.submit(() -> {
                start.await();
                Optional<String> other = application.join();
                if (other.isEmpty()) {
                    application.register(address);
                }
                return other;
            }));
        }
        start.countDown();

        // Then
        List<Optional<String>> answers = new ArrayList<>();
        for (Future<Optional<String>> one : found) {
            answers.add(one.get(60, TimeUnit.SECONDS));
        }
        threads.shutdown();
        assertThat(answers).filteredOn(Optional::isEmpty).hasSize(1);
        assertThat(answers).filteredOn(Optional::isPresent).containsOnly(Optional.of(address));
    }

    @Test
    void shouldTakeOverFromAProcessThatWasKilled() throws Exception {
        // Given
        String address = listen();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SharedBrokerProcess.class.getName(),
                        folder.toString(),
                        address)
                .redirectErrorStream(true)
                .start();
        open.add(process::destroyForcibly);
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream()));
        String line = output.readLine();
        while (line != null && !line.equals("registered")) {
            line = output.readLine();
        }
        SharedBroker second = application(Duration.ofSeconds(30));
        assertThat(second.join()).contains(address);

        // When
        process.destroyForcibly().waitFor();

        // Then
        assertThat(second.join()).isEmpty();
        assertThat(second.predecessor()).contains(address);
    }

    private SharedBroker application(Duration patience) {
        SharedBroker application = new SharedBroker(folder, "name", patience);
        open.add(application);
        return application;
    }

    private String listen() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(socket);
        return "localhost:" + socket.getLocalPort();
    }

    private static String closedAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            return "localhost:" + socket.getLocalPort();
        }
    }
}
