// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.Locale;

/** How clients talk to a listener. The numbers are Kafka's. */
public enum SecurityProtocol {
    PLAINTEXT(0),
    SSL(1),
    SASL_PLAINTEXT(2),
    SASL_SSL(3);

    private final short id;

    SecurityProtocol(int id) {
        this.id = (short) id;
    }

    public short id() {
        return id;
    }

    /** The protocol of a number; throws {@link IllegalArgumentException} when there is none. */
    public static SecurityProtocol of(int id) {
        for (SecurityProtocol protocol : values()) {
            if (protocol.id == id) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("no security protocol has the number " + id);
    }

    /** The protocol of a name, in any case; throws {@link IllegalArgumentException} when there is none. */
    public static SecurityProtocol of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
