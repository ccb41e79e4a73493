// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * The bytes end inside a batch. So ends a fetch answer that was cut to size, and a log file after a crash.
 *
 * @param position where the unfinished batch begins, in bytes from the start of the file or of the buffer
 * @param bytesLeft how many of its bytes there are, at least 1
 */
public record TruncatedBatch(long position, long bytesLeft) implements BatchOutcome {}
