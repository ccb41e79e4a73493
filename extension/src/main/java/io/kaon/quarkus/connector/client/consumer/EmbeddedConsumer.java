// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.Bell;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.TopicDirectory;
import io.kaon.quarkus.connector.client.consumer.Membership.Departure;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Kafka's consumer over the broker in this application, without a socket.
 *
 * <p>As with Kafka's own, one thread uses it, and only {@link #wakeup()} may be called by any other.
 */
public final class EmbeddedConsumer<K, V> extends ConsumerForms<K, V> {
    private static final Logger LOG = Logger.getLogger(EmbeddedConsumer.class);
    private static final long RETRY_MS = 20;
    private static final long LAST_POLLS_MS = 10;

    private final ConsumerSettings settings;
    private final BrokerCalls groupCalls;
    private final BrokerCalls controlCalls;
    private final ConsumerQuestions questions;
    private final Fetcher fetcher;
    private final RecordReader<K, V> reader;
    private final GroupFollower group;
    private final Bell bell = new Bell();
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final AtomicBoolean isInterrupted = new AtomicBoolean();
    private final Map<TopicPartition, ConsumedPartition> partitions = new LinkedHashMap<>();
    private final ConsumerCommits commits;
    private final ConsumerPositions positions;
    private final AutoCommit autoCommit;
    private final ConsumerMetrics metrics;
    private final ConsumerInterceptors<K, V> interceptors;
    private volatile boolean isOpen = true;
    private volatile boolean isEnding;

    /**
     * @param calls opens ways into the broker; a consumer needs three: joining a group may take as long as the slowest
     *     member does and holds up what comes after it, which must be neither fetches nor commits nor leaving
     * @param timer for heartbeats
     */
    public EmbeddedConsumer(
            Supplier<BrokerCalls> calls,
            ConsumerSettings settings,
            RecordReader<K, V> reader,
            ConsumerInterceptors<K, V> interceptors,
            ScheduledExecutorService timer) {
        this.settings = settings;
        this.reader = reader;
        this.interceptors = interceptors;
        this.metrics = new ConsumerMetrics(settings.clientId());
        this.groupCalls = calls.get();
        this.controlCalls = calls.get();
        TopicDirectory directory = new TopicDirectory(controlCalls, settings.topics());
        OffsetQueries offsets = new OffsetQueries(controlCalls, settings.isolation());
        this.questions = new ConsumerQuestions(offsets, directory);
        this.fetcher = new Fetcher(calls, settings.fetch(), settings.isolation(), metrics, bell::ring);
        MemberSeams seams = new MemberSeams(groupCalls, controlCalls, directory, bell::ring);
        Membership member = settings.group().protocol().isServerSide()
                ? new ModernMember(seams, settings.group())
                : new ClassicMember(seams, settings.group());
        this.commits = new ConsumerCommits(
                offsets, member::metadata, this::isInGroup, bell, interceptors::onCommit, metrics::onCommit);
        this.positions = new ConsumerPositions(partitions, settings, offsets, commits);
        this.autoCommit = new AutoCommit(settings.autoCommitIntervalMs(), commits, positions);
        OwnedPartitions owned = new OwnedPartitions(partitions, autoCommit::commitNow);
        this.group = new GroupFollower(settings, member, owned, metrics::onHeartbeat, timer);
    }

    private boolean isInGroup() {
        return group.isInGroup();
    }

