// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.pause;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.health.HealthReport.ChannelInfo;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Pauses and resumes incoming channels of the connector {@code kaon}, for injection: {@code @Inject ChannelPauses pauses}.
 *
 * <p>A channel that is paused gives no further record to the application, and stays a member of its group: it goes on
 * to poll and to beat, keeps its partitions, and takes new ones in, which are paused too. What the application has
 * already is acknowledged and committed as ever. A pause ends with {@link #resume} or with the application. Any thread.
 */
@Singleton
public class ChannelPauses {
    private static final Logger LOG = Logger.getLogger(ChannelPauses.class);

    private static final String PAUSED = "paused";

    private final Map<String, ChannelPause> open = new ConcurrentHashMap<>();

    /** The switch of a channel, for its pipeline. There is one for each name, as long as the application lives. */
    public ChannelPause of(String channel) {
        return open.computeIfAbsent(channel, ChannelPause::new);
    }

    /**
     * The stream of a channel whose pipeline is SmallRye's, so that it can be paused.
     *
     * @param clients the channel's consumers; asked when it is paused
     */
    public Flow.Publisher<? extends Message<?>> over(
            String channel,
            Flow.Publisher<? extends Message<?>> stream,
            Supplier<? extends List<? extends KafkaConsumer<?, ?>>> clients) {
        ChannelPause pause = of(channel);
        PausableStream<Message<?>> pausable =
                new PausableStream<>(Multi.createFrom().publisher(stream).map(message -> message), pause);
        new ClientPause(pause, pausable, clients, Infrastructure.getDefaultWorkerPool()).follow();
        return pausable;
    }

    /** The report, with a word at channels that are paused; they stay as healthy as they are. */
    public HealthReport told(HealthReport report) {
        HealthReport.HealthReportBuilder builder = HealthReport.builder();
        report.getChannels().forEach(channel -> builder.add(isPaused(channel.getChannel()) ? told(channel) : channel));
        return builder.build();
    }

    private static ChannelInfo told(ChannelInfo channel) {
        String message = channel.getMessage() == null ? PAUSED : PAUSED + ", " + channel.getMessage();
        return new ChannelInfo(channel.getChannel(), channel.isOk(), message);
    }

    /** The channels that can be paused. */
    public Set<String> channels() {
        return new TreeSet<>(open.keySet());
    }

    /** Whether the channel is paused; no for those that cannot be. */
    public boolean isPaused(String channel) {
        return Optional.ofNullable(open.get(channel))
                .filter(ChannelPause::isPaused)
                .isPresent();
    }

    /**
     * Gives no further record of a channel to the application. Nothing happens if it is paused already.
     *
     * @throws NoSuchElementException when no such channel can be paused; the message names those that can
     */
    public void pause(String channel) {
        existing(channel).pause();
        LOG.infof("Channel '%s' is paused: it keeps its partitions and gives no records until it is resumed", channel);
    }

    /**
     * Goes on where the channel was paused. Nothing happens if it is not.
     *
     * @throws NoSuchElementException when no such channel can be paused; the message names those that can
     */
    public void resume(String channel) {
        existing(channel).resume();
        LOG.infof("Channel '%s' goes on", channel);
    }

    private ChannelPause existing(String channel) {
        return Optional.ofNullable(open.get(channel))
                .orElseThrow(() -> new NoSuchElementException("No incoming channel '" + channel
                        + "' of the connector kaon is there to be paused; there are " + channels()));
    }
}
