// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

/** What the broker lets a group set: its settings {@code group.consumer.min.…} and {@code group.consumer.max.…}. */
record GroupBounds(int min, int max) {
    private static final String KIND = "consumer.";

    /** Of one of the settings of consumer groups, which all have bounds. */
    static GroupBounds of(String name, EffectiveConfigs broker) {
        String rest = name.substring(KIND.length());
        return new GroupBounds(
                number(broker, "group.consumer.min." + rest), number(broker, "group.consumer.max." + rest));
    }

    /** Whether the broker bounds the setting. */
    static boolean exist(String name) {
        return name.startsWith(KIND);
    }

    int nearest(int value) {
        return Math.max(min, Math.min(max, value));
    }

    private static int number(EffectiveConfigs broker, String name) {
        return Integer.parseInt(broker.brokerValue(name).orElseThrow());
    }
}
