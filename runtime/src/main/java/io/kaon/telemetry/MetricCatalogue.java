// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

/** All metrics that the broker has, by the part that tells them. */
public final class MetricCatalogue {
    private MetricCatalogue() {}
}
