// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/**
 * A record found by its timestamp.
 *
 * @param timestamp the record's, in ms
 * @param offset the record's
 * @param leaderEpoch the epoch in which it was written, −1 when that is not known
 */
public record TimestampOffset(long timestamp, long offset, int leaderEpoch) {}
