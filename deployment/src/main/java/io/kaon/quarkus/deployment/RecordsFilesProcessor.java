// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.HotDeploymentWatchedFileBuildItem;
import io.quarkus.deployment.builditem.nativeimage.NativeImageResourceBuildItem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Editing a records file reloads the application in dev mode; a native executable has those of the class path. */
class RecordsFilesProcessor {
    private static final String TOPICS = "quarkus.kaon.broker.topics.";
    private static final String RECORDS_FILE = ".records-file";

    @BuildStep
    void recordsFiles(
            BuildProducer<HotDeploymentWatchedFileBuildItem> watched,
            BuildProducer<NativeImageResourceBuildItem> resources) {
        Config config = ConfigProvider.getConfig();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(TOPICS) && name.endsWith(RECORDS_FILE))
                .flatMap(name -> config.getOptionalValue(name, String.class).stream())
                .distinct()
                .forEach(file -> {
                    resources.produce(new NativeImageResourceBuildItem(file));
                    watched.produce(new HotDeploymentWatchedFileBuildItem(file));
                    if (Files.isRegularFile(Path.of(file))) {
                        watched.produce(new HotDeploymentWatchedFileBuildItem(
                                Path.of(file).toAbsolutePath().toString()));
                    }
                });
    }
}
