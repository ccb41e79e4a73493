// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.kaon.quarkus.map.ApplicationView.Link;
import io.kaon.quarkus.map.ApplicationView.Purpose;
import io.kaon.quarkus.map.ChannelDescription.Direction;
import io.kaon.quarkus.map.ChannelDescription.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** How channels hang together by their topics: who writes where, and who reads that. */
final class TopicLinks {
    private record Writing(Key from, String topic, Purpose purpose) {}

    private TopicLinks() {}

    /** A link for each pair of channels that a topic connects, and one for each topic with one end outside. */
    static List<Link> of(Collection<ChannelDescription> channels) {
        List<Link> links = new ArrayList<>();
        Set<String> written = new LinkedHashSet<>();
        for (ChannelDescription channel : channels) {
            for (Writing writing : writings(channel)) {
                written.add(writing.topic());
                links.addAll(from(writing, channels));
            }
        }
        for (ChannelDescription channel : channels) {
            if (channel.direction() == Direction.INCOMING) {
                channel.topics().names().stream()
                        .filter(topic -> !written.contains(topic))
                        .map(topic -> new Link(Optional.empty(), topic, Optional.of(channel.key()), Purpose.RECORDS))
                        .forEach(links::add);
            }
        }
        return links;
    }

    private static List<Writing> writings(ChannelDescription channel) {
        List<Writing> writings = new ArrayList<>();
        if (channel.direction() == Direction.OUTGOING) {
            channel.topics().names().forEach(topic -> writings.add(new Writing(channel.key(), topic, Purpose.RECORDS)));
        }
        channel.strategies()
                .retryTopics()
                .forEach(topic -> writings.add(new Writing(channel.key(), topic, Purpose.RETRIES)));
        channel.strategies()
                .deadLetterTopic()
                .ifPresent(topic -> writings.add(new Writing(channel.key(), topic, Purpose.DEAD_LETTERS)));
        return writings;
    }

    private static List<Link> from(Writing writing, Collection<ChannelDescription> channels) {
        List<Link> links = new ArrayList<>(channels.stream()
                .filter(channel -> reads(channel, writing.topic()))
                .map(channel -> link(writing, Optional.of(channel.key())))
                .toList());
        if (writing.purpose() == Purpose.RETRIES) {
            links.add(link(writing, Optional.of(writing.from()))); // It comes back to the channel that it left.
        }
        return links.isEmpty() ? List.of(link(writing, Optional.empty())) : links;
    }

    private static Link link(Writing writing, Optional<Key> to) {
        return new Link(Optional.of(writing.from()), writing.topic(), to, writing.purpose());
    }

    private static boolean reads(ChannelDescription channel, String topic) {
        return channel.direction() == Direction.INCOMING
                && (channel.topics().names().contains(topic)
                        || channel.topics()
                                .pattern()
                                .filter(pattern -> matches(pattern, topic))
                                .isPresent());
    }

    private static boolean matches(String pattern, String topic) {
        try {
            return Pattern.matches(pattern, topic);
        } catch (PatternSyntaxException e) {
            return false; // The channel has failed to start for it.
        }
    }
}
