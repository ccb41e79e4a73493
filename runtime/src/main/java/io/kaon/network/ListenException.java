// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import java.io.IOException;

/** A listener cannot listen. The message is one sentence for the user, and names the configuration key. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1L;

    private ListenException(String message, Throwable cause) {
        super(message, cause);
    }

    static ListenException of(ListenerOptions listener, Throwable cause) {
        String where = listener.host() + ":" + listener.port();
        String why = cause.getMessage() != null && cause.getMessage().contains("in use")
                ? "the port is in use"
                : String.valueOf(cause.getMessage());
        return new ListenException(
                "Listener " + listener.name() + " cannot listen on " + where + " (" + why
                        + "): set another address in quarkus.kaon.broker.listeners",
                cause);
    }
}
