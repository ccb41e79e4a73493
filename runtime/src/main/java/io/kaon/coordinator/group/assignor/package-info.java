// SPDX-License-Identifier: Apache-2.0
/**
 * Server-side assignors of the consumer group protocol (KIP-848): pure functions from a group's members, topics and
 * last target to its next target. Partitions are handled as sorted ints, members and topics as places in arrays: a
 * group may have a thousand members and ten thousand partitions, and is assigned while its shard waits.
 */
package io.kaon.coordinator.group.assignor;
