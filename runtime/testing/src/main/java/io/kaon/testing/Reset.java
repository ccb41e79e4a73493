// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

/** What is undone between tests. */
public enum Reset {
    /** Nothing: what one test leaves, the next one finds. */
    NONE,
    /**
     * Topics are emptied and groups are forgotten. Topics stay, with their partitions and settings, and so do members
     * of groups: consumers go on and read what is written from now on.
     */
    TOPICS,
    /** As {@link #TOPICS}; topics that were not there when the broker became ready are deleted. */
    ALL
}
