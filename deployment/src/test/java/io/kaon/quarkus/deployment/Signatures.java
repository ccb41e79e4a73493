// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.kafka.client.serialization.ObjectMapperDeserializer;
import io.quarkus.kafka.client.serialization.ObjectMapperSerializer;
import io.quarkus.smallrye.reactivemessaging.runtime.ContextualEmitter;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.split.MultiSplitter;
import io.smallrye.reactive.messaging.GenericPayload;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.Targeted;
import io.smallrye.reactive.messaging.TargetedMessages;
import io.smallrye.reactive.messaging.annotations.Merge;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.OutgoingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.transactions.KafkaTransactions;
import io.smallrye.reactive.messaging.keyed.KeyValueExtractor;
import io.smallrye.reactive.messaging.keyed.Keyed;
import io.smallrye.reactive.messaging.keyed.KeyedMulti;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.eclipse.microprofile.reactive.streams.operators.ProcessorBuilder;
import org.eclipse.microprofile.reactive.streams.operators.PublisherBuilder;
import org.eclipse.microprofile.reactive.streams.operators.SubscriberBuilder;
import org.reactivestreams.Processor;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** Every form in which an application can tell what goes through a channel. Nothing of it runs: an index reads it. */
final class Signatures {
    private Signatures() {}

    /** Has no serializer of its own. */
    record Plain(int id) {}

    /** Has one that the application wrote. */
    record Written(int id) {}

    /** Has a subclass of Quarkus' JSON serializer. */
    record Mapped(int id) {}

    /** Has a reader that Kafka cannot make. */
    record Awkward(int id) {}

    static final class WrittenSerializer implements Serializer<Written> {
        @Override
        public byte[] serialize(String topic, Written value) {
            return new byte[0];
        }
    }

    static final class WrittenDeserializer implements Deserializer<Written> {
        @Override
        public Written deserialize(String topic, byte[] bytes) {
            return new Written(0);
        }
    }

    static final class MappedSerializer extends ObjectMapperSerializer<Mapped> {}

    static final class MappedDeserializer extends ObjectMapperDeserializer<Mapped> {
        MappedDeserializer() {
            super(Mapped.class);
        }
    }

    static final class AwkwardDeserializer implements Deserializer<Awkward> {
        private final Awkward only;

        AwkwardDeserializer(Awkward only) {
            this.only = only;
        }

        @Override
        public Awkward deserialize(String topic, byte[] bytes) {
            return only;
        }
    }

    /** Takes the key out of the payload. */
    static final class IdOfPlain implements KeyValueExtractor {
        @Override
        public boolean canExtract(Message<?> message, Type keyType, Type valueType) {
            return true;
        }

        @Override
        public Object extractKey(Message<?> message, Type keyType) {
            return 0;
        }

        @Override
        public Object extractValue(Message<?> message, Type valueType) {
            return message.getPayload();
        }
    }

    /** Tells what its methods take, but they are looked at where they are declared. */
    abstract static class ReceivedIntegers extends Received<Integer> {}

    abstract static class Received<T> {
        @Incoming("inherited")
        @Expect("")
        abstract void inherited(T payload);

        @Incoming("inherited-message")
        @Expect(value = "", better = "takes the base class of JSON's, which Kafka cannot make")
        abstract CompletionStage<Void> inheritedMessage(Message<T> payload);

        @Incoming("string")
        @Expect("String")
        abstract void string(String payload);

        @Incoming("int")
        @Expect("Integer")
        abstract void primitiveInt(int payload);

        @Incoming("long")
        @Expect("Long")
        abstract void boxedLong(Long payload);

        @Incoming("short")
        @Expect("Short")
        abstract void primitiveShort(short payload);

        @Incoming("float")
        @Expect("Float")
        abstract void boxedFloat(Float payload);

        @Incoming("double")
        @Expect("Double")
        abstract void primitiveDouble(double payload);

        @Incoming("boolean")
        @Expect("Boolean")
        abstract void boxedBoolean(Boolean payload);

        @Incoming("primitive-boolean")
        @Expect(value = "Boolean", better = "knows only the boxed one")
        abstract void primitiveBoolean(boolean payload);

