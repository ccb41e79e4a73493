// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * The bytes end exactly where a batch ends.
 *
 * @param position where that is, in bytes from the start of the file or of the buffer
 */
public record EndOfBatches(long position) implements BatchOutcome {}
