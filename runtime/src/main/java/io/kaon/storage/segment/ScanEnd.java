// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

/**
 * Where the good part of a segment ends.
 *
 * @param position the size in bytes that it has
 * @param nextOffset the offset after its last record; the segment's base offset when it has none
 * @param flaw what is wrong with the bytes behind it; empty when there are none
 */
public record ScanEnd(int position, long nextOffset, String flaw) {
    public boolean isWhole() {
        return flaw.isEmpty();
    }
}
