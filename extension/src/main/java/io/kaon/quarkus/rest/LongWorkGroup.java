// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.telemetry.LongWork;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What takes long in the broker, and how far it is. */
@Singleton
public class LongWorkGroup implements OperationGroup {
    static final Schema WORK = Schema.object()
            .named("KaonLongWork")
            .with("kind", Schema.choice("KaonLongWork"))
            .with("id", Schema.int64())
            .with("work", Schema.text().described("What is done: seeding, export, replay, recovery."))
            .with("subject", Schema.text().described("To what."))
            .with("done", Schema.int64())
            .with("total", Schema.int64().orNull().described("null while nobody knows."))
            .with("unit", Schema.text().described("What is counted."))
            .with("state", Schema.choice("RUNNING", "DONE", "FAILED"))
            .with("started", Schema.text())
            .with("ended", Schema.text().orNull())
            .with("failure", Schema.text().orNull());

    private final AdminConnection connection;

    LongWorkGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(Operation.get("/long-work")
                .id("listLongWork")
                .tag("Long work")
                .summary("List what takes long, and what of it lately ended")
                .description("What runs stands first. Seeding, exports, replays and recovery are shown.")
                .gives(200, Convention.listOf("KaonLongWorkList", WORK))
                .handledBy(this::list));
    }

    private CompletionStage<Answer> list(Call call) {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        connection.broker().longWork().states().forEach(state -> data.add(toJson(state)));
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KaonLongWorkList");
        json.putObject("metadata").put("self", call.links().self()).putNull("next");
        json.set("data", data);
        return Answer.ok(json).now();
    }

    /** A work as the API shows it; also for operations that begin one. */
    static ObjectNode toJson(LongWork.State state) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "KaonLongWork")
                .put("id", state.id())
                .put("work", state.kind())
                .put("subject", state.subject())
                .put("done", state.done());
        if (state.amount().total().isPresent()) {
            json.put("total", state.amount().total().getAsLong());
        } else {
            json.putNull("total");
        }
        return json.put("unit", state.amount().unit())
                .put("state", state.phase().name())
                .put("started", state.started().toString())
                .put("ended", state.ended().map(Instant::toString).orElse(null))
                .put("failure", state.failure().orElse(null));
    }
}
