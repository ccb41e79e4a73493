// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.Transactions;
import io.kaon.admin.Transactions.Listing;
import io.kaon.admin.Transactions.Producer;
import io.kaon.admin.Transactions.Transaction;
import io.kaon.admin.records.TopicRecords;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Transactional producers, their transactions, and what partitions know of producers. */
@Singleton
public class TransactionsGroup implements OperationGroup {
    private static final String TAG = "Transactions";
    private static final String TRANSACTIONS = "/clusters/{cluster_id}/transactions";

    private static final Schema PARTITION = Schema.object()
            .named("KaonTransactionPartition")
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer());
    private static final Schema TRANSACTION = Convention.thing("KaonTransaction")
            .with("transactional_id", Schema.text())
            .with("state", Schema.text().described("As Kafka names it: Empty, Ongoing, PrepareCommit, CompleteCommit…"))
            .with("producer_id", Schema.int64())
            .with("producer_epoch", Schema.integer())
            .with("timeout_ms", Schema.integer())
            .with("started", Schema.text().orNull().described("ISO-8601; null while there is no transaction."))
            .with("partitions", Schema.list(PARTITION));
    private static final Schema PRODUCER = Schema.object()
            .named("KaonProducer")
            .with("kind", Schema.choice("KaonProducer"))
            .with("partition_id", Schema.integer())
            .with("producer_id", Schema.int64())
            .with("producer_epoch", Schema.integer())
            .with("last_sequence", Schema.integer())
            .with("last_timestamp", Schema.text().orNull())
            .with("coordinator_epoch", Schema.integer())
            .with("transaction_start_offset", Schema.int64().orNull().described("null without an open transaction."))
            .with(
                    "hanging",
                    Schema.flag()
                            .described("Whether its transaction is open here and no coordinator knows of it: consumers"
                                    + " of committed records do not get past it."));

    private final AdminConnection connection;

    TransactionsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(TRANSACTIONS)
                        .id("listTransactions")
                        .tag(TAG)
                        .summary("List transactional producers with their transactions")
                        .parameter(Parameter.text("search", 1024).described("Part of the transactional id."))
                        .parameter(Parameter.text("state", 32).described("Only those in this state."))
                        .paged()
                        .gives(200, Convention.listOf("KaonTransactionList", TRANSACTION))
                        .handledBy(this::list),
                Operation.get(TRANSACTIONS + "/{transactional_id}")
                        .id("getTransaction")
                        .tag(TAG)
                        .summary("Get a transactional producer with its transaction")
                        .gives(200, TRANSACTION)
                        .fails(404, "No producer has used this transactional id.")
                        .handledBy(this::get),
                Operation.get("/clusters/{cluster_id}/topics/{topic_name}/producers")
                        .id("listProducers")
                        .tag(TAG)
                        .summary("List the producers that the partitions of a topic know")
                        .description("Idempotent and transactional ones; a hanging transaction shows here.")
                        .parameter(Parameter.integer("partition", 0, Integer.MAX_VALUE)
                                .described("Only of this partition."))
                        .gives(200, Convention.listOf("KaonProducerList", PRODUCER))
                        .handledBy(this::producers));
    }

    private CompletionStage<Answer> list(Call call) {
        String search = call.maybeText("search").orElse("");
        Optional<String> state = call.maybeText("state");
        Transactions transactions = transactions();
        return transactions.list().thenCompose(all -> {
            List<Listing> wanted = all.stream()
                    .filter(one -> one.transactionalId().contains(search))
                    .filter(one -> state.isEmpty() || one.state().equalsIgnoreCase(state.get()))
                    .toList();
            Page.Cut<Listing> cut = call.page().of(wanted, Listing::transactionalId);
            List<String> ids =
                    cut.elements().stream().map(Listing::transactionalId).toList();
            return transactions.describe(ids).thenApply(found -> {
                ArrayNode data = JsonNodeFactory.instance.arrayNode();
                found.forEach(one -> data.add(toJson(one, call)));
                return Answer.ok(call.page().list("KaonTransactionList", data, cut.next()));
            });
        });
    }

    private CompletionStage<Answer> get(Call call) {
        String id = call.text("transactional_id");
        return transactions().describe(List.of(id)).thenApply(found -> found.stream()
                .findFirst()
                .map(one -> Answer.ok(toJson(one, call)))
                .orElseThrow(() -> Problem.of(404, "No producer has used the transactional id " + id + ".")
                        .asException()));
    }

    private static ObjectNode toJson(Transaction transaction, Call call) {
        Listing listing = transaction.listing();
        String cluster = call.text("cluster_id");
        ObjectNode json = Convention.thing(
                "KaonTransaction",
                call.links().to("clusters", cluster, "transactions", listing.transactionalId()),
                List.of("kafka", cluster, "transaction", listing.transactionalId()));
        json.put("transactional_id", listing.transactionalId())
                .put("state", listing.state())
                .put("producer_id", listing.producerId())
                .put("producer_epoch", transaction.producerEpoch())
                .put("timeout_ms", transaction.timeoutMs())
                .put("started", iso(transaction.startedMs()));
        ArrayNode partitions = json.putArray("partitions");
        transaction.partitions().forEach(partition -> partitions
                .addObject()
                .put("topic_name", partition.topic())
                .put("partition_id", partition.partition()));
        return json;
    }

    private CompletionStage<Answer> producers(Call call) {
        String topic = call.text("topic_name");
        Optional<Long> asked = call.maybeNumber("partition");
        OptionalInt partition = asked.isPresent() ? OptionalInt.of(asked.get().intValue()) : OptionalInt.empty();
        return TopicRecords.of(connection.broker())
                .partitions(topic)
                .thenCompose(count -> transactions().producers(topic, count, partition))
                .thenApply(found -> {
                    ArrayNode data = JsonNodeFactory.instance.arrayNode();
                    found.forEach(one -> data.add(toJson(one)));
                    ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KaonProducerList");
                    json.putObject("metadata").put("self", call.links().self()).putNull("next");
                    json.set("data", data);
                    return Answer.ok(json);
                });
    }

    private static ObjectNode toJson(Producer producer) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "KaonProducer")
                .put("partition_id", producer.partition().partition())
                .put("producer_id", producer.id())
                .put("producer_epoch", producer.epoch())
                .put("last_sequence", producer.lastSequence())
                .put(
                        "last_timestamp",
                        producer.lastTimestampMs() < 0
                                ? null
                                : Instant.ofEpochMilli(producer.lastTimestampMs())
                                        .toString())
                .put("coordinator_epoch", producer.coordinatorEpoch());
        if (producer.open().isPresent()) {
            json.put("transaction_start_offset", producer.open().get().startOffset());
        } else {
            json.putNull("transaction_start_offset");
        }
        return json.put(
                "hanging", producer.open().filter(open -> open.isHanging()).isPresent());
    }

    private static String iso(OptionalLong ms) {
        return ms.isPresent() ? Instant.ofEpochMilli(ms.getAsLong()).toString() : null;
    }

    private Transactions transactions() {
        return new Transactions(connection.caller());
    }
}
