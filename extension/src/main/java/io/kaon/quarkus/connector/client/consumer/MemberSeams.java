// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.TopicDirectory;

/**
 * What a member of a group reaches.
 *
 * @param calls for joining and heartbeats; a classic join waits for the other members and holds up what comes after it
 * @param leaveCalls for what must not wait for that
 * @param bell wakes the thread that polls; called by any thread
 */
record MemberSeams(BrokerCalls calls, BrokerCalls leaveCalls, TopicDirectory directory, Runnable bell) {}
