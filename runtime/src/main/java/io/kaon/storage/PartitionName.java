// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a partition's folder is named: {@code topic-3}; while it waits for its removal {@code topic-3.<32 hex
 * digits>-delete}.
 */
final class PartitionName {
    private static final String DELETE_SUFFIX = "-delete";
    private static final int MAX_FILE_NAME = 255;
    private static final Pattern FOLDER = Pattern.compile("([a-zA-Z0-9._-]{1,249})-(0|[1-9]\\d{0,8})");
    private static final Pattern DELETED = Pattern.compile(".+\\.[0-9a-f]{32}" + DELETE_SUFFIX);

    private PartitionName() {}

    /** The partition of a folder; empty when the name is of another kind. */
    static Optional<TopicPartition> parse(String folder) {
        Matcher matcher = FOLDER.matcher(folder);
        return matcher.matches()
                ? Optional.of(new TopicPartition(matcher.group(1), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    static boolean isDeleted(String folder) {
        return DELETED.matcher(folder).matches();
    }

    /** As Kafka does, the topic's name is cut where the whole would be too long for a file system. */
    static String deletedName(TopicPartition name, Uuid random) {
        String suffix = "-" + name.partition() + "."
                + String.format("%016x%016x", random.mostSignificantBits(), random.leastSignificantBits())
                + DELETE_SUFFIX;
        String topic = name.topic();
        return topic.substring(0, Math.min(topic.length(), MAX_FILE_NAME - suffix.length())) + suffix;
    }
}
