// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/** Who made a batch that is about to be appended by the leader. */
public enum AppendOrigin {
    /** A producer: exactly one batch, base offset 0, no control records. */
    CLIENT,
    /** A coordinator of this broker: control batches, and several batches in one append, are allowed. */
    COORDINATOR
}
