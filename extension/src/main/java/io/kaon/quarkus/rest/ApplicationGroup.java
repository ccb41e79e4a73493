// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.kaon.quarkus.map.ApplicationMap;
import io.kaon.quarkus.map.ApplicationView;
import io.kaon.quarkus.map.ChannelDescription.Direction;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The application itself: its channels, what they do, and a switch to pause them. */
@Singleton
public class ApplicationGroup implements OperationGroup {
    private static final String TAG = "Application";
    private static final int NOT_FOUND = 404;
    private static final int UNKNOWN_CHANNEL = 40490;
    private static final int CONFLICT = 409;
    private static final int NOT_PAUSABLE = 40990;

    private final ApplicationMap map;

    ApplicationGroup(ApplicationMap map) {
        this.map = map;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get("/application")
                        .id("getApplication")
                        .tag(TAG)
                        .summary("Get the map of the application: its channels, methods and topics, and how they do")
                        .gives(200, ApplicationJson.APPLICATION)
                        .handledBy(this::get),
                switched("pause", "Give no more records of a channel to the application, until it is resumed")
                        .handledBy(call -> change(call, map::pause)),
                switched("resume", "Go on with a channel that was paused")
                        .handledBy(call -> change(call, map::resume)));
    }

    private static Operation.Draft switched(String verb, String summary) {
        return Operation.post("/application/channels/{channel_name}:" + verb)
                .id(verb + "Channel")
                .tag(TAG)
                .summary(summary)
                .gives(200, ApplicationJson.CHANNEL)
                .fails(NOT_FOUND, "There is no channel of that name.")
                .fails(CONFLICT, "The channel cannot be paused.");
    }

    private CompletionStage<Answer> get(Call call) {
        return map.view().thenApply(view -> Answer.ok(ApplicationJson.of(view, call.links())));
    }

    private CompletionStage<Answer> change(Call call, Consumer<String> change) {
        String name = call.text("channel_name");
        try {
            change.accept(name);
        } catch (NoSuchElementException e) {
            throw Problem.of(NOT_FOUND, UNKNOWN_CHANNEL, e.getMessage()).asException();
        } catch (IllegalStateException e) {
            throw Problem.of(CONFLICT, NOT_PAUSABLE, e.getMessage()).asException();
        }
        return map.view()
                .thenApply(view -> Answer.ok(ApplicationJson.of(channel(view, name), view.steps(), call.links())));
    }

    private static ApplicationView.Channel channel(ApplicationView view, String name) {
        return view.channels().stream()
                .filter(channel -> channel.description().channel().equals(name)
                        && channel.description().direction() != Direction.OUTGOING)
                .findFirst()
                .orElseThrow();
    }
}
