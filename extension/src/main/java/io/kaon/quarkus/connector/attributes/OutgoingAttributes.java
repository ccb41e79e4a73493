// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.OUTGOING;

import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** The attributes of its outgoing channels. See {@link ConnectorAttributes}. */
@Connector(ConnectorAttributes.CONNECTOR_NAME)
@ConnectorAttribute(
        name = "key.serializer",
        type = "string",
        direction = OUTGOING,
        defaultValue = "org.apache.kafka.common.serialization.StringSerializer",
        description = "The class that writes keys; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "value.serializer",
        type = "string",
        direction = OUTGOING,
        mandatory = true,
        description = "The class that writes values; found from the method's signature where that tells it.")
@ConnectorAttribute(
        name = "key-serialization-failure-handler",
        type = "string",
        direction = OUTGOING,
        description = "The identifier of a SerializationFailureHandler for keys.")
@ConnectorAttribute(
        name = "value-serialization-failure-handler",
        type = "string",
        direction = OUTGOING,
        description = "The identifier of a SerializationFailureHandler for values.")
@ConnectorAttribute(
        name = "key",
        type = "string",
        direction = OUTGOING,
        description = "The key of records whose message brings none.")
@ConnectorAttribute(
        name = "partition",
        type = "int",
        direction = OUTGOING,
        defaultValue = "-1",
        description = "The partition of records whose message brings none; -1 leaves it to key and chance.")
@ConnectorAttribute(
        name = "propagate-record-key",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "false",
        description = "Whether the key of the incoming record becomes the key of the outgoing one.")
@ConnectorAttribute(
        name = "propagate-headers",
        type = "string",
        direction = OUTGOING,
        defaultValue = "",
        description = "Headers of the incoming record that the outgoing one gets, separated by commas.")
@ConnectorAttribute(
        name = "acks",
        type = "string",
        direction = OUTGOING,
        defaultValue = "1",
        description = "What the broker waits for: 0 (nothing), 1, or all (every in-sync replica).")
@ConnectorAttribute(
        name = "retries",
        type = "long",
        direction = OUTGOING,
        defaultValue = "2147483647",
        description = "How often a record is sent again after a failure that may pass.")
@ConnectorAttribute(
        name = "buffer.memory",
        type = "long",
        direction = OUTGOING,
        defaultValue = "33554432",
        description = "How many bytes of records may wait to be sent.")
@ConnectorAttribute(
        name = "max-inflight-messages",
        type = "long",
        direction = OUTGOING,
        defaultValue = "1024",
        description = "How many messages may wait for the broker at a time; 0 for any number.")
@ConnectorAttribute(
        name = "waitForWriteCompletion",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "true",
        description = "Whether a message is acknowledged only when the broker has its record.")
@ConnectorAttribute(
        name = "merge",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "false",
        description = "Whether several methods may send to the channel.")
@ConnectorAttribute(
        name = "close-timeout",
        type = "int",
        direction = OUTGOING,
        defaultValue = "10000",
        description = "How many milliseconds the end waits for records that are on their way. 0 in dev and test mode.")
@ConnectorAttribute(
        name = "interceptor-bean",
        type = "string",
        direction = OUTGOING,
        description = "The identifier of a ProducerInterceptor.")
@ConnectorAttribute(
        name = "cloud-events-mode",
        type = "string",
        direction = OUTGOING,
        defaultValue = "binary",
        description = "How Cloud Events are written: binary (attributes in headers) or structured (all in a JSON "
                + "value).")
@ConnectorAttribute(
        name = "cloud-events-source",
        type = "string",
        direction = OUTGOING,
        alias = "cloud-events-default-source",
        description = "The source of Cloud Events whose message brings none. With a type, messages without metadata "
                + "become Cloud Events too.")
@ConnectorAttribute(
        name = "cloud-events-type",
        type = "string",
        direction = OUTGOING,
        alias = "cloud-events-default-type",
        description = "The type of Cloud Events whose message brings none.")
@ConnectorAttribute(
        name = "cloud-events-subject",
        type = "string",
        direction = OUTGOING,
        alias = "cloud-events-default-subject",
        description = "The subject of Cloud Events whose message brings none.")
@ConnectorAttribute(
        name = "cloud-events-data-content-type",
        type = "string",
        direction = OUTGOING,
        alias = "cloud-events-default-data-content-type",
        description = "The datacontenttype of Cloud Events whose message brings none.")
@ConnectorAttribute(
        name = "cloud-events-data-schema",
        type = "string",
        direction = OUTGOING,
        alias = "cloud-events-default-data-schema",
        description = "The dataschema of Cloud Events whose message brings none.")
@ConnectorAttribute(
        name = "cloud-events-insert-timestamp",
        type = "boolean",
        direction = OUTGOING,
        defaultValue = "true",
        alias = "cloud-events-default-timestamp",
        description = "Whether Cloud Events whose message brings no time get one.")
final class OutgoingAttributes {
    private OutgoingAttributes() {}
}
