// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

/**
 * A failure handler that takes records which could not be deserialized before the application would get them, as SmallRye's
 * dead-letter queue does.
 */
public interface TakesUnreadable {}
