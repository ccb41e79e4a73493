// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.bootstrap.resolver.maven.MavenArtifactResolver;
import io.quarkus.builder.Version;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.builditem.GeneratedClassBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorManagedChannelBuildItem;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.jboss.jandex.IndexView;

/**
 * What the extension quarkus-messaging-kafka finds: its own code, from its jars, in a class loader beside that of the
 * tests, so that it is in no application under test.
 */
final class QuarkusDiscovery {
    private static final String PACKAGE = "io.quarkus.smallrye.reactivemessaging.kafka.deployment.";
    private static final String[] ARTIFACTS = {
        "quarkus-messaging-kafka", "quarkus-messaging-kafka-deployment", "quarkus-hibernate-orm-deployment-spi"
    };

    private QuarkusDiscovery() {}

    static Map<String, String> defaults(IndexView index, List<ConnectorManagedChannelBuildItem> channels)
            throws Exception {
        Map<String, String> found = new HashMap<>();
        BuildProducer<RunTimeConfigurationDefaultBuildItem> settings =
                item -> found.put(item.getKey(), item.getValue());
        BuildProducer<GeneratedClassBuildItem> generated = item -> {};
        BuildProducer<ReflectiveClassBuildItem> reflective = item -> {};
        try (URLClassLoader loader = loader()) {
            Class<?> state = loader.loadClass(PACKAGE + "DefaultSerdeDiscoveryState");
            Class<?> processor = loader.loadClass(PACKAGE + "SmallRyeReactiveMessagingKafkaProcessor");
            Constructor<?> newState = state.getDeclaredConstructor(IndexView.class);
            newState.setAccessible(true);
            Method discover = processor.getDeclaredMethod(
                    "discoverDefaultSerdeConfig",
                    state,
                    List.class,
                    BuildProducer.class,
                    BuildProducer.class,
                    BuildProducer.class);
            discover.setAccessible(true);
            discover.invoke(
                    processor.getConstructor().newInstance(),
                    newState.newInstance(index),
                    channels,
                    settings,
                    generated,
                    reflective);
        }
        return found;
    }

    private static URLClassLoader loader() throws Exception {
        MavenArtifactResolver resolver =
                MavenArtifactResolver.builder().setWorkspaceDiscovery(false).build();
        List<URL> urls = new ArrayList<>();
        for (String artifact : ARTIFACTS) {
            File jar = resolver.resolve(new DefaultArtifact("io.quarkus", artifact, "jar", Version.getVersion()))
                    .getArtifact()
                    .getFile();
            urls.add(jar.toURI().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), QuarkusDiscovery.class.getClassLoader());
    }
}
