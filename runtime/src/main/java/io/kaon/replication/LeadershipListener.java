// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

/** Learns which partitions of one topic this broker leads. Called on the thread that publishes the image, in order. */
public interface LeadershipListener {
    /** This broker leads the partition from now on, in this leader epoch. */
    void onLeader(int partition, int leaderEpoch);

    /** This broker does not lead the partition any more; also when the topic is deleted. */
    void onResigned(int partition);
}
