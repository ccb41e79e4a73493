// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

/** Bytes that are not the message they claim to be. A connection that sent them is closed. */
public final class MalformedFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * @param position where reading stopped, in bytes from the start of the input
     * @param message what was found and what is allowed
     */
    public MalformedFrameException(int position, String message) {
        super(message + " (at byte " + position + ")");
        this.position = position;
    }

    /** Where reading stopped, in bytes from the start of the input. */
    public int position() {
        return position;
    }
}
