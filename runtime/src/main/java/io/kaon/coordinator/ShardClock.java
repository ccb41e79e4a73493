// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.exec.Clock;
import io.kaon.exec.Scheduler;

/**
 * Time as a shard needs it.
 *
 * @param clock what time it is
 * @param scheduler runs something later
 */
public record ShardClock(Clock clock, Scheduler scheduler) {}