        @Incoming("bytes")
        @Expect("ByteArray")
        abstract void bytes(byte[] payload);

        @Incoming("buffer")
        @Expect("ByteBuffer")
        abstract void byteBuffer(ByteBuffer payload);

        @Incoming("kafka-bytes")
        @Expect("Bytes")
        abstract void kafkaBytes(Bytes payload);

        @Incoming("uuid")
        @Expect("UUID")
        abstract void uuid(UUID payload);

        @Incoming("void")
        @Expect("Void")
        abstract void nothing(Void payload);

        @Incoming("vertx-buffer")
        @Expect("Buffer")
        abstract void vertxBuffer(Buffer payload);

        @Incoming("json-object")
        @Expect("JsonObject")
        abstract void jsonObject(JsonObject payload);

        @Incoming("json-array")
        @Expect("JsonArray")
        abstract void jsonArray(JsonArray payload);

        @Incoming("plain")
        @Expect("json")
        abstract void plain(Plain payload);

        @Incoming("written")
        @Expect("Written")
        abstract void written(Written payload);

        @Incoming("mapped")
        @Expect("Mapped")
        abstract void mapped(Mapped payload);

        @Incoming("awkward")
        @Expect(value = "json", better = "takes a class that Kafka cannot make")
        abstract void awkward(Awkward payload);

        @Incoming("generic")
        @Expect(value = "json", better = "knows no types with arguments")
        abstract void generic(Map<String, Plain> payload);

        @Incoming("decimal")
        @Expect("json")
        abstract void decimal(BigDecimal payload);

        @Incoming("object")
        @Expect(value = "", better = "writes a class into java.lang, which cannot be loaded")
        abstract void object(Object payload);

        @Incoming("message")
        @Expect("Integer")
        abstract CompletionStage<Void> message(Message<Integer> message);

        @Incoming("message-uni")
        @Expect("json")
        abstract Uni<Void> messageUni(Message<Plain> message);

        @Incoming("any-message")
        @Expect(value = "", better = "takes the base class of JSON's, which Kafka cannot make")
        abstract CompletionStage<Void> anyMessage(Message<?> message);

        @SuppressWarnings("rawtypes")
        @Incoming("raw-message")
        @Expect(value = "", better = "takes the message for the payload")
        abstract CompletionStage<Void> rawMessage(Message message);

        @Incoming("with-metadata")
        @Expect("Long")
        abstract void withMetadata(Long payload, IncomingKafkaRecordMetadata<String, Long> metadata);

        @Incoming("kafka-record")
        @Expect(key = "Integer", value = "json")
        abstract CompletionStage<Void> kafkaRecord(KafkaRecord<Integer, Plain> message);

        @Incoming("incoming-record")
        @Expect(key = "Integer", value = "String", better = "knows only the interface")
        abstract CompletionStage<Void> incomingRecord(IncomingKafkaRecord<Integer, String> message);

        @Incoming("record")
        @Expect(key = "Long", value = "Written")
        abstract void keyAndValue(Record<Long, Written> payload);

        @Incoming("consumer-record")
        @Expect(key = "json", value = "json")
        abstract void consumerRecord(ConsumerRecord<Plain, Plain> payload);

        @Incoming("record-of-generic")
        @Expect(key = "String", value = "json", better = "knows no types with arguments")
        abstract void recordOfGeneric(Record<String, List<Plain>> payload);

        @Incoming("list")
        @Expect(value = "json", batch = true)
        abstract void list(List<Plain> payloads);

        @Incoming("message-of-list")
        @Expect(value = "Integer", batch = true)
        abstract CompletionStage<Void> messageOfList(Message<List<Integer>> message);

        @Incoming("list-of-records")
        @Expect(key = "Long", value = "String", batch = true, better = "takes the record for the payload")
        abstract void listOfRecords(List<Record<Long, String>> payloads);

        @Incoming("consumer-records")
        @Expect(key = "Integer", value = "Mapped", batch = true)
        abstract void consumerRecords(ConsumerRecords<Integer, Mapped> payloads);

