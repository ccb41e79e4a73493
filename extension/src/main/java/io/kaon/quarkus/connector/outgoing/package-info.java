// SPDX-License-Identifier: Apache-2.0
/**
 * The way from messages of the application to the producer, for channels of the broker in it. Threads that send only
 * make the record and put it into the producer's queue; acknowledgements come back on the producer's thread. A
 * channel's sink owns how many messages are under way.
 */
package io.kaon.quarkus.connector.outgoing;
