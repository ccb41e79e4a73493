// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged server, started as a user starts it: {@code bin/kaon-server}, on a port of the system's choice. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Pattern READY = Pattern.compile("ready: listeners PLAINTEXT://(localhost:[1-9]\\d*)");

    private final Process process;
    private final Path log;
    private String bootstrap = "";

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the server over a data directory and waits until it says that it is ready. */
    static ServerProcess start(Path data, String... settings) throws IOException {
        ServerProcess server = launch(data, settings);
        server.bootstrap = server.await(READY);
        return server;
    }

    /** Waits until the server has printed something; the first group of what it printed. */
    String await(Pattern line) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            Matcher matcher = line.matcher(output());
            if (matcher.find()) {
                return matcher.group(1);
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError("the server did not print " + line + ":\n" + output());
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** Starts the server without waiting: for starts that must fail. */
    static ServerProcess launch(Path data, String... settings) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                System.getProperty("kaon.server.script"),
                "quarkus.kaon.broker.listeners=PLAINTEXT://localhost:0",
                "quarkus.kaon.broker.data-dir=" + data,
                "quarkus.http.port=0"));
        words.addAll(List.of(settings));
        Path log = Files.createTempFile("kaon-server", ".log");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ServerProcess(process, log);
    }

    /** Where clients connect: {@code localhost:port}. */
    String bootstrap() {
        return bootstrap;
    }

    long pid() {
        return process.pid();
    }

    /** All that the server has printed. */
    String output() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** Waits for a server that ends by itself; its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the server still runs");
        }
        return process.exitValue();
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As {@code kill}: the server closes cleanly, within its bound. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the server did not stop within " + STOP_LIMIT + ":\n" + output());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
