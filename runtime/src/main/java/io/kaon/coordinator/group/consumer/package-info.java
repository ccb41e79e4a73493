// SPDX-License-Identifier: Apache-2.0
/**
 * Groups of the consumer protocol (KIP-848): the coordinator assigns, members reconcile with one kind of heartbeat.
 *
 * <p>A group is its records: {@code ConsumerGroup} is changed by replay alone. A heartbeat is a decision on the newest
 * state, its answer waits for the commit. Nothing here knows classic groups; the parent package joins the two.
 */
package io.kaon.coordinator.group.consumer;
