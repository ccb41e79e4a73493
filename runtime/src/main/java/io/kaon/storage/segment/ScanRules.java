// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

/**
 * How suspicious a scan is.
 *
 * @param checksCrc whether each batch's CRC is computed: for what was perhaps not on the disk when the process died
 * @param gaplessFrom from this offset on no offset may be missing between batches; {@link Long#MAX_VALUE} where
 *     compaction may
 *     have been
 * @param indexIntervalBytes bytes of log per index entry that is made
 */
public record ScanRules(boolean checksCrc, long gaplessFrom, int indexIntervalBytes) {}
