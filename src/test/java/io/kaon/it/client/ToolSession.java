// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs several of Kafka's command-line tools in one JVM, whose start takes longer than they do. Each line of the standard
 * input is a main class and its arguments; {@link #END} and the exit code follow what each prints. Besides the tools:
 *
 * <pre>
 * member BOOTSTRAP GROUP PROTOCOL TOPIC      a member of the group that stays until the session ends
 * begin BOOTSTRAP TRANSACTIONAL-ID TOPIC     a transaction with one record that stays open
 * </pre>
 */
public final class ToolSession {
    /** Begins the line that ends a tool's output. */
    public static final String END = "-- ended with ";

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();

    private static OptionalInt exitCode = OptionalInt.empty();

    private ToolSession() {}

    public static void main(String[] args) throws IOException {
        Exit.setExitProcedure(ToolSession::end);
        Exit.setHaltProcedure(ToolSession::end);
        System.setErr(System.out);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            String[] arguments = new String[words.length - 1];
            System.arraycopy(words, 1, arguments, 0, arguments.length);
            exitCode = OptionalInt.empty();
            run(words[0], arguments);
            System.out.println("\n" + END + exitCode.orElse(0));
        }
        System.out.flush();
        // Neither the members and transactions nor whatever threads the tools have left keep the session.
        Runtime.getRuntime().halt(0);
    }

    /** The first exit of a tool is what its caller would see; what it does after that does not count. */
    private static void end(int code, String message) {
        if (exitCode.isEmpty()) {
            exitCode = OptionalInt.of(code);
        }
        throw new Ended();
    }

    private static void run(String command, String[] arguments) {
        try {
            switch (command) {
                case "member" -> member(arguments[0], arguments[1], arguments[2], arguments[3]);
                case "begin" -> begin(arguments[0], arguments[1], arguments[2]);
                default ->
                    Class.forName(command).getMethod("main", String[].class).invoke(null, (Object) arguments);
            }
        } catch (InvocationTargetException thrown) {
            if (!(thrown.getCause() instanceof Ended)) {
                fail(thrown.getCause());
            }
        } catch (Exception thrown) {
            fail(thrown);
        }
    }

    private static void fail(Throwable problem) {
        problem.printStackTrace(System.out);
        exitCode = OptionalInt.of(1);
    }

    /** Its heartbeats come from a thread of the client, so that nobody has to poll any more once it has partitions. */
    private static void member(String bootstrap, String group, String protocol, String topic) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrap, "group.id", group, "group.protocol", protocol, "client.id", "member");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (consumer.assignment().isEmpty()) {
            consumer.poll(POLL);
            if (System.nanoTime() > deadlineNs) {
                throw new IllegalStateException("no partitions for a member of " + group);
            }
        }
        consumer.assignment().forEach(consumer::position);
        consumer.commitSync();
    }

    private static void begin(String bootstrap, String id, String topic) throws Exception {
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "transactional.id", id),
                new StringSerializer(),
                new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "open")).get();
    }

    /** Takes the place of the end of the JVM. */
    private static final class Ended extends Error {}
}
