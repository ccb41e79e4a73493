// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

/**
 * A record that was looked at.
 *
 * @param match what is shown of it; null if it is not what was searched for
 */
record Seen(long offset, long timestampMs, ShownRecord match) {
    boolean isMatch() {
        return match != null;
    }
}
