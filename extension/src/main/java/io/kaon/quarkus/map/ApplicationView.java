// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What an application does with its channels, at one moment.
 *
 * @param name of the application
 * @param steps the places in its code that send and receive
 * @param links from channels over topics to channels
 */
public record ApplicationView(String name, List<Channel> channels, List<ApplicationStep> steps, List<Link> links) {
    public ApplicationView {
        channels = List.copyOf(channels);
        steps = List.copyOf(steps);
        links = List.copyOf(links);
    }

    /**
     * A channel.
     *
     * @param group of an incoming channel that is a member of one
     * @param pause whether it is paused, and can be
     * @param figures if it is metered
     * @param deadLetters records of its dead letter topic that were not replayed, if it has one and its broker says
     */
    public record Channel(
            ChannelDescription description,
            Optional<String> group,
            Pause pause,
            Optional<Figures> figures,
            OptionalLong deadLetters) {}

    /** Whether a channel is paused, and whether it can be. */
    public record Pause(boolean isPaused, boolean canPause) {
        static final Pause IMPOSSIBLE = new Pause(false, false);
    }

    /**
     * What a channel has done since it was opened.
     *
     * @param perSecond records processed or sent over the last ten seconds; nothing until somebody has looked for a while
     * @param begun records received, or taken to be sent
     * @param done records acknowledged: by the application, or by the broker
     * @param failed records refused by the application, or that could not be sent
     * @param inFlight records that were begun and have not ended
     * @param lag records that an incoming channel has not processed, if its consumers say
     */
    public record Figures(
            OptionalDouble perSecond, long begun, long done, long failed, long inFlight, OptionalLong lag) {}

    /** What goes from an outgoing channel to a topic, or from one to an incoming channel. */
    public enum Purpose {
        RECORDS,
        RETRIES,
        DEAD_LETTERS
    }

    /**
     * Records go from one channel over a topic to another.
     *
     * @param from an outgoing channel, or an incoming one that writes what it cannot process
     * @param to an incoming channel; none when no channel of this application reads the topic
     */
    public record Link(
            Optional<ChannelDescription.Key> from,
            String topic,
            Optional<ChannelDescription.Key> to,
            Purpose purpose) {}
}
