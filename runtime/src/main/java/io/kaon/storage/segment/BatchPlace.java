// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

/**
 * Where a batch lies in its segment.
 *
 * @param position of its first byte in the log file
 * @param sizeInBytes with its header
 * @param lastOffset offset of its last record
 */
public record BatchPlace(int position, int sizeInBytes, long lastOffset) {}
