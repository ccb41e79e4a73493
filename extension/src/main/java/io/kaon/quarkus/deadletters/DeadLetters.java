// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.KaonConnector;
import io.kaon.quarkus.map.ChannelDescription.Direction;
import io.kaon.quarkus.map.ChannelDescription.Key;
import io.kaon.quarkus.map.ChannelDescription.Strategies;
import io.kaon.quarkus.map.OpenChannels;
import io.kaon.quarkus.map.OpenChannels.Opened;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.logging.Logger;

/**
 * The dead letters of the application's channels: shows them, and sends them back. Any thread; what it answers arrives on
 * threads of its own, which wait for brokers and are there only while there is something to do.
 */
@Singleton
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 32;
    private static final long IDLE_S = 20;
    private static final int SHOWN_HOMELESS = 5;

    private final KaonConnector connector;
    private final OpenChannels channels;
    private final ExecutorService threads = threads();
    private final LetterCounts counts = new LetterCounts();
    private final Set<String> replaying = ConcurrentHashMap.newKeySet();

    @Inject
    DeadLetters(@Connector(KaonConnector.CONNECTOR_NAME) KaonConnector connector, OpenChannels channels) {
        this.connector = connector;
        this.channels = channels;
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "kaon-dead-letters");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
        counts.close();
    }

    /**
     * A page of letters, newest first.
     *
     * @param older where older ones begin, by partition; empty when there are none
     */
    public record LetterPage(String topic, List<DeadLetter> letters, Map<Integer, Long> older) {
        public LetterPage {
            letters = List.copyOf(letters);
            older = Map.copyOf(older);
        }
    }

    /**
     * Which letters are to be shown.
     *
     * @param topic the dead letter topic, or one of the retry topics; without it the dead letter topic
     * @param below the page before was older than these offsets; empty for the newest
     */
    public record LetterQuery(Optional<String> topic, Map<Integer, Long> below, int limit) {}

    /**
     * Shows letters of a channel, none when the topic is not there yet.
     *
     * @throws NoSuchElementException when there is no such channel or topic of it
     * @throws RejectedExecutionException when too many ask at once
     */
    public CompletionStage<LetterPage> page(String channel, LetterQuery query) {
        Opened opened = existing(channel);
        String topic = query.topic().map(name -> topicOf(opened, name)).orElseGet(() -> deadLetterTopic(opened));
        return CompletableFuture.supplyAsync(
                () -> with(opened, topic, letters -> {
                    List<DeadLetter> found = letters.newest(query.below(), query.limit());
                    return new LetterPage(topic, found, letters.olderThan(query.below(), found));
                }),
                threads);
    }

    /** How many letters of the channel have not been replayed; nothing if nobody knows yet. Never fails, never waits. */
    public OptionalLong count(String channel) {
        return channels.find(new Key(Direction.INCOMING, channel))
                .filter(opened ->
                        opened.description().strategies().deadLetterTopic().isPresent())
                .map(opened -> counts.of(channel, deadLetterTopic(opened), () -> clients(opened)))
                .orElseGet(OptionalLong::empty);
    }

    // --- replay

    /** Is told how a replay goes on; one thread at a time. */
    public interface Progress {
        /** So many letters are to be looked at. */
        void expect(long letters);

        /** So many have been. */
        void at(long letters);

        /** It is over. */
        void end();

        /** It is over before it was done, or without all. */
        void fail(String reason);
    }

    /**
     * Sends letters of a channel back to where they came from; returns at once.
     *
     * @param begun makes who is told of it, once it is sure that it begins
     * @return what {@code begun} has made
     * @throws NoSuchElementException when there is no such channel, or it has no dead letter topic
     * @throws IllegalStateException when its dead letters are being replayed already
     * @throws RejectedExecutionException when too much is under way
     */
    public <P extends Progress> P replay(String channel, Selection selection, Supplier<P> begun) {
        Opened opened = existing(channel);
        String topic = deadLetterTopic(opened);
        if (!replaying.add(topic)) {
            throw new IllegalStateException("The dead letters of " + topic + " are being replayed already");
        }
        P progress = begun.get();
        try {
            threads.execute(() -> replay(opened, topic, selection, progress));
        } catch (RejectedExecutionException e) {
            replaying.remove(topic);
            progress.fail("Too much is under way: try again");
            throw e;
        }
        return progress;
    }

    private void replay(Opened opened, String topic, Selection selection, Progress progress) {
        try {
            Replay.Outcome outcome = with(opened, topic, letters -> {
                try (Producer<byte[], byte[]> producer = clients(opened).producer()) {
                    Replay replay = new Replay(letters, producer, selection, home(opened), progress::at);
                    progress.expect(replay.total());
                    return replay.run();
                }
            });
            LOG.infof(
                    "Channel '%s': %d dead letters of %s were sent back, %d had been before",
                    opened.description().channel(), outcome.written(), topic, outcome.skipped());
            tell(outcome, progress);
        } catch (RuntimeException e) {
            LOG.warnf(
                    e,
                    "Channel '%s': the replay of %s ended early",
                    opened.description().channel(),
                    topic);
            progress.fail(e.getMessage() == null ? e.toString() : e.getMessage());
        } finally {
            replaying.remove(topic);
            counts.forget(opened.description().channel());
        }
    }

    private static void tell(Replay.Outcome outcome, Progress progress) {
        List<String> homeless = outcome.homeless();
        if (homeless.isEmpty()) {
            progress.end();
        } else {
            progress.fail(
                    homeless.size() + " letters stay, because the topic that they came from is not known or not there: "
                            + homeless.subList(0, Math.min(SHOWN_HOMELESS, homeless.size()))
                            + (homeless.size() > SHOWN_HOMELESS ? " and others" : ""));
        }
    }

    /** The one topic of the channel, for letters that do not say where they came from. */
    private static Optional<String> home(Opened opened) {
        List<String> names = opened.description().topics().names();
        return names.size() == 1 ? Optional.of(names.get(0)) : Optional.empty();
    }

    // --- channels

    private Opened existing(String channel) {
        return channels.find(new Key(Direction.INCOMING, channel))
                .orElseThrow(() -> new NoSuchElementException(
                        "No incoming channel '" + channel + "' of the connector kaon in this application"));
    }

    private static String deadLetterTopic(Opened opened) {
        return opened.description()
                .strategies()
                .deadLetterTopic()
                .orElseThrow(() -> new NoSuchElementException(
                        "The channel '" + opened.description().channel() + "' has no dead letter topic: set its"
                                + " failure-strategy to dead-letter-queue"));
    }

    private static String topicOf(Opened opened, String name) {
        Strategies strategies = opened.description().strategies();
        List<String> topics = new ArrayList<>(strategies.retryTopics());
        strategies.deadLetterTopic().ifPresent(topics::add);
        if (!topics.contains(name)) {
            throw new NoSuchElementException(
                    "The channel '" + opened.description().channel() + "' keeps no records in a topic '" + name
                            + "'; it does in " + topics);
        }
        return name;
    }

    private LetterClients clients(Opened opened) {
        Optional<Broker> broker = opened.broker();
        return connector
                .letterClients(opened.description().channel(), broker)
                .orElseThrow(() -> new IllegalStateException(
                        "The channel '" + opened.description().channel() + "' has no consumer (any more)"));
    }

    private <T> T with(Opened opened, String topic, Function<LetterTopic, T> action) {
        try (Consumer<byte[], byte[]> consumer = clients(opened).consumer(LetterTopic.groupOf(topic))) {
            return action.apply(new LetterTopic(consumer, topic));
        }
    }
}
