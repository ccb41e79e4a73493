// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.console;

import io.vertx.core.buffer.Buffer;

/**
 * A file of the console.
 *
 * @param content not changed by anybody
 * @param tag of its content, in quotation marks, for {@code If-None-Match}
 */
record ConsoleFile(Buffer content, String type, String tag) {}
