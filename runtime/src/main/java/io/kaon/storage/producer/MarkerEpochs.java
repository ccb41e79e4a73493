// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

/** Which producer epoch a transaction marker carries. */
public enum MarkerEpochs {
    /** transaction.version 0 and 1: that of the transaction's records, or a newer one. */
    SAME,
    /**
     * transaction.version 2 (KIP-890): always a newer one. The same one is taken only where nothing is open, because it
     * is a marker sent again then, and where there is no newer one.
     */
    BUMPED
}
