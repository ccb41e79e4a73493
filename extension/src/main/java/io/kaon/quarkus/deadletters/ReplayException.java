// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

/** A replay came to an end before it was done; the message says where and why. */
final class ReplayException extends RuntimeException {
    ReplayException(String message, Throwable cause) {
        super(message, cause);
    }
}
