// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.DescribeLogDirsRequest;
import io.kaon.wire.message.DescribeLogDirsResponse;
import io.kaon.wire.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Where a broker keeps its logs, and what lies there. Any thread. */
public final class LogDirs {
    private final AdminCaller caller;

    public LogDirs(AdminCaller caller) {
        this.caller = caller;
    }

    /**
     * A data directory.
     *
     * @param error why it cannot be used
     * @param totalBytes of the volume; empty when it cannot be told
     * @param usableBytes of the volume
     * @param topics the largest first
     */
    public record LogDir(
            String path,
            Optional<ErrorCode> error,
            OptionalLong totalBytes,
            OptionalLong usableBytes,
            List<TopicSize> topics) {
        public LogDir {
            topics = List.copyOf(topics);
        }
    }

    /** What a topic takes there. */
    public record TopicSize(String topic, int partitions, long bytes) {}

    /** The directories of the broker that is asked. */
    public CompletionStage<List<LogDir>> describe() {
        return caller.call(DescribeLogDirsResponse.class, new DescribeLogDirsRequest().setTopics(null))
                .thenApply(answer -> {
                    AdminCaller.check(answer.errorCode(), null);
                    return answer.results().stream().map(LogDirs::toLogDir).toList();
                });
    }

    private static LogDir toLogDir(DescribeLogDirsResponse.DescribeLogDirsResult found) {
        ErrorCode error = ErrorCode.of(found.errorCode());
        return new LogDir(
                found.logDir(),
                error == ErrorCode.NONE ? Optional.empty() : Optional.of(error),
                known(found.totalBytes()),
                known(found.usableBytes()),
                found.topics().stream()
                        .map(topic -> new TopicSize(
                                topic.name(),
                                topic.partitions().size(),
                                topic.partitions().stream()
                                        .mapToLong(DescribeLogDirsPartition::partitionSize)
                                        .sum()))
                        .sorted(Comparator.comparingLong(TopicSize::bytes)
                                .reversed()
                                .thenComparing(TopicSize::topic))
                        .toList());
    }

    private static OptionalLong known(long bytes) {
        return bytes >= 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
    }
}