        @Incoming("record-batch")
        @Expect(key = "UUID", value = "Double", batch = true)
        abstract CompletionStage<Void> recordBatch(KafkaRecordBatch<UUID, Double> message);

        @Incoming("incoming-record-batch")
        @Expect(key = "UUID", value = "Double", batch = true, better = "knows only the interface")
        abstract CompletionStage<Void> incomingRecordBatch(IncomingKafkaRecordBatch<UUID, Double> message);

        @Incoming("subscriber")
        @Expect("Double")
        abstract Subscriber<Double> subscriber();

        @Incoming("flow-subscriber")
        @Expect(value = "Double", better = "knows only that of Reactive Streams")
        abstract Flow.Subscriber<Message<Double>> flowSubscriber();

        @Incoming("subscriber-builder")
        @Expect("Double")
        abstract SubscriberBuilder<Message<Double>, Void> subscriberBuilder();

        @Incoming("keyed")
        @Outgoing("keyed-out")
        @Expect(key = "String", value = "Long")
        abstract Multi<String> keyed(KeyedMulti<String, Long> stream);

        @Incoming("extracted")
        @Outgoing("extracted-out")
        @Expect(key = "Integer", value = "json")
        abstract Multi<String> extracted(@Keyed(IdOfPlain.class) KeyedMulti<Integer, Plain> stream);

        @Incoming("stream")
        @Outgoing("stream-out")
        @Expect("json")
        abstract Multi<String> stream(Multi<Plain> stream);

        @Incoming("stream-of-messages")
        @Outgoing("stream-of-messages-out")
        @Expect(key = "Long", value = "Integer")
        abstract Flow.Publisher<String> streamOfMessages(Flow.Publisher<KafkaRecord<Long, Integer>> stream);

        @Incoming("publisher")
        @Outgoing("publisher-out")
        @Expect("Integer")
        abstract Publisher<String> publisher(Publisher<Integer> stream);

        @Incoming("publisher-builder")
        @Outgoing("publisher-builder-out")
        @Expect("Integer")
        abstract PublisherBuilder<String> publisherBuilder(PublisherBuilder<Message<Integer>> stream);

        @Incoming("processed")
        @Outgoing("processed-out")
        @Expect("Integer")
        abstract String processed(Integer payload);

        @Incoming("one-of-many")
        @Incoming("other-of-many")
        @Expect("Integer")
        abstract void many(Integer payload);
    }

    abstract static class Sent {
        @Outgoing("string-out")
        @Expect("String")
        abstract String string();

        @Outgoing("long-out")
        @Expect("Long")
        abstract long primitiveLong();

        @Outgoing("json-object-out")
        @Expect("JsonObject")
        abstract JsonObject jsonObject();

        @Outgoing("plain-out")
        @Expect("json")
        abstract Plain plain();

        @Outgoing("written-out")
        @Expect("Written")
        abstract Written written();

        @Outgoing("mapped-out")
        @Expect("Mapped")
        abstract Mapped mapped();

        @Outgoing("uni-out")
        @Expect("Integer")
        abstract Uni<Integer> uni();

        @Outgoing("uni-message-out")
        @Expect("json")
        abstract Uni<Message<Plain>> uniMessage();

        @Outgoing("stage-out")
        @Expect("Integer")
        abstract CompletionStage<Integer> stage();

        @Outgoing("message-out")
        @Expect("UUID")
        abstract Message<UUID> message();

        @Outgoing("kafka-record-out")
        @Expect(key = "String", value = "json")
        abstract KafkaRecord<String, Plain> kafkaRecord();

        @Outgoing("outgoing-record-out")
        @Expect(key = "String", value = "json", better = "knows only the interface")
        abstract OutgoingKafkaRecord<String, Plain> outgoingRecord();

        @Outgoing("record-out")
        @Expect(key = "Integer", value = "Written")
        abstract Record<Integer, Written> keyAndValue();

        @Outgoing("message-of-record-out")
        @Expect(key = "Integer", value = "Long", better = "takes the record for the payload")
        abstract Message<Record<Integer, Long>> messageOfRecord();

        @Outgoing("producer-record-out")
        @Expect(key = "Integer", value = "String")
        abstract ProducerRecord<Integer, String> producerRecord();

