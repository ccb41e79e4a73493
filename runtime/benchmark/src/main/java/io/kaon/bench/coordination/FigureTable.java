// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * {@code FigureTable FILE}: the figures of all runs in a file as a table: the median of the runs' medians, and in
 * brackets the smallest and the largest value; then the ratio of the second broker to the first, in the order of their
 * names.
 */
public final class FigureTable {
    private FigureTable() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, Map<String, List<Figure>>> measures = new LinkedHashMap<>();
        TreeSet<String> labels = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            if (line.startsWith("{")) {
                Figure figure = Figure.fromJson(line);
                labels.add(figure.label());
                measures.computeIfAbsent(figure.measure(), any -> new LinkedHashMap<>())
                        .computeIfAbsent(figure.label(), any -> new ArrayList<>())
                        .add(figure);
            }
        }
        System.out.println("| | " + String.join(" | ", labels) + " | ratio |");
        System.out.println("| --- |" + " --- |".repeat(labels.size() + 1));
        measures.forEach((measure, runs) -> System.out.println(row(measure, List.copyOf(labels), runs)));
    }

    private static String row(String measure, List<String> labels, Map<String, List<Figure>> runs) {
        StringBuilder row = new StringBuilder("| ").append(measure).append(" |");
        List<Double> medians = new ArrayList<>();
        for (String label : labels) {
            List<Figure> figures = runs.getOrDefault(label, List.of());
            if (figures.isEmpty()) {
                row.append(" – |");
                continue;
            }
            double median = Figure.of(
                            label,
                            measure,
                            figures.stream().mapToDouble(Figure::median).toArray())
                    .median();
            double min = figures.stream().mapToDouble(Figure::min).min().orElse(median);
            double max = figures.stream().mapToDouble(Figure::max).max().orElse(median);
            medians.add(median);
            row.append(String.format(Locale.ROOT, " %,.0f (%,.0f–%,.0f) |", median, min, max));
        }
        return row.append(
                        medians.size() == 2
                                ? String.format(Locale.ROOT, " %.2f |", medians.get(1) / medians.get(0))
                                : " – |")
                .toString();
    }
}
