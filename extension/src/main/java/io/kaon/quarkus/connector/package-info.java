// SPDX-License-Identifier: Apache-2.0
/**
 * The connector {@code kaon} as SmallRye and the application see it: it sends each channel to the broker in this
 * application or, by SmallRye's own connector, to another one. It owns no state but the list of channels that were
 * warned of; channels own theirs, in the packages below. Those know nothing of this one.
 */
package io.kaon.quarkus.connector;
