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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jboss.logging.Logger;

/**
 * Kafka's consumer over the broker in this application, without a socket.
 *
 * <p>As with Kafka's own, one thread uses it, and only {@link #wakeup()} may be called by any other. It extends
 * {@link MockConsumer} for one reason: SmallRye lets a consumer be put in the place of Kafka's, but asks for that type.
 * Nothing of the mock is used; every method is overridden.
 */
public final class EmbeddedConsumer<K, V> extends MockConsumer<K, V> {
    private static final Logger LOG = Logger.getLogger(EmbeddedConsumer.class);
    private static final long RETRY_MS = 20;
    private static final long LAST_POLLS_MS = 10;

    private final ConsumerSettings settings;
    private final BrokerCalls groupCalls;
    private final BrokerCalls controlCalls;
    private final TopicDirectory directory;
    private final OffsetQueries offsets;
    private final Fetcher fetcher;
    private final RecordReader<K, V> reader;
    private final Membership member;
    private final OwnedPartitions owned;
    private final Heartbeats heartbeats;
    private final Bell bell = new Bell();
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final AtomicBoolean isInterrupted = new AtomicBoolean();
    private final Map<TopicPartition, ConsumedPartition> partitions = new LinkedHashMap<>();
    private final ConsumerCommits commits;
    private final ConsumerPositions positions;
    private final AutoCommit autoCommit;
    private final ConsumerMetrics metrics;
    private final ConsumerInterceptors<K, V> interceptors;
    private volatile Optional<GroupConsumption> group = Optional.empty();
    private int seenChanges;
    private volatile boolean isOpen = true;
    private volatile boolean isEnding;
    private volatile long lastPollNs = System.nanoTime();

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
        super("none");
        this.settings = settings;
        this.reader = reader;
        this.interceptors = interceptors;
        this.metrics = new ConsumerMetrics(settings.clientId());
        this.groupCalls = calls.get();
        this.controlCalls = calls.get();
        this.directory = new TopicDirectory(controlCalls, settings.topics());
        this.offsets = new OffsetQueries(controlCalls, settings.isolation());
        this.fetcher = new Fetcher(calls, settings.fetch(), settings.isolation(), metrics, bell::ring);
        MemberSeams seams = new MemberSeams(groupCalls, controlCalls, directory, bell::ring);
        this.member = settings.group().protocol().isServerSide()
                ? new ModernMember(seams, settings.group())
                : new ClassicMember(seams, settings.group());
        this.commits = new ConsumerCommits(
                offsets, member::metadata, this::isInGroup, bell, interceptors::onCommit, metrics::onCommit);
        this.positions = new ConsumerPositions(partitions, settings, offsets, commits);
        this.autoCommit = new AutoCommit(settings.autoCommitIntervalMs(), commits, positions);
        this.owned = new OwnedPartitions(partitions, autoCommit::commitNow);
        int maxPollMs = settings.group().timeouts().maxPollIntervalMs();
        this.heartbeats = new Heartbeats(timer, this::beat, () -> Math.min(member.beatMs(), maxPollMs));
    }

    private boolean isInGroup() {
        return group.isPresent();
    }

    /** Runs on the timer. A consumer whose application stopped polling gives its partitions to the others. */
    private void beat() {
        long idleMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastPollNs);
        if (idleMs <= settings.group().timeouts().maxPollIntervalMs()) {
            member.heartbeat();
            if (member.metadata().generationId() >= 0) {
                metrics.onHeartbeat();
            }
        } else if (member.metadata().generationId() >= 0) {
            LOG.warnf(
                    "Consumer %s leaves group %s: it was not polled for %d ms, more than max.poll.interval.ms",
                    settings.clientId(), member.metadata().groupId(), idleMs);
            member.leave(Departure.because("max.poll.interval.ms is over"));
        }
    }

    // --- what to consume

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        subscribe(new Subscription(Set.copyOf(topics), Optional.empty(), Optional.empty(), listener));
    }

    @Override
    public void subscribe(Collection<String> topics) {
        subscribe(topics, Subscription.NO_LISTENER);
    }

    @Override
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        subscribe(new Subscription(Set.of(), Optional.of(pattern), Optional.empty(), listener));
    }

    @Override
    public void subscribe(Pattern pattern) {
        subscribe(pattern, Subscription.NO_LISTENER);
    }

    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        if (settings.group().protocol().isServerSide()) {
            subscribe(new Subscription(Set.of(), Optional.empty(), Optional.of(pattern.pattern()), listener));
        } else {
            subscribe(Pattern.compile(pattern.pattern()), listener);
        }
    }

    @Override
    public void subscribe(SubscriptionPattern pattern) {
        subscribe(pattern, Subscription.NO_LISTENER);
    }

    private void subscribe(Subscription subscription) {
        if (settings.groupId().isEmpty()) {
            throw new KafkaException("To subscribe, a consumer needs a group.id");
        }
        if (group.isPresent()) {
            group.get().subscribe(subscription);
        } else {
            partitions.clear();
            group = Optional.of(member.follow(subscription, owned));
            heartbeats.hurry();
        }
    }

    @Override
    public void unsubscribe() {
        leave(Deadline.inMs(settings.apiTimeoutMs()), Departure.because("unsubscribed"));
        partitions.clear();
    }

    private void leave(Deadline deadline, Departure departure) {
        if (group.isEmpty()) {
            return;
        }
        try {
            group.get().giveUp();
        } finally {
            group = Optional.empty();
            positions.forgetBeginnings();
            BrokerCalls.await(member.leave(departure), deadline, "leaving the group");
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
        return group.map(consumption -> consumption.subscription().topics()).orElse(Set.of());
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return member.metadata();
    }

    @Override
    public void enforceRebalance(String reason) {
        member.rejoin();
    }

    @Override
    public void enforceRebalance() {
        member.rejoin();
    }

    // --- records

    @Override
    public ConsumerRecords<K, V> poll(Duration timeout) {
        metrics.onPoll(System.nanoTime());
        Deadline deadline =
                isEnding ? Deadline.inMs(Math.min(LAST_POLLS_MS, timeout.toMillis())) : Deadline.in(timeout);
        boolean isRebalanced = false;
        while (true) {
            lastPollNs = System.nanoTime();
            throwIfWoken();
            commits.runCallbacks();
            autoCommit.progress();
            group.ifPresent(GroupConsumption::progress);
            isRebalanced |= hasRebalanced();
            positions.find();
            fetcher.progress(partitions);
            Map<TopicPartition, List<ConsumerRecord<K, V>>> records =
                    reader.take(partitions.values(), settings.fetch().maxPollRecords());
            if (!records.isEmpty()) {
                records.forEach((id, some) -> metrics.onPolled(partitions.get(id), some.size()));
                records.keySet().forEach(this::letOthersGoFirst);
                positions.onPolled(records.keySet());
                fetcher.progress(partitions); // The next ones come while these are processed.
                return interceptors.onConsume(new ConsumerRecords<>(records, nextOffsets(records.keySet())));
            }
            if (deadline.hasPassed() || isInterrupted.getAndSet(false) || isRebalanced) {
                return ConsumerRecords.empty();
            }
            bell.await(Math.min(Math.max(1, deadline.leftMs()), isUnsettled() ? RETRY_MS : Long.MAX_VALUE));
        }
    }

    /** A partition with more records than the others would be read to its end before they have their turn. */
    private void letOthersGoFirst(TopicPartition id) {
        if (!partitions.get(id).hasRecords()) {
            partitions.put(id, partitions.remove(id));
        }
    }

    /** Whoever waits for partitions learns between two polls that they have come. */
    private boolean hasRebalanced() {
        if (owned.changes() == seenChanges) {
            return false;
        }
        seenChanges = owned.changes();
        metrics.onAssigned(partitions.keySet());
        heartbeats.hurry();
        return true;
    }

    private Map<TopicPartition, OffsetAndMetadata> nextOffsets(Set<TopicPartition> polled) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        polled.forEach(partition -> next.put(
                partition, new OffsetAndMetadata(partitions.get(partition).position())));
        return next;
    }

    private boolean isUnsettled() {
        return group.filter(GroupConsumption::isUnsettled).isPresent()
                || partitions.values().stream().anyMatch(ConsumedPartition::isUnsettled);
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
        paused.forEach(partition -> owned(partition).pause());
    }

    @Override
    public void resume(Collection<TopicPartition> resumed) {
        resumed.forEach(partition -> owned(partition).resume());
    }

    @Override
    public Set<TopicPartition> paused() {
        return partitions.values().stream()
                .filter(ConsumedPartition::isPaused)
                .map(ConsumedPartition::id)
                .collect(Collectors.toSet());
    }

    private ConsumedPartition owned(TopicPartition id) {
        ConsumedPartition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalStateException("Partition " + id + " is not assigned to this consumer");
        }
        return partition;
    }

    // --- positions

    @Override
    public void seek(TopicPartition partition, long offset) {
        owned(partition).seekTo(offset);
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        seek(partition, offset.offset());
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
        moved.forEach(partition -> owned(partition).seekTo(end));
    }

    @Override
    public long position(TopicPartition id) {
        return position(id, apiTimeout());
    }

    @Override
    public long position(TopicPartition id, Duration timeout) {
        ConsumedPartition partition = owned(id);
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
        ConsumedPartition partition = owned(id);
        return partition.hasPosition() && partition.readableEnd() >= 0
                ? OptionalLong.of(Math.max(0, partition.readableEnd() - partition.position()))
                : OptionalLong.empty();
    }

    // --- commits

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> committed, Duration timeout) {
        commits.commit(committed, Deadline.in(timeout));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> committed) {
        commitSync(committed, apiTimeout());
    }

    @Override
    public void commitSync(Duration timeout) {
        commitSync(positions.toCommit(), timeout);
    }

    @Override
    public void commitSync() {
        commitSync(positions.toCommit());
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
    public void commitAsync() {
        commitAsync(null);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> wanted) {
        return committed(wanted, apiTimeout());
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> wanted, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> answer = new HashMap<>();
        wanted.forEach(partition -> answer.put(partition, null)); // As Kafka's: null where nothing is committed.
        answer.putAll(commits.committed(wanted, Deadline.in(timeout)));
        return answer;
    }

    private Duration apiTimeout() {
        return Duration.ofMillis(settings.apiTimeoutMs());
    }

    // --- questions

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> wanted, Duration timeout) {
        return ends(wanted, OffsetReset.EARLIEST, timeout);
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> wanted) {
        return beginningOffsets(wanted, apiTimeout());
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> wanted, Duration timeout) {
        return ends(wanted, OffsetReset.LATEST, timeout);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> wanted) {
        return endOffsets(wanted, apiTimeout());
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> wanted, OffsetReset end, Duration timeout) {
        Map<TopicPartition, Long> timestamps = new HashMap<>();
        wanted.forEach(partition -> timestamps.put(partition, end.timestamp(0)));
        Map<TopicPartition, Long> ends = new HashMap<>();
        offsetsForTimes(timestamps, timeout).forEach((partition, offset) -> ends.put(partition, offset.offset()));
        return ends;
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times, Duration timeout) {
        return BrokerCalls.await(offsets.offsets(times), Deadline.in(timeout), "ListOffsets");
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
        return offsetsForTimes(times, apiTimeout());
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return BrokerCalls.await(directory.lookUp(Set.of(topic)), Deadline.in(timeout), "Metadata")
                .partitionsOf(topic);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return partitionsFor(topic, apiTimeout());
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        TopicDirectory.Topics topics = BrokerCalls.await(directory.allWithInternal(), Deadline.in(timeout), "Metadata");
        Map<String, List<PartitionInfo>> answer = new HashMap<>();
        topics.partitions().keySet().forEach(topic -> answer.put(topic, topics.partitionsOf(topic)));
        return answer;
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return listTopics(apiTimeout());
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return metrics.all();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw noTelemetry();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw noTelemetry();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw noTelemetry();
    }

    private static UnsupportedOperationException noTelemetry() {
        return new UnsupportedOperationException("A client of the broker in this application pushes no telemetry");
    }

    // --- the end

    @Override
    public void close() {
        close(CloseOptions.timeout(apiTimeout()));
    }

    @Override
    @SuppressWarnings("deprecation")
    public void close(Duration timeout) {
        close(CloseOptions.timeout(timeout));
    }

    /** Tells the listener, waits for commits that are under way, and leaves the group. */
    @Override
    public void close(CloseOptions options) {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        heartbeats.stop();
        Deadline deadline = Deadline.in(options.timeout().orElse(apiTimeout()));
        try {
            if (group.isEmpty()) {
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
