// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an image has that the one before had not.
 *
 * @param topics names of the topics that were made, or a partition of which was changed or added; they are in the image
 * @param removed topics that are gone, as they were: a name may be in {@code topics} too, with another id (C18)
 * @param configs resources some setting of which changed, those of removed topics not included
 * @param brokersChanged whether a broker came, went or changed, or another one controls
 */
public record ImageChange(
        Set<String> topics, List<TopicImage> removed, Set<ConfigResource> configs, boolean brokersChanged) {
    public ImageChange {
        topics = Set.copyOf(topics);
        removed = List.copyOf(removed);
        configs = Set.copyOf(configs);
    }

    /**
     * The difference of two images, found by looking at everything: for followers that had to start over from a
     * snapshot.
     */
    public static ImageChange between(ClusterImage before, ClusterImage after) {
        Set<String> topics = new HashSet<>();
        for (TopicImage topic : after.topics()) {
            if (before.topic(topic.name()).filter(topic::equals).isEmpty()) {
                topics.add(topic.name());
            }
        }
        List<TopicImage> removed = new ArrayList<>();
        for (TopicImage topic : before.topics()) {
            if (after.topic(topic.id()).isEmpty()) {
                removed.add(topic);
            }
        }
        Set<ConfigResource> configs = new HashSet<>();
        before.configuredResources().forEach(configs::add);
        after.configuredResources().forEach(configs::add);
        configs.removeIf(resource -> before.configs(resource).equals(after.configs(resource)));
        boolean brokersChanged = !before.brokers().equals(after.brokers())
                || !before.controllerId().equals(after.controllerId());
        return new ImageChange(topics, removed, configs, brokersChanged);
    }
}
