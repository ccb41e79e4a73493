// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Arrays;

/** A growing list of partitions, each as the place of its topic and its index. */
final class PlaceList {
    private int[] topics = new int[16];
    private int[] partitions = new int[16];
    private int size;

    void add(int topic, int partition) {
        if (size == topics.length) {
            topics = Arrays.copyOf(topics, size * 2);
            partitions = Arrays.copyOf(partitions, size * 2);
        }
        topics[size] = topic;
        partitions[size++] = partition;
    }

    int size() {
        return size;
    }

    int topic(int i) {
        return topics[i];
    }

    int partition(int i) {
        return partitions[i];
    }
}
