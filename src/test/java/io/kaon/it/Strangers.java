// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaon.it.client.ToolSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs that nobody here wrote. */
final class Strangers {
    private static final Path CLIENTS = Path.of(System.getProperty("kaon.clients.dir"));
    private static final Path SCRIPTS = Path.of(System.getProperty("kaon.scripts.dir"));
    private static final boolean REQUIRED = "required".equals(System.getProperty("kaon.clients"));

    /** Kafka's tools by the names of the scripts that start them. */
    private static final Map<String, String> TOOLS = Map.of(
            "kafka-configs", "kafka.admin.ConfigCommand",
            "kafka-console-consumer", "org.apache.kafka.tools.consumer.ConsoleConsumer",
            "kafka-consumer-groups", "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
            "kafka-features", "org.apache.kafka.tools.FeatureCommand",
            "kafka-groups", "org.apache.kafka.tools.GroupsCommand",
            "kafka-topics", "org.apache.kafka.tools.TopicCommand",
            "kafka-transactions", "org.apache.kafka.tools.TransactionsCommand");

    private Strangers() {}

    /** One of Kafka's own command-line tools, by its main class. */
    static Command tool(String mainClass, String... arguments) {
        return toolWithInput("", mainClass, arguments);
    }

    /** One of Kafka's own command-line tools, reading lines from its standard input. */
    static Command toolWithInput(String input, String mainClass, String... arguments) {
        List<String> words = toolWords("", mainClass);
        words.addAll(List.of(arguments));
        return Command.run(words, input, Map.of());
    }

    private static List<String> toolWords(String classPath, String mainClass) {
        return new ArrayList<>(List.of(
                java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath + CLIENTS + "/tools/*",
                mainClass));
    }

    /**
     * Several of Kafka's tools in one process, under the names they have for users; also the commands of
     * {@link ToolSession}. What each printed and its exit code.
     */
    static List<Command> tools(String bootstrap, String... commands) {
        StringBuilder input = new StringBuilder();
        for (String command : commands) {
            String[] nameAndRest = command.split(" ", 2);
            String mainClass = TOOLS.get(nameAndRest[0]);
            input.append(
                            mainClass == null
                                    ? nameAndRest[0] + " " + bootstrap
                                    : mainClass + " --bootstrap-server " + bootstrap)
                    .append(' ')
                    .append(nameAndRest[1])
                    .append('\n');
        }
        String printed = Command.run(
                        toolWords(Path.of("target", "test-classes") + ":", ToolSession.class.getName()),
                        input.toString(),
                        Map.of())
                .succeeded();
        List<Command> ended = new ArrayList<>();
        int from = 0;
        for (String ignored : commands) {
            int end = printed.indexOf(ToolSession.END, from);
            int codeAt = end + ToolSession.END.length();
            int lineEnd = printed.indexOf('\n', codeAt);
            ended.add(new Command(
                    Integer.parseInt(printed.substring(codeAt, lineEnd).trim()), printed.substring(from, end)));
            from = lineEnd + 1;
        }
        return ended;
    }

    /**
     * One of our programs over an unmodified kafka-clients, as a process of its own.
     *
     * @param release {@code old} or {@code new}: which kafka-clients
     */
    static Command client(String release, Class<?> program, String... arguments) {
        return Command.run(clientWords(release, program, arguments));
    }

    static List<String> clientWords(String release, Class<?> program, String... arguments) {
        return clientWords(release, "codecs", program, arguments);
    }

    /** An application of Kafka Streams with the kafka-clients of its own release. */
    static List<String> streamsWords(Class<?> program, String... arguments) {
        return clientWords("streams", program, arguments);
    }

    private static List<String> clientWords(String release, String codecs, Class<?> program, String... arguments) {
        String classPath = Path.of("target", "test-classes") + ":" + CLIENTS + "/" + release + "/*:" + CLIENTS + "/"
                + codecs + "/*";
        List<String> words = new ArrayList<>(List.of(
                java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                classPath,
                program.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    /**
     * The same over a kafka-clients of 0.8 to 2.8, by its version, with the codecs of that time.
     *
     * @param version a folder that {@code src/test/kafka-tools} fills
     */
    static Command oldClient(String version, Class<?> program, String... arguments) {
        return Command.run(clientWords(version, "old-codecs", program, arguments));
    }

    /** The same, whether the release is one of today's ({@code old}, {@code new}) or a version of long ago. */
    static Command anyClient(String release, Class<?> program, String... arguments) {
        return Character.isDigit(release.charAt(0))
                ? oldClient(release, program, arguments)
                : client(release, program, arguments);
    }

    /** kcat, fed with {@code input}. */
    static Command kcat(String input, String... arguments) {
        List<String> words = new ArrayList<>(List.of("kcat"));
        words.addAll(List.of(arguments));
        requireOrSkip(
                "kcat", Command.run(List.of("sh", "-c", "command -v kcat")).exitCode() == 0);
        return Command.run(words, input, Map.of());
    }

    /** A script over Debian's kafka-python. */
    static Command python(String script, String... arguments) {
        requireOrSkip(
                "kafka-python",
                Command.run(List.of("/usr/bin/python3", "-c", "import kafka")).exitCode() == 0);
        return script("/usr/bin/python3", script, arguments);
    }

    /** A script over Debian's confluent-kafka, which is librdkafka. */
    static Command confluentPython(String script, String... arguments) {
        requireOrSkip(
                "confluent-kafka",
                Command.run(List.of("/usr/bin/python3", "-c", "import confluent_kafka"))
                                .exitCode()
                        == 0);
        return script("/usr/bin/python3", script, arguments);
    }

    /** A script over Python's standard library alone. */
    static Command plainPython(String script, String... arguments) {
        requireOrSkip(
                "python3",
                Command.run(List.of("sh", "-c", "command -v python3")).exitCode() == 0);
        return script("python3", script, arguments);
    }

    /** A script over a package from npm. */
    static Command node(String npmPackage, String script, String... arguments) {
        requireOrSkip(
                "node with " + npmPackage,
                SCRIPTS.resolve("node_modules").resolve(npmPackage).toFile().isDirectory());
        return script("node", script, arguments);
    }

    private static Command script(String interpreter, String script, String... arguments) {
        List<String> words =
                new ArrayList<>(List.of(interpreter, SCRIPTS.resolve(script).toString()));
        words.addAll(List.of(arguments));
        return Command.run(words);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** With {@code -Dkaon.clients=required} a client that is not there fails the test; otherwise it is a visible skip. */
    private static void requireOrSkip(String client, boolean present) {
        if (REQUIRED && !present) {
            throw new AssertionError(client + " is not installed, and -Dkaon.clients=required asks for it");
        }
        assumeTrue(present, client + " is not installed");
    }
}
