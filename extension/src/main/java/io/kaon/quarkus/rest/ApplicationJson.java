// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.quarkus.map.ApplicationStep;
import io.kaon.quarkus.map.ApplicationView;
import io.kaon.quarkus.map.ApplicationView.Figures;
import io.kaon.quarkus.map.ApplicationView.Link;
import io.kaon.quarkus.map.ChannelDescription;
import io.kaon.quarkus.map.ChannelDescription.Direction;
import io.kaon.quarkus.map.ChannelDescription.Key;
import io.kaon.quarkus.map.ChannelDescription.Strategies;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/** The map of the application as JSON. */
final class ApplicationJson {
    private static final Schema DIRECTION = Schema.choice("incoming", "outgoing", "internal");
    private static final Schema NAMES = Schema.list(Schema.text());
    private static final Schema COUNT = Schema.int64().min(0).orNull();

    static final Schema CHANNEL = Convention.thing("KaonChannel")
            .with("channel", Schema.text())
            .with("direction", DIRECTION.described("`internal`: from one method of the application to another."))
            .with("connector", Schema.text().orNull())
            .with(
                    "embedded",
                    Schema.flag().described("Whether it goes into the application's broker without a socket."))
            .with("topics", NAMES)
            .with("topic_pattern", Schema.text().orNull())
            .with("group", Schema.text().orNull())
            .with("methods", NAMES.described("The methods that take or send its records, as `class#method`."))
            .with("emitters", NAMES.described("Where an emitter or a stream of it is injected."))
            .with("commit_strategy", Schema.text().orNull())
            .with("failure_strategy", Schema.text().orNull())
            .with("dead_letter_topic", Schema.text().orNull())
            .with("dead_letters", COUNT.described("Records in the dead letter topic that were not replayed."))
            .with("retry_topics", NAMES)
            .with("rate_per_second", Schema.number().orNull().described("Records processed or sent, over ten seconds."))
            .with("received", COUNT)
            .with("acknowledged", COUNT)
            .with("sent", COUNT)
            .with("failed", COUNT)
            .with("in_flight", COUNT)
            .with("lag", COUNT.described("Records that the channel has not processed."))
            .with("paused", Schema.flag())
            .with("can_pause", Schema.flag());

    private static final Schema METHOD = Schema.object()
            .named("KaonMethod")
            .with("method", Schema.text())
            .with("incoming", NAMES)
            .with("outgoing", NAMES);

    private static final Schema LINK = Schema.object()
            .named("KaonLink")
            .with("from", Schema.text().orNull().described("The channel that writes; null when it is none of these."))
            .with("from_direction", DIRECTION.orNull())
            .with("topic", Schema.text())
            .with("to", Schema.text().orNull().described("The channel that reads; null when it is none of these."))
            .with("purpose", Schema.choice("records", "retries", "dead_letters"));

    static final Schema APPLICATION = Convention.thing("KaonApplication")
            .with("name", Schema.text())
            .with("channels", Schema.list(CHANNEL))
            .with("methods", Schema.list(METHOD))
            .with("links", Schema.list(LINK));

    private ApplicationJson() {}

    static ObjectNode of(ApplicationView view, Links links) {
        ObjectNode json = thing("KaonApplication", links.to("application"), view.name());
        json.put("name", view.name());
        ArrayNode channels = json.putArray("channels");
        view.channels().forEach(channel -> channels.add(of(channel, view.steps(), links)));
        ArrayNode methods = json.putArray("methods");
        view.steps().stream().filter(ApplicationStep::isMethod).forEach(step -> methods.add(method(step)));
        ArrayNode all = json.putArray("links");
        view.links().forEach(link -> all.add(of(link)));
        return json;
    }

    static ObjectNode of(ApplicationView.Channel channel, List<ApplicationStep> steps, Links links) {
        ChannelDescription description = channel.description();
        String name = description.channel();
        ObjectNode json = thing("KaonChannel", links.to("application", "channels", name), name);
        json.put("channel", name)
                .put("direction", word(description.direction()))
                .put("connector", description.connector().orElse(null))
                .put("embedded", description.isEmbedded());
        add(json, "topics", description.topics().names());
        json.put("topic_pattern", description.topics().pattern().orElse(null))
                .put("group", channel.group().orElse(null));
        add(json, "methods", places(description.key(), steps, ApplicationStep::isMethod));
        add(json, "emitters", places(description.key(), steps, step -> !step.isMethod()));
        addStrategies(json, description.strategies());
        put(json, "dead_letters", channel.deadLetters());
        addFigures(json, description.direction(), channel.figures());
        return json.put("paused", channel.pause().isPaused())
                .put("can_pause", channel.pause().canPause());
    }

    private static void addStrategies(ObjectNode json, Strategies strategies) {
        json.put("commit_strategy", strategies.commit().orElse(null))
                .put("failure_strategy", strategies.failure().orElse(null))
                .put("dead_letter_topic", strategies.deadLetterTopic().orElse(null));
        add(json, "retry_topics", strategies.retryTopics());
    }

    private static void addFigures(ObjectNode json, Direction direction, Optional<Figures> figures) {
        Optional<Figures> incoming = figures.filter(any -> direction == Direction.INCOMING);
        Optional<Figures> outgoing = figures.filter(any -> direction == Direction.OUTGOING);
        Double rate = figures.filter(known -> known.perSecond().isPresent())
                .map(known -> known.perSecond().getAsDouble())
                .orElse(null);
        json.put("rate_per_second", rate);
        put(json, "received", incoming, Figures::begun);
        put(json, "acknowledged", incoming, Figures::done);
        put(json, "sent", outgoing, Figures::done);
        put(json, "failed", figures, Figures::failed);
        put(json, "in_flight", figures, Figures::inFlight);
        put(json, "lag", figures.map(Figures::lag).orElseGet(OptionalLong::empty));
    }

    private static void put(ObjectNode json, String member, Optional<Figures> figures, ToLongFunction<Figures> part) {
        put(
                json,
                member,
                figures.map(known -> OptionalLong.of(part.applyAsLong(known))).orElseGet(OptionalLong::empty));
    }

    private static void put(ObjectNode json, String member, OptionalLong value) {
        if (value.isPresent()) {
            json.put(member, value.getAsLong());
        } else {
            json.putNull(member);
        }
    }

    private static List<String> places(Key key, List<ApplicationStep> steps, Predicate<ApplicationStep> isWanted) {
        return steps.stream()
                .filter(isWanted)
                .filter(step ->
                        key.direction() != Direction.OUTGOING && step.incoming().contains(key.channel())
                                || key.direction() != Direction.INCOMING
                                        && step.outgoing().contains(key.channel()))
                .map(ApplicationStep::place)
                .toList();
    }

    private static ObjectNode method(ApplicationStep step) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("method", step.place());
        add(json, "incoming", step.incoming());
        add(json, "outgoing", step.outgoing());
        return json;
    }

    private static ObjectNode of(Link link) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("from", link.from().map(Key::channel).orElse(null))
                .put(
                        "from_direction",
                        link.from().map(from -> word(from.direction())).orElse(null))
                .put("topic", link.topic())
                .put("to", link.to().map(Key::channel).orElse(null))
                .put("purpose", link.purpose().name().toLowerCase(Locale.ROOT));
    }

    private static ObjectNode thing(String kind, String self, String name) {
        return Convention.thing(kind, self, List.of(kind.equals("KaonChannel") ? "channel" : "application", name));
    }

    private static void add(ObjectNode json, String member, Collection<String> words) {
        ArrayNode array = json.putArray(member);
        words.forEach(array::add);
    }

    private static String word(Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }
}
