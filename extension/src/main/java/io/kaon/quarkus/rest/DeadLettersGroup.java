// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaon.admin.records.PageQuery;
import io.kaon.exec.Clock;
import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.quarkus.deadletters.DeadLetters;
import io.kaon.quarkus.deadletters.DeadLetters.LetterQuery;
import io.kaon.quarkus.deadletters.Selection;
import io.kaon.quarkus.deadletters.Selection.Place;
import io.kaon.telemetry.LongWork;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records that could not be processed: pages of them, and the way back. */
@Singleton
public class DeadLettersGroup implements OperationGroup {
    private static final String TAG = "Application";
    private static final String LETTERS = "/application/channels/{channel_name}/dead-letters";
    private static final int MAX_CURSOR = 3500;
    private static final int MAX_PLACES = 10_000;
    private static final int NOT_FOUND = 404;
    private static final int NO_DEAD_LETTERS = 40491;
    private static final int CONFLICT = 409;
    private static final int BUSY = 40991;
    private static final int TOO_MANY = 429;
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,9}):(\\d{1,18})");
    private static final String CURSOR_FORM = CURSOR.pattern() + "(," + CURSOR.pattern() + ")*";

    private static final Schema PLACE = Schema.object()
            .named("KaonDeadLetterPlace")
            .with("partition_id", Schema.integer().min(0))
            .with("offset", Schema.int64().min(0));

    private static final Schema REPLAY = Schema.object()
            .named("KaonReplay")
            .maybe("all", Schema.flag().described("All that the topic has now and that were not replayed."))
            .maybe("records", Schema.list(PLACE).max(MAX_PLACES).described("Or these."))
            .maybe("again", Schema.flag().described("Also those that have been replayed before."));

    private final DeadLetters letters;
    private final EmbeddedBroker embedded;
    /** Of an application without a broker. */
    private final LongWork own = new LongWork(Clock.system());

    DeadLettersGroup(DeadLetters letters, EmbeddedBroker embedded) {
        this.letters = letters;
        this.embedded = embedded;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(LETTERS)
                        .id("listDeadLetters")
                        .tag(TAG)
                        .summary("List the dead letters of a channel, newest first")
                        .description("Of its dead letter topic, or with `topic` of one of its retry topics. Each with"
                                + " the reason, with where it was before, and whether it was replayed.")
                        .parameter(Parameter.text("topic", 249).described("One of the channel's retry topics instead."))
                        .parameter(Parameter.integer("limit", 1, PageQuery.MAX_LIMIT)
                                .orElse(PageQuery.DEFAULT_LIMIT)
                                .described("How many at most."))
                        .parameter(Parameter.text("cursor", MAX_CURSOR)
                                .described("`page.older` of another page, to go on from there."))
                        .parameter(RecordsGroup.maxBytes())
                        .gives(200, DeadLetterJson.LETTERS)
                        .fails(NOT_FOUND, "There is no such channel, or it keeps no dead letters.")
                        .handledBy(this::list),
                Operation.post(LETTERS + ":replay")
                        .id("replayDeadLetters")
                        .tag(TAG)
                        .summary("Send dead letters back to the topic that they came from")
                        .description("In the background: `GET /v3/long-work` tells how far it is. A letter stays in its"
                                + " topic and is marked as replayed once it is written; what is marked is passed over.")
                        .takes(REPLAY)
                        .gives(202, LongWorkGroup.WORK)
                        .fails(NOT_FOUND, "There is no such channel, or it has no dead letter topic.")
                        .fails(CONFLICT, "Its dead letters are being replayed.")
                        .handledBy(this::replay));
    }

    private CompletionStage<Answer> list(Call call) {
        LetterQuery query = new LetterQuery(call.maybeText("topic"), cursor(call), call.integer("limit"));
        int maxBytes = call.integer("max_bytes");
        return refusing(() -> letters.page(call.text("channel_name"), query))
                .thenApply(page -> Answer.ok(DeadLetterJson.of(page, maxBytes, clusterId(), call.links())));
    }

    private static Map<Integer, Long> cursor(Call call) {
        Map<Integer, Long> below = new HashMap<>();
        call.maybeText("cursor").ifPresent(text -> {
            if (!text.matches(CURSOR_FORM)) {
                throw Problem.invalid("cursor", "is not page.older of another page")
                        .asException();
            }
            Matcher matcher = CURSOR.matcher(text);
            while (matcher.find()) {
                below.put(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
            }
        });
        return below;
    }

    private CompletionStage<Answer> replay(Call call) {
        Selection selection = selection(call.body());
        String channel = call.text("channel_name");
        LongWork work = embedded.broker().map(broker -> broker.longWork()).orElse(own);
        Watched watched = refusing(() -> letters.replay(
                channel,
                selection,
                () -> new Watched(work.begin(
                        "replay", "dead letters of channel " + channel, LongWork.Amount.unknown("records")))));
        LongWork.State state = work.states().stream()
                .filter(each -> each.id() == watched.task().id())
                .findFirst()
                .orElseThrow();
        return Answer.accepted(LongWorkGroup.toJson(state)).now();
    }

    /** The work that is shown. */
    private record Watched(LongWork.Task task) implements DeadLetters.Progress {
        @Override
        public void expect(long count) {
            task.expect(count);
        }

        @Override
        public void at(long count) {
            task.progress(count);
        }

        @Override
        public void end() {
            task.end();
        }

        @Override
        public void fail(String reason) {
            task.fail(reason);
        }
    }

    private static Selection selection(JsonNode body) {
        boolean isAll = body.path("all").asBoolean(false);
        boolean isAgain = body.path("again").asBoolean(false);
        Set<Place> places = new HashSet<>();
        body.path("records")
                .forEach(place -> places.add(new Place(
                        place.path("partition_id").asInt(), place.path("offset").asLong())));
        if (isAll == !places.isEmpty()) {
            throw Problem.invalid("records", "name the records to replay, or set all to true, and not both")
                    .asException();
        }
        return new Selection(isAll ? Optional.empty() : Optional.of(places), isAgain);
    }

    private static <T> T refusing(Supplier<T> action) {
        try {
            return action.get();
        } catch (NoSuchElementException e) {
            throw Problem.of(NOT_FOUND, NO_DEAD_LETTERS, e.getMessage()).asException();
        } catch (IllegalStateException e) {
            throw Problem.of(CONFLICT, BUSY, e.getMessage()).asException();
        } catch (RejectedExecutionException e) {
            throw Problem.of(TOO_MANY, TOO_MANY, "Too much is under way with dead letters: try again")
                    .asException();
        }
    }

    private Optional<String> clusterId() {
        return embedded.broker().map(broker -> broker.clusterId());
    }
}
