// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.INCOMING;

import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** The attributes of its incoming channels. See {@link ConnectorAttributes}. */
@Connector(ConnectorAttributes.CONNECTOR_NAME)
@ConnectorAttribute(
        name = "topics",
        type = "string",
        direction = INCOMING,
        description = "Several topics, separated by commas, in the place of topic.")
@ConnectorAttribute(
        name = "pattern",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Whether topic is a regular expression that names of topics have to match.")
@ConnectorAttribute(
        name = "assign-seek",
        type = "string",
        direction = INCOMING,
        description = "Partitions to read without a group, each as [topic:]partition[:offset], separated by commas; "
                + "offset 0 is the beginning, -1 the end.")
@ConnectorAttribute(
        name = "group.id",
        type = "string",
        direction = INCOMING,
        description = "The consumer group. Without it kafka.group.id, else the name of the application: all its "
                + "channels are in one group.")
@ConnectorAttribute(
        name = "auto.offset.reset",
        type = "string",
        direction = INCOMING,
        defaultValue = "latest",
        description = "Where to begin without a committed offset: earliest, latest or none.")
@ConnectorAttribute(
        name = "fetch.min.bytes",
        type = "int",
        direction = INCOMING,
        defaultValue = "1",
        description = "How many bytes there should be before the broker answers a fetch.")
@ConnectorAttribute(
        name = "key.deserializer",
        type = "string",
        direction = INCOMING,
        defaultValue = "org.apache.kafka.common.serialization.StringDeserializer",
        description = "The class that reads keys; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "value.deserializer",
        type = "string",
        direction = INCOMING,
        mandatory = true,
        description = "The class that reads values; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "fail-on-deserialization-failure",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description = "Whether a record that cannot be read fails the channel; otherwise it arrives as null.")
@ConnectorAttribute(
        name = "key-deserialization-failure-handler",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a DeserializationFailureHandler for keys.")
@ConnectorAttribute(
        name = "value-deserialization-failure-handler",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a DeserializationFailureHandler for values.")
@ConnectorAttribute(
        name = "batch",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Whether the method takes batches; found from its signature.")
@ConnectorAttribute(
        name = "broadcast",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Whether every method of the channel gets every record.")
@ConnectorAttribute(
        name = "partitions",
        type = "int",
        direction = INCOMING,
        defaultValue = "1",
        description = "How many consumers the channel has. The attribute concurrency, which any connector has, gives "
                + "each a copy of the method as well.")
@ConnectorAttribute(
        name = "requests",
        type = "int",
        direction = INCOMING,
        defaultValue = "128",
        description = "With several partitions: how many records are asked of each consumer at a time.")
@ConnectorAttribute(
        name = "poll-timeout",
        type = "int",
        direction = INCOMING,
        defaultValue = "1000",
        description = "How many milliseconds a poll waits for records. 50 in dev and test mode.")
@ConnectorAttribute(
        name = "pause-if-no-requests",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description = "Whether partitions are paused while the application asks for nothing.")
@ConnectorAttribute(
        name = "max-queue-size-factor",
        type = "int",
        direction = INCOMING,
        defaultValue = "2",
        description = "How many times max.poll.records may wait for the application.")
@ConnectorAttribute(
        name = "retry",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description = "Whether a lost connection is made again.")
@ConnectorAttribute(
        name = "retry-attempts",
        type = "int",
        direction = INCOMING,
        defaultValue = "-1",
        description = "How often; -1 for ever.")
@ConnectorAttribute(
        name = "retry-max-wait",
        type = "int",
        direction = INCOMING,
        defaultValue = "30",
        description = "How many seconds there are at most between two attempts.")
@ConnectorAttribute(
        name = "consumer-rebalance-listener.name",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a KafkaConsumerRebalanceListener. A bean with the name of the channel needs no"
                + " mention.")
@ConnectorAttribute(
        name = "graceful-shutdown",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "true",
        description = "Whether records that have been received are processed before the end. Off in dev and test mode.")
@ConnectorAttribute(
        name = "enable.auto.commit",
        type = "boolean",
        direction = INCOMING,
        defaultValue = "false",
        description = "Commits by time instead of by acknowledgement.")
@ConnectorAttribute(
        name = "commit-strategy",
        type = "string",
        direction = INCOMING,
        description = "What an acknowledgement commits: throttled (the default), latest, ignore, checkpoint, or the "
                + "identifier of a KafkaCommitHandler.Factory.")
@ConnectorAttribute(
        name = "throttled.unprocessed-record-max-age.ms",
        type = "int",
        direction = INCOMING,
        defaultValue = "60000",
        description = "After how many milliseconds without an acknowledgement, counted from when the application "
                + "got it, a record is taken for stuck; 0 for never.")
@ConnectorAttribute(
        name = "throttled.unprocessed-record-action",
        type = "string",
        direction = INCOMING,
        defaultValue = "unhealthy",
        description =
                "What becomes of such a record: unhealthy leaves it to the application and the channel is unhealthy "
                        + "until it is acknowledged; dead-letter-queue sends it to the dead letter topic and goes on.")
@ConnectorAttribute(
        name = "auto.commit.interval.ms",
        type = "int",
        direction = INCOMING,
        defaultValue = "5000",
        description = "How many milliseconds there are between two commits of the strategy throttled, and between two "
                + "looks at the age of records.")
@ConnectorAttribute(
        name = GracePeriod.ATTRIBUTE,
        type = "int",
        direction = INCOMING,
        defaultValue = "" + GracePeriod.DEFAULT_MS,
        description = "For how many milliseconds the end of the channel waits for records that the application has. "
                + "Channels wait at the same time. Without graceful-shutdown it does not wait.")
@ConnectorAttribute(
        name = "throttled.ordered",
        type = "string",
        direction = INCOMING,
        description = "Processes records at the same time and yet in order: key, partition or off.")
@ConnectorAttribute(
        name = "throttled.ordered.max-concurrency",
        type = "int",
        direction = INCOMING,
        description = "How many of those groups at a time.")
@ConnectorAttribute(
        name = "checkpoint.state-store",
        type = "string",
        direction = INCOMING,
        description = "The identifier of a CheckpointStateStore.Factory, such as file.")
@ConnectorAttribute(
        name = "checkpoint.state-type",
        type = "string",
        direction = INCOMING,
        description = "The class of the state that is kept with the offset.")
@ConnectorAttribute(
        name = "checkpoint.unsynced-state-max-age.ms",
        type = "int",
        direction = INCOMING,
        defaultValue = "10000",
        description = "After how many milliseconds a state that was not stored makes the channel unhealthy.")
@ConnectorAttribute(
        name = "failure-strategy",
        type = "string",
        direction = INCOMING,
        defaultValue = "fail",
        description = "What a negative acknowledgement does: fail, ignore, dead-letter-queue, delayed-retry-topic, or "
                + "the identifier of a KafkaFailureHandler.Factory.")
@ConnectorAttribute(
        name = "dead-letter-queue.topic",
        type = "string",
        direction = INCOMING,
        description = "Where the strategy dead-letter-queue sends records. Without it, dead-letter-topic- and the name "
                + "of the channel.")
@ConnectorAttribute(
        name = "dead-letter-queue.producer-client-id",
        type = "string",
        direction = INCOMING,
        description = "The client id of the producer that sends them.")
@ConnectorAttribute(
        name = "dead-letter-queue.key.serializer",
        type = "string",
        direction = INCOMING,
        description = "The class that writes their keys. Without it, the name of the deserializer with Serializer in "
                + "it.")
@ConnectorAttribute(
        name = "dead-letter-queue.value.serializer",
        type = "string",
        direction = INCOMING,
        description = "The class that writes their values. Without it, the name of the deserializer with Serializer in "
                + "it.")
@ConnectorAttribute(
        name = "delayed-retry-topic.topics",
        type = "string",
        direction = INCOMING,
        description = "The topics in which records wait for the next attempt, separated by commas; each name ends in "
                + "the milliseconds to wait.")
@ConnectorAttribute(
        name = "delayed-retry-topic.max-retries",
        type = "int",
        direction = INCOMING,
        description = "How many attempts there are. Without it, one for each topic.")
@ConnectorAttribute(
        name = "delayed-retry-topic.timeout",
        type = "int",
        direction = INCOMING,
        defaultValue = "120000",
        description = "After how many milliseconds there is no further attempt.")
final class IncomingAttributes {
    private IncomingAttributes() {}
}
