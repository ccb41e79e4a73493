// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A set of message versions, as the bits of a long.
 *
 * @param bits bit n stands for version n
 */
record Versions(long bits) {
    static final Versions NONE = new Versions(0);
    static final Versions ALL = new Versions(-1L);

    private static final int HIGHEST_EXPRESSIBLE = Long.SIZE - 1;

    static Versions range(int lowest, int highest) {
        if (lowest < 0 || highest > HIGHEST_EXPRESSIBLE) {
            throw new GenerationException("versions %s-%s are outside 0-%s", lowest, highest, HIGHEST_EXPRESSIBLE);
        }
        return lowest > highest ? NONE : new Versions(-1L >>> (HIGHEST_EXPRESSIBLE - (highest - lowest)) << lowest);
    }

    /** Reads {@code none}, {@code 3}, {@code 3-5} or {@code 3+}. */
    static Versions parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        if (text.endsWith("+")) {
            return range(Integer.parseInt(text.substring(0, text.length() - 1)), HIGHEST_EXPRESSIBLE);
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? range(Integer.parseInt(text), Integer.parseInt(text))
                : range(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    boolean isEmpty() {
        return bits == 0;
    }

    boolean contains(int version) {
        return (bits >>> version & 1) != 0;
    }

    boolean containsAll(Versions other) {
        return (other.bits & ~bits) == 0;
    }

    Versions and(Versions other) {
        return new Versions(bits & other.bits);
    }

    Versions or(Versions other) {
        return new Versions(bits | other.bits);
    }

    Versions minus(Versions other) {
        return new Versions(bits & ~other.bits);
    }

    Versions plus(int version) {
        return new Versions(bits | 1L << version);
    }

    int lowest() {
        return Long.numberOfTrailingZeros(bits);
    }

    int highest() {
        return HIGHEST_EXPRESSIBLE - Long.numberOfLeadingZeros(bits);
    }

    boolean hasGap() {
        return !isEmpty() && !range(lowest(), highest()).equals(this);
    }

    IntStream stream() {
        return IntStream.rangeClosed(0, HIGHEST_EXPRESSIBLE).filter(this::contains);
    }

    /**
     * A Java condition over {@code version}, safe as an operand of {@code &&} and {@code ?:}, that
     * holds in these versions, given that the version is one of {@code valid}.
     */
    String condition(Versions valid) {
        Versions mine = and(valid);
        if (mine.isEmpty()) {
            return "false";
        }
        if (mine.containsAll(valid)) {
            return "true";
        }
        List<String> alternatives = new ArrayList<>();
        for (Versions run : mine.runs()) {
            alternatives.add(condition(run, valid));
        }
        return alternatives.size() == 1 ? alternatives.get(0) : "(" + String.join(" || ", alternatives) + ")";
    }

    private static String condition(Versions run, Versions valid) {
        if (run.lowest() == run.highest()) {
            return "version == " + run.lowest();
        }
        String from = "version >= " + run.lowest();
        String to = "version <= " + run.highest();
        if (run.lowest() == valid.lowest()) {
            return to;
        }
        return run.highest() == valid.highest() ? from : from + " && " + to;
    }

    private List<Versions> runs() {
        List<Versions> runs = new ArrayList<>();
        Versions left = this;
        while (!left.isEmpty()) {
            int first = left.lowest();
            int length = Long.numberOfTrailingZeros(~(left.bits >>> first));
            Versions run = range(first, first + length - 1);
            runs.add(run);
            left = left.minus(run);
        }
        return runs;
    }

    /** As in the definitions: {@code none}, {@code 3}, {@code 3-5}, several runs separated by commas. */
    @Override
    public String toString() {
        List<String> texts = new ArrayList<>();
        for (Versions run : runs()) {
            int lowest = run.lowest();
            int highest = run.highest();
            texts.add(
                    lowest == highest
                            ? "" + lowest
                            : highest == HIGHEST_EXPRESSIBLE ? lowest + "+" : lowest + "-" + highest);
        }
        return texts.isEmpty() ? "none" : String.join(",", texts);
    }
}
