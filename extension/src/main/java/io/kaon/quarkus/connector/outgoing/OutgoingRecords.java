// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.smallrye.reactive.messaging.ce.OutgoingCloudEventMetadata;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.impl.KafkaRecordHelper;
import io.smallrye.reactive.messaging.kafka.impl.RuntimeKafkaSinkConfiguration;
import io.smallrye.reactive.messaging.kafka.impl.ce.KafkaCloudEventHelper;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Makes Kafka's records of messages, by the rules of SmallRye's connector: what the message's metadata says comes first,
 * then what a {@link Record} says, then what is propagated from the incoming record, then the channel's settings. A
 * message that is the answer to a request goes where the request says. Any thread.
 */
public final class OutgoingRecords {
    private static final String BINARY = "binary";
    private static final String STRUCTURED = "structured";

    private final String topic;
    private final int partition;
    private final Optional<String> key;
    private final boolean propagatesKey;
    private final boolean writesCloudEvents;
    private final boolean isBinary;
    private final boolean isCloudEventByDefault;
    private final RuntimeKafkaSinkConfiguration settings;

    /** @throws IllegalStateException when structured Cloud Events cannot be written by the channel's serializer */
    public OutgoingRecords(KafkaConnectorOutgoingConfiguration channel) {
        this.topic = channel.getTopic().orElseGet(channel::getChannel);
        this.partition = channel.getPartition();
        this.key = channel.getKey();
        this.propagatesKey = channel.getPropagateRecordKey();
        this.writesCloudEvents = channel.getCloudEvents();
        this.isBinary = BINARY.equalsIgnoreCase(channel.getCloudEventsMode());
        this.isCloudEventByDefault = channel.getCloudEventsType().isPresent()
                && channel.getCloudEventsSource().isPresent();
        this.settings = RuntimeKafkaSinkConfiguration.buildFromConfiguration(channel);
        if (writesCloudEvents
                && STRUCTURED.equalsIgnoreCase(channel.getCloudEventsMode())
                && !StringSerializer.class.getName().equalsIgnoreCase(channel.getValueSerializer())) {
            throw new IllegalStateException("The channel '" + channel.getChannel()
                    + "' writes structured Cloud Events, so its value.serializer has to be "
                    + StringSerializer.class.getName() + ", was " + channel.getValueSerializer());
        }
    }

    /** The topic of messages that do not name another one. */
    String topic() {
        return topic;
    }

    /**
     * The record of a message.
     *
     * @throws RuntimeException when the message's payload or metadata do not make one
     */
    ProducerRecord<?, ?> of(Message<?> message) {
        if (message.getPayload() instanceof ProducerRecord<?, ?> record) {
            return record;
        }
        Known known = Known.of(message);
        if (writesCloudEvents && (known.cloudEvent != null || isCloudEventByDefault)) {
            String target = topicOf(known);
            return isBinary
                    ? KafkaCloudEventHelper.createBinaryRecord(
                            message, target, known.outgoing, known.incoming, known.cloudEvent, settings)
                    : KafkaCloudEventHelper.createStructuredRecord(
                            message, target, known.outgoing, known.incoming, known.cloudEvent, settings);
        }
        Object payload = message.getPayload();
        boolean hasTimestamp = known.outgoing != null && known.outgoing.getTimestamp() != null;
        return new ProducerRecord<>(
                topicOf(known),
                partitionOf(known),
                hasTimestamp ? known.outgoing.getTimestamp().toEpochMilli() : null,
                keyOf(payload, known),
                payload instanceof Record<?, ?> pair ? pair.value() : payload,
                known.isEmpty() ? null : KafkaRecordHelper.getHeaders(known.outgoing, known.incoming, settings));
    }

    private String topicOf(Known known) {
        Optional<byte[]> replyTopic = fromRequest(known, KafkaRequestReply.DEFAULT_REPLY_TOPIC_HEADER);
        if (replyTopic.isPresent()) {
            return new String(replyTopic.get(), StandardCharsets.UTF_8);
        }
        return known.outgoing == null || known.outgoing.getTopic() == null ? topic : known.outgoing.getTopic();
    }

    /** Null is how Kafka's record says that it has none. */
    private Integer partitionOf(Known known) {
        Optional<byte[]> replyPartition = fromRequest(known, KafkaRequestReply.DEFAULT_REPLY_PARTITION_HEADER);
        int chosen = replyPartition
                .map(KafkaRequestReply::replyPartitionFromBytes)
                .orElseGet(() -> known.outgoing == null || known.outgoing.getPartition() < 0
                        ? partition
                        : known.outgoing.getPartition());
        return chosen < 0 ? null : Integer.valueOf(chosen);
    }

    private static Optional<byte[]> fromRequest(Known known, String header) {
        if (known.incoming == null) {
            return Optional.empty();
        }
        Header found = known.incoming.getHeaders().lastHeader(header);
        return Optional.ofNullable(found).map(Header::value);
    }

    private Object keyOf(Object payload, Known known) {
        if (known.outgoing != null && known.outgoing.getKey() != null) {
            return known.outgoing.getKey();
        }
        if (payload instanceof Record<?, ?> pair) {
            return pair.key();
        }
        if (propagatesKey && known.incoming != null && known.incoming.getKey() != null) {
            return known.incoming.getKey();
        }
        return key.orElse(null);
    }

    /** What a message's metadata has for us, of each kind the first, found in one pass. */
    private static final class Known {
        private static final Known NOTHING = new Known();

        private OutgoingKafkaRecordMetadata<?> outgoing;
        private IncomingKafkaRecordMetadata<?, ?> incoming;
        private OutgoingCloudEventMetadata<?> cloudEvent;

        static Known of(Message<?> message) {
            Known known = NOTHING;
            for (Object metadata : message.getMetadata()) {
                if (known == NOTHING) {
                    known = new Known();
                }
                known.look(metadata);
            }
            return known;
        }

        boolean isEmpty() {
            return outgoing == null && incoming == null;
        }

        private void look(Object metadata) {
            if (outgoing == null && metadata instanceof OutgoingKafkaRecordMetadata<?> found) {
                outgoing = found;
            } else if (incoming == null && metadata instanceof IncomingKafkaRecordMetadata<?, ?> found) {
                incoming = found;
            } else if (cloudEvent == null && metadata instanceof OutgoingCloudEventMetadata<?> found) {
                cloudEvent = found;
            }
        }
    }
}
