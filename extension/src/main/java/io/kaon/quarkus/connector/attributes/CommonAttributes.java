// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static io.smallrye.reactive.messaging.annotations.ConnectorAttribute.Direction.INCOMING_AND_OUTGOING;

import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** The attributes of every channel of the connector. See {@link ConnectorAttributes}. */
@Connector(ConnectorAttributes.CONNECTOR_NAME)
@ConnectorAttribute(
        name = "bootstrap.servers",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        alias = "kafka.bootstrap.servers",
        description = "Addresses of another broker, host:port separated by commas. Without it the channel uses the "
                + "broker in this application if one runs, else the global kafka.bootstrap.servers.")
@ConnectorAttribute(
        name = "topic",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "The topic. Without it (and without topics) it is the name of the channel.")
@ConnectorAttribute(
        name = "kafka-configuration",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "The identifier of a bean, a Map of String to Object, whose entries are defaults for this "
                + "channel. A bean with the name of the channel needs no mention.")
@ConnectorAttribute(
        name = "client-id-prefix",
        type = "string",
        direction = INCOMING_AND_OUTGOING,
        description = "Stands before the client id.")
@ConnectorAttribute(
        name = "lazy-client",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "false",
        description = "Whether the client is made at its first use instead of at the start.")
@ConnectorAttribute(
        name = "cloud-events",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether Cloud Events are recognised in records, and written for messages that have their "
                + "metadata.")
@ConnectorAttribute(
        name = "tracing-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether OpenTelemetry spans are made for records.")
@ConnectorAttribute(
        name = "health-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether the channel has a part in the health of the application.")
@ConnectorAttribute(
        name = "health-readiness-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "true",
        description = "Whether the channel has a part in the readiness of the application.")
@ConnectorAttribute(
        name = "health-topic-verification-enabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "false",
        description = "Whether startup and readiness ask the broker for the topic.")
@ConnectorAttribute(
        name = "health-topic-verification-timeout",
        type = "long",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "2000",
        description = "How many milliseconds that may take.")
@ConnectorAttribute(
        name = "health-topic-verification-startup-disabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "false",
        description = "Whether startup leaves the topic out.")
@ConnectorAttribute(
        name = "health-topic-verification-readiness-disabled",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        defaultValue = "false",
        description = "Whether readiness leaves the topic out.")
@ConnectorAttribute(
        name = "health-readiness-topic-verification",
        type = "boolean",
        direction = INCOMING_AND_OUTGOING,
        deprecated = true,
        description = "The old name of health-topic-verification-enabled.")
@ConnectorAttribute(
        name = "health-readiness-timeout",
        type = "long",
        direction = INCOMING_AND_OUTGOING,
        deprecated = true,
        description = "The old name of health-topic-verification-timeout.")
final class CommonAttributes {
    private CommonAttributes() {}
}