    // --- what to consume

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        subscribe(new Subscription(Set.copyOf(topics), Optional.empty(), Optional.empty(), listener));
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        subscribe(new Subscription(Set.of(), Optional.of(pattern), Optional.empty(), listener));
    }

    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        if (settings.group().protocol().isServerSide()) {
            subscribe(new Subscription(Set.of(), Optional.empty(), Optional.of(pattern.pattern()), listener));
        } else {
            subscribe(Pattern.compile(pattern.pattern()), listener);
        }
    }

    private void subscribe(Subscription subscription) {
        if (settings.groupId().isEmpty()) {
            throw new KafkaException("To subscribe, a consumer needs a group.id");
        }
        if (!group.isInGroup()) {
            partitions.clear(); // Those that were assigned by hand.
        }
        group.subscribe(subscription);
    }

    @Override
    public void unsubscribe() {
        leave(Deadline.in(apiTimeout()), Departure.because("unsubscribed"));
        partitions.clear();
    }

    private void leave(Deadline deadline, Departure departure) {
        if (group.isInGroup()) {
            try {
                group.leave(deadline, departure);
            } finally {
                positions.forgetBeginnings();
            }
        }
    }

    @Override
    public void assign(Collection<TopicPartition> assigned) {
        partitions.keySet().retainAll(assigned);
        assigned.forEach(partition -> partitions.computeIfAbsent(partition, ConsumedPartition::new));
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.copyOf(partitions.keySet());
    }

    @Override
    public Set<String> subscription() {
        return group.topics();
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return group.metadata();
    }

    @Override
    public void enforceRebalance() {
        group.rejoin();
    }

    // --- records

    @Override
    public ConsumerRecords<K, V> poll(Duration timeout) {
        metrics.onPoll(System.nanoTime());
        Deadline deadline =
                isEnding ? Deadline.inMs(Math.min(LAST_POLLS_MS, timeout.toMillis())) : Deadline.in(timeout);
        boolean isRebalanced = false;
        while (true) {
            group.onPoll();
            throwIfWoken();
            commits.runCallbacks();
            autoCommit.progress();
            group.progress();
            isRebalanced |= hasRebalanced();
            positions.find();
            fetcher.progress(partitions);
            Map<TopicPartition, List<ConsumerRecord<K, V>>> records =
                    reader.take(partitions.values(), settings.fetch().maxPollRecords());
            if (!records.isEmpty()) {
                records.forEach((id, some) -> metrics.onPolled(partitions.get(id), some.size()));
                records.keySet().forEach(positions::letOthersGoFirst);
                positions.onPolled(records.keySet());
                fetcher.progress(partitions); // The next ones come while these are processed.
                return interceptors.onConsume(new ConsumerRecords<>(records, positions.after(records.keySet())));
            }
            if (deadline.hasPassed() || isInterrupted.getAndSet(false) || isRebalanced) {
                return ConsumerRecords.empty();
            }
            bell.await(Math.min(Math.max(1, deadline.leftMs()), isUnsettled() ? RETRY_MS : Long.MAX_VALUE));
        }
    }

    /** Whoever waits for partitions learns between two polls that they have come. */
    private boolean hasRebalanced() {
        boolean hasRebalanced = group.hasRebalanced();
        if (hasRebalanced) {
            metrics.onAssigned(partitions.keySet());
        }
        return hasRebalanced;
    }

    private boolean isUnsettled() {
        return group.isUnsettled() || partitions.values().stream().anyMatch(ConsumedPartition::isUnsettled);
    }

    private void throwIfWoken() {
        if (isWoken.compareAndSet(true, false)) {
            throw new WakeupException();
        }
    }

    /**
     * SmallRye wakes a consumer for one reason, to close it, and often begins one more poll before it does: those no
     * longer keep it waiting.
     */
    @Override
    public void wakeup() {
        isEnding = true;
        isWoken.set(true);
        bell.ring();
    }

    /**
     * Has a poll that finds no records return at once, this one or the next: something else waits for the thread that
     * polls. It has to wait already, or polls would go round and take the processor from whoever is about to bring
     * it. Any thread.
     */
    public void interruptPoll() {
        isInterrupted.set(true);
        bell.ring();
    }

    @Override
    public void pause(Collection<TopicPartition> paused) {
        paused.forEach(partition -> positions.at(partition).pause());
    }

    @Override
    public void resume(Collection<TopicPartition> resumed) {
        resumed.forEach(partition -> positions.at(partition).resume());
    }

    @Override
    public Set<TopicPartition> paused() {
        return partitions.values().stream()
                .filter(ConsumedPartition::isPaused)
                .map(ConsumedPartition::id)
                .collect(Collectors.toSet());
    }

    // --- positions

    @Override
    public void seek(TopicPartition partition, long offset) {
        positions.at(partition).seekTo(offset);
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> wanted) {
        seekTo(wanted, OffsetReset.EARLIEST);
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> wanted) {
        seekTo(wanted, OffsetReset.LATEST);
    }

    private void seekTo(Collection<TopicPartition> wanted, OffsetReset end) {
        Collection<TopicPartition> moved = wanted.isEmpty() ? partitions.keySet() : wanted;
        moved.forEach(partition -> positions.at(partition).seekTo(end));
    }

    @Override
    public long position(TopicPartition id, Duration timeout) {
        ConsumedPartition partition = positions.at(id);
        Deadline deadline = Deadline.in(timeout);
        while (!partition.hasPosition()) {
            throwIfWoken();
            positions.find();
            if (!partition.hasPosition()) {
                if (deadline.hasPassed()) {
                    throw new TimeoutException("No position for " + id + " in time");
                }
                bell.await(RETRY_MS);
            }
        }
        return partition.position();
    }

    @Override
    public OptionalLong currentLag(TopicPartition id) {
        return positions.at(id).lag();
    }

    // --- commits

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> committed, Duration timeout) {
        commits.commit(committed, Deadline.in(timeout));
    }

    @Override
    public void commitSync(Duration timeout) {
        commitSync(positions.toCommit(), timeout);
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> committed, OffsetCommitCallback callback) {
        commits.commitAsync(committed, callback);
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        commitAsync(positions.toCommit(), callback);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> wanted, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> answer = new HashMap<>();
        wanted.forEach(partition -> answer.put(partition, null)); // As Kafka's: null where nothing is committed.
        answer.putAll(commits.committed(wanted, Deadline.in(timeout)));
        return answer;
    }

    // --- questions

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> wanted, Duration timeout) {
        return questions.ends(wanted, OffsetReset.EARLIEST, Deadline.in(timeout));
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> wanted, Duration timeout) {
        return questions.ends(wanted, OffsetReset.LATEST, Deadline.in(timeout));
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times, Duration timeout) {
        return questions.offsetsForTimes(times, Deadline.in(timeout));
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return questions.partitionsFor(topic, Deadline.in(timeout));
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return questions.listTopics(Deadline.in(timeout));
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return metrics.all();
    }

    @Override
    Duration apiTimeout() {
        return Duration.ofMillis(settings.apiTimeoutMs());
    }

    // --- the end

    /** Tells the listener, waits for commits that are under way, and leaves the group. */
    @Override
    public void close(CloseOptions options) {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        group.stop();
        Deadline deadline = Deadline.in(options.timeout().orElse(apiTimeout()));
        try {
            if (!group.isInGroup()) {
                autoCommit.commitNow(); // Partitions of a group are committed when they are given up.
            }
            leave(deadline, new Departure("the consumer is closed", options.groupMembershipOperation()));
            commits.finish(deadline);
        } catch (KafkaException e) {
            LOG.warnf("Consumer %s did not close cleanly: %s", settings.clientId(), e.getMessage());
        } finally {
            fetcher.close();
            groupCalls.close();
            controlCalls.close();
            reader.close();
            interceptors.close();
            metrics.close();
        }
    }

    @Override
    public boolean closed() {
        return !isOpen;
    }
}
