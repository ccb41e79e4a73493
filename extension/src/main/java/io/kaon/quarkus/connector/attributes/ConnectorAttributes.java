// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.util.List;
import java.util.stream.Stream;

/**
 * What can be set on a channel of the connector. The attributes are declared by annotations, where editors look for
 * them, but beside the connector: on it they would stand between its reader and its code. Names, types and defaults are
 * those of {@code smallrye-kafka}; a test holds them to it.
 */
public final class ConnectorAttributes {
    /** The name that channels use. */
    public static final String CONNECTOR_NAME = "kaon";

    private static final List<ConnectorAttribute> ALL = Stream.of(
                    CommonAttributes.class, IncomingAttributes.class, OutgoingAttributes.class)
            .flatMap(declared -> Stream.of(declared.getAnnotationsByType(ConnectorAttribute.class)))
            .toList();

    private ConnectorAttributes() {}

    /** In the order in which they are documented. */
    public static List<ConnectorAttribute> all() {
        return ALL;
    }

    /** Those of one direction of channels. */
    public static Stream<ConnectorAttribute> of(boolean isIncoming) {
        ConnectorAttribute.Direction direction =
                isIncoming ? ConnectorAttribute.Direction.INCOMING : ConnectorAttribute.Direction.OUTGOING;
        return ALL.stream()
                .filter(attribute -> attribute.direction() == direction
                        || attribute.direction() == ConnectorAttribute.Direction.INCOMING_AND_OUTGOING);
    }
}
