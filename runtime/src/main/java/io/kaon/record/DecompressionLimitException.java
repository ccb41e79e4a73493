// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/** The records of a batch decompress to more bytes than is allowed (R3). */
public final class DecompressionLimitException extends MalformedBatchException {
    private static final long serialVersionUID = 1L;

    /**
     * @param maxBytes the limit that was reached
     */
    public DecompressionLimitException(long maxBytes) {
        super("the records decompress to more than the " + maxBytes + " bytes that are allowed");
    }
}
