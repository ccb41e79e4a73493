// SPDX-License-Identifier: Apache-2.0
/**
 * Counters of channels, the same for either broker. Adders, which any thread may add to and read; whoever exports
 * them (Micrometer, in {@code io.kaon.quarkus.metrics}) reads every few seconds, so no message pays for it.
 */
package io.kaon.quarkus.connector.metering;
