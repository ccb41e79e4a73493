// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

/** A broker cannot start. The message is one sentence for the user and names the configuration key that helps. */
public final class BrokerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
