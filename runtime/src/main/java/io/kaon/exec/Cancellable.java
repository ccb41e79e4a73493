// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

/** Something that was asked for and may be called off. Idempotent; any thread; a task that runs already goes on. */
@FunctionalInterface
public interface Cancellable {
    void cancel();
}
