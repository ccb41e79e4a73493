// SPDX-License-Identifier: Apache-2.0
package io.kaon.console;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the pages of the console compute, without a browser. */
class PagesTest {
    @TestFactory
    Stream<DynamicTest> shouldComputeWhatPagesShow() {
        return Browser.tests("pure.test.mjs");
    }
}