        @Outgoing("list-out")
        @Expect(value = "json", better = "takes a list for one of its elements")
        abstract List<String> list();

        @Outgoing("generic-payload-out")
        @Expect("Integer")
        abstract GenericPayload<Integer> genericPayload();

        @Outgoing("multi-out")
        @Expect("Integer")
        abstract Multi<Integer> multi();

        @Outgoing("multi-record-out")
        @Expect(key = "String", value = "Integer")
        abstract Multi<Record<String, Integer>> multiRecord();

        @Outgoing("publisher-message-out")
        @Expect("json")
        abstract Flow.Publisher<Message<Plain>> publisherMessage();

        @Outgoing("reactive-streams-out")
        @Expect("Float")
        abstract Publisher<Float> reactiveStreams();

        @Outgoing("builder-out")
        @Expect("Float")
        abstract PublisherBuilder<Message<Float>> builder();

        @Outgoing("splitter-out")
        @Expect("Integer")
        abstract MultiSplitter<Integer, Thread.State> splitter();

        @Incoming("sent-a")
        @Outgoing("processor-out")
        @Expect("Short")
        abstract Processor<String, Short> processor();

        @Incoming("sent-b")
        @Outgoing("flow-processor-out")
        @Expect(value = "Short", better = "knows only that of Reactive Streams")
        abstract Flow.Processor<String, Message<Short>> flowProcessor();

        @Incoming("sent-c")
        @Outgoing("processor-builder-out")
        @Expect("Short")
        abstract ProcessorBuilder<String, Message<Short>> processorBuilder();

        @Incoming("sent-d")
        @Outgoing("transformed-out")
        @Expect(key = "String", value = "Long")
        abstract Uni<Record<String, Long>> transformed(String payload);

        @Incoming("sent-e")
        @Outgoing("many-out")
        @Outgoing("many-more-out")
        @Expect("")
        abstract Targeted many(String payload);

        @Incoming("sent-f")
        @Outgoing("targeted-messages-out")
        @Expect("")
        abstract TargetedMessages targetedMessages(String payload);

        @Incoming("sent-g")
        @Outgoing("nothing-out")
        @Expect("")
        abstract void nothing(String payload);
    }

    static class Injected {
        @Channel("multi-channel")
        @Expect("json")
        Multi<Plain> multi;

        @Channel("message-channel")
        @Expect("Integer")
        Flow.Publisher<Message<Integer>> messages;

        @Channel("record-channel")
        @Expect(key = "Integer", value = "Written")
        Publisher<KafkaRecord<Integer, Written>> records;

        @Channel("builder-channel")
        @Expect("Integer")
        PublisherBuilder<Integer> builder;

        @Channel("lazy-channel")
        @Expect("Integer")
        Instance<Multi<Integer>> lazy;

        @Channel("batch-channel")
        @Expect(value = "Integer", batch = true)
        Multi<List<Integer>> batches;

        @Channel("emitter")
        @Expect("String")
        Emitter<String> emitter;

        @Channel("mutiny-emitter")
        @Expect(key = "String", value = "Integer")
        MutinyEmitter<Record<String, Integer>> mutinyEmitter;

        @Channel("contextual-emitter")
        @Expect("json")
        ContextualEmitter<Plain> contextualEmitter;

        @Channel("lazy-emitter")
        @Expect("Long")
        Provider<Emitter<Long>> lazyEmitter;

        @Merge
        @Channel("message-emitter")
        @Expect("String")
        Emitter<Message<String>> messageEmitter;

        @Channel("transactions")
        @Expect(key = "String", value = "json")
        KafkaTransactions<Record<String, Plain>> transactions;

        @Channel("requests")
        @Expect("Integer")
        KafkaRequestReply<Integer, Plain> requests;

        @Channel("generic-payload-emitter")
        @Expect("Integer")
        Emitter<GenericPayload<Integer>> genericPayload;

        @Inject
        void parameter(@Channel("emitter-parameter") @Expect("UUID") Emitter<UUID> emitter) {
            emitter.complete();
        }
    }
}
