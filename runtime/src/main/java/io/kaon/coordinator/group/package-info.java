// SPDX-License-Identifier: Apache-2.0
/**
 * The group coordinator on the partitions of {@code __consumer_offsets}: the classic group protocol and committed
 * offsets.
 *
 * <p>What is persisted (offsets, the last completed generation of a group) is changed by replay alone. What is only a
 * conversation (who waits in a join, whose session runs until when) lives in {@code ClassicGroup}, is owned by the
 * shard, and ends with it: members find the next coordinator and go on.
 */
package io.kaon.coordinator.group;
