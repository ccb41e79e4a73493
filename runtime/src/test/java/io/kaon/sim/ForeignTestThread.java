// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import io.kaon.exec.BrokerThread;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Registered for every test: parts of the broker adopt the thread that calls them, which here is the thread of all tests.
 * No test may find it adopted by the one before, because owners run their tasks differently there.
 */
public final class ForeignTestThread implements AfterEachCallback {
    @Override
    public void afterEach(ExtensionContext context) {
        BrokerThread.release();
    }
}
