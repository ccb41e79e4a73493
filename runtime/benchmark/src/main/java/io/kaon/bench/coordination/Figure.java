// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one program has measured of one broker: a line of JSON, so that runs can be gathered in a file.
 *
 * @param label the broker
 * @param measure with what it was varied by, and its unit
 * @param median of {@code count} values between {@code min} and {@code max}
 */
record Figure(String label, String measure, double median, double min, double max, int count) {
    private static final Pattern LINE =
            Pattern.compile("\\{\"label\":\"([^\"]*)\",\"measure\":\"([^\"]*)\",\"median\":([^,]*),"
                    + "\"min\":([^,]*),\"max\":([^,]*),\"n\":(\\d+)}");

    static Figure of(String label, String measure, double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(label, measure, median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** Reads what {@link #toJson()} wrote; another line is refused. */
    static Figure fromJson(String line) {
        Matcher found = LINE.matcher(line);
        if (!found.matches()) {
            throw new IllegalArgumentException("Not a figure: " + line);
        }
        return new Figure(
                found.group(1),
                found.group(2),
                Double.parseDouble(found.group(3)),
                Double.parseDouble(found.group(4)),
                Double.parseDouble(found.group(5)),
                Integer.parseInt(found.group(6)));
    }

    String toJson() {
        return String.format(
                Locale.ROOT,
                "{\"label\":\"%s\",\"measure\":\"%s\",\"median\":%.3f,\"min\":%.3f,\"max\":%.3f,\"n\":%d}",
                label,
                measure,
                median,
                min,
                max,
                count);
    }

    void print() {
        System.out.println(toJson());
    }
}
