// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import java.nio.ByteBuffer;

/**
 * What a region of a log is in an old format.
 *
 * @param set the messages, from position to limit; none when there were none, or no room
 * @param nextOffset where to read on: everything below it is in the set, or has no place in it
 * @param isUnsupported whether the region begins with records that the old format cannot carry: zstd
 */
public record Converted(ByteBuffer set, long nextOffset, boolean isUnsupported) {}
