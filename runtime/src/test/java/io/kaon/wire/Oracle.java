// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Kafka's own codec of one release, in a class loader of its own: releases have classes of the same name. The jars
 * lie in
 * the directory that the system property {@value #DIRECTORY} names; without it the tests fail, they are not skipped.
 */
final class Oracle {
    static final String DIRECTORY = "kaon.oracle.dir";
    static final Oracle NEWER = new Oracle("kafka-clients-4.");
    static final Oracle OLDER = new Oracle("kafka-clients-3.");
    static final Oracle STATE = new Oracle(
            "kafka-group-coordinator-",
            "kafka-transaction-coordinator-",
            "kafka-share-coordinator-",
            "kafka-storage-",
            "kafka-clients-4.");

    private static final String MESSAGE_PACKAGE = "org.apache.kafka.common.message.";
    private static final List<String> STATE_PACKAGES = List.of(
            "org.apache.kafka.coordinator.group.generated.",
            "org.apache.kafka.coordinator.transaction.generated.",
            "org.apache.kafka.coordinator.share.generated.",
            "org.apache.kafka.server.log.remote.metadata.storage.generated.",
            MESSAGE_PACKAGE);

    private final String name;
    private final KafkaFirstLoader loader;

    private Oracle(String... jarPrefixes) {
        name = jarPrefixes[0];
        loader =
                new KafkaFirstLoader(Arrays.stream(jarPrefixes).map(Oracle::jar).toArray(URL[]::new));
    }

    /** The message of that name, in no version yet. */
    OracleMessage message(String messageName) {
        return new OracleMessage(loader, load(MESSAGE_PACKAGE + messageName));
    }

    /** The persisted record of that name. */
    OracleMessage state(String recordName) {
        for (String candidate : STATE_PACKAGES) {
            if (loader.findResource((candidate + recordName).replace('.', '/') + ".class") != null) {
                return new OracleMessage(loader, load(candidate + recordName));
            }
        }
        throw new AssertionError("no oracle for " + recordName);
    }

    boolean has(String messageName) {
        return loader.findResource((MESSAGE_PACKAGE + messageName).replace('.', '/') + ".class") != null;
    }

    Class<?> load(String className) {
        try {
            return loader.loadClass(className);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static URL jar(String prefix) {
        String directory = System.getProperty(DIRECTORY);
        if (directory == null) {
            throw new AssertionError("set the system property " + DIRECTORY + " to the directory with Kafka's jars");
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            Path jar = files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + prefix + "*.jar in " + directory));
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks its own jars first for Kafka's classes, so that no other Kafka on the class path gets in between. */
    private static final class KafkaFirstLoader extends URLClassLoader {
        KafkaFirstLoader(URL... jars) {
            super(jars, Oracle.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
            if (!className.startsWith("org.apache.kafka.")) {
                return super.loadClass(className, resolve);
            }
            synchronized (getClassLoadingLock(className)) {
                Class<?> loaded = findLoadedClass(className);
                return loaded != null ? loaded : findClass(className);
            }
        }
    }
}
