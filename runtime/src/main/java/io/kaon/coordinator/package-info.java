// SPDX-License-Identifier: Apache-2.0
/**
 * The shard runtime of coordinators (D6): a state machine per partition of an internal topic, which decides, appends
 * records, replays them once appended, and answers once they are committed. Nothing here knows what a group is.
 */
package io.kaon.coordinator;
