// SPDX-License-Identifier: Apache-2.0
/**
 * The way from the broker to methods of the application, for channels of the broker in it. A channel has a polling
 * thread, which owns the consumer, and an event loop, on which records are given; worker threads stay with a channel
 * for a slice of time. Between polling and giving stands one bounded queue. What an acknowledgement means is asked
 * of whoever implements the interfaces here.
 */
package io.kaon.quarkus.connector.incoming;
