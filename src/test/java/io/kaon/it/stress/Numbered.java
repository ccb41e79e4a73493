// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

/** Record {@code number}, from 1, of one producer in one partition; all that it holds follows from the two. */
record Numbered(int producer, int number) {
    private static final int MAX_PADDING = 400;

    /** The record with this value. */
    static Numbered parse(String value) {
        String[] words = value.split(":", 3);
        return new Numbered(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
    }

    String value() {
        return producer + ":" + number + ":" + "x".repeat(Math.floorMod(number * 31 + producer, MAX_PADDING));
    }

    long packed() {
        return (long) producer << Integer.SIZE | number;
    }

    static Numbered unpack(long packed) {
        return new Numbered((int) (packed >>> Integer.SIZE), (int) packed);
    }
}
