// SPDX-License-Identifier: Apache-2.0
/**
 * Requests and replies on our channels: SmallRye's emitters, with a consumer of replies that needs no socket. All of
 * it happens when an emitter is made, on the thread that starts the application; nothing is kept.
 */
package io.kaon.quarkus.connector.reply;
