// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a channel is set to. It does not change while the application runs.
 *
 * @param connector who moves its records; none for a channel between two methods of the application
 * @param isEmbedded whether it goes straight into the broker of this application
 * @param topics what it reads or, unless a record says otherwise, writes
 * @param strategies of an incoming channel
 */
public record ChannelDescription(
        Key key, Optional<String> connector, boolean isEmbedded, Topics topics, Strategies strategies) {
    /** Which way the records of a channel go. */
    public enum Direction {
        INCOMING,
        OUTGOING,
        /** From one method of the application to another. */
        INTERNAL
    }

    /** An incoming and an outgoing channel are two, also of one name. */
    public record Key(Direction direction, String channel) {
        public Key {
            Objects.requireNonNull(direction);
            Objects.requireNonNull(channel);
        }
    }

    /**
     * @param names none where a pattern says it, or the connector has no topics
     * @param pattern a regular expression that names of topics have to match
     */
    public record Topics(List<String> names, Optional<String> pattern) {
        /** Of a channel that has none. */
        public static final Topics NONE = new Topics(List.of(), Optional.empty());

        public Topics {
            names = List.copyOf(names);
        }
    }

    /**
     * What becomes of records after the application has had them, by the names that users write.
     *
     * @param retryTopics where refused records wait to be tried again
     */
    public record Strategies(
            Optional<String> commit,
            Optional<String> failure,
            Optional<String> deadLetterTopic,
            List<String> retryTopics) {
        /** Of a channel that has none. */
        public static final Strategies NONE =
                new Strategies(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

        public Strategies {
            retryTopics = List.copyOf(retryTopics);
        }
    }

    public ChannelDescription {
        Objects.requireNonNull(key);
        Objects.requireNonNull(connector);
        Objects.requireNonNull(topics);
        Objects.requireNonNull(strategies);
    }

    /** The name of the channel. */
    public String channel() {
        return key.channel();
    }

    /** Which way its records go. */
    public Direction direction() {
        return key.direction();
    }
}
