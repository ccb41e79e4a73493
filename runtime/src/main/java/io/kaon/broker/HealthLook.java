// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.controller.Controller;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.network.NetworkServer;
import io.kaon.storage.LogDirectory;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.MetricName;
import java.nio.file.Files;

/** Looks at the parts of a running broker. Any thread; two questions to the file system, nothing else that waits. */
record HealthLook(int nodeId, NetworkServer network, Controller controller, MetadataImages images, LogDirectory logs) {
    BrokerHealth now() {
        ClusterImage image = images.current();
        return new BrokerHealth(
                network.isServing(),
                network.loopSilenceMs(),
                Files.isDirectory(logs.path()) && Files.isWritable(logs.path()),
                !controller.hasJournalFailed(),
                image.controllerId(),
                new BrokerHealth.Replicas(
                        behind(image),
                        value(MetricCatalogue.OFFLINE_PARTITIONS),
                        value(MetricCatalogue.RECOVERY_REMAINING)));
    }

    private long behind(ClusterImage image) {
        long behind = 0;
        for (TopicImage topic : image.topics()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(nodeId) && !partition.isr().contains(nodeId)) {
                    behind++;
                }
            }
        }
        return behind;
    }

    private long value(MetricName name) {
        return (long) logs.metrics().value(name).orElse(0);
    }
}
