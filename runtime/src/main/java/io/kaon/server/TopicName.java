// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.Uuid;

/**
 * How a request calls a topic: by name, or by id, as newer versions do.
 *
 * @param name empty when the request has the id
 * @param id zero when the request has the name
 */
public record TopicName(String name, Uuid id) {}
