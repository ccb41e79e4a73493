// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

/** Whether the JDK has virtual threads: the tests are compiled for one that has none. */
final class VirtualThreads {
    private static final int FIRST_FEATURE = 21;

    private VirtualThreads() {}

    static boolean areThere() {
        return Runtime.version().feature() >= FIRST_FEATURE;
    }

    static boolean isVirtual(Thread thread) {
        try {
            return areThere() && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
