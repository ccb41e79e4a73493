// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.metadata.config.BrokerSettings;

/**
 * What a controller is started with.
 *
 * @param nodeId the broker it runs on
 * @param clusterId the cluster that the data directory belongs to
 * @param settings defaults of new topics
 */
public record ControllerOptions(int nodeId, String clusterId, BrokerSettings settings) {}
