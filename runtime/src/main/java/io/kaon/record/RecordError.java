// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * One record that kept its batch from being appended.
 *
 * @param batchIndex which record of the batch, from 0
 * @param message why, for the client's log
 */
public record RecordError(int batchIndex, String message) {}
