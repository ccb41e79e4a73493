// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Makes tables of the lines that {@link ChannelsCourse} prints: {@code FIGURE path mode label rate cpu}, with tabs. One
 * table has messages per second and how many times the embedded channel has those of each other; one has microseconds
 * of the processor for a message.
 */
public final class ChannelTable {
    private static final String FIRST_WORD = "FIGURE";
    private static final int FIELDS = 6;
    private static final String EMBEDDED = "embedded";

    private final Map<String, Map<String, List<Double>>> rates = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Double>>> cpu = new LinkedHashMap<>();
    private final Set<String> labels = new LinkedHashSet<>();

    private ChannelTable() {}

    /**
     * Prints the tables.
     *
     * @param arguments the file with the lines
     */
    public static void main(String[] arguments) throws IOException {
        System.out.print(of(Files.readAllLines(Path.of(arguments[0]))));
    }

    /** The tables of these lines; lines of another kind are passed over. */
    static String of(List<String> lines) {
        ChannelTable table = new ChannelTable();
        lines.stream().map(line -> line.split("\t")).forEach(table::add);
        return table.print("Messages per second: median (smallest–largest)", table.rates, 0, true)
                + table.print("Processor time of the application, µs for a message: median", table.cpu, 2, false);
    }

    private void add(String[] fields) {
        if (fields.length != FIELDS || !FIRST_WORD.equals(fields[0])) {
            return;
        }
        String row = fields[1] + ", " + fields[2];
        labels.add(fields[3]);
        put(rates, row, fields[3], fields[4]);
        put(cpu, row, fields[3], fields[5]);
    }

    private static void put(Map<String, Map<String, List<Double>>> rows, String row, String label, String value) {
        rows.computeIfAbsent(row, ignored -> new LinkedHashMap<>())
                .computeIfAbsent(label, ignored -> new ArrayList<>())
                .add(Double.valueOf(value));
    }

    private String print(String title, Map<String, Map<String, List<Double>>> rows, int digits, boolean isRate) {
        List<String> compared = isRate && labels.contains(EMBEDDED)
                ? labels.stream().filter(label -> !label.equals(EMBEDDED)).toList()
                : List.of();
        StringBuilder text = new StringBuilder(title).append("\n\n| |");
        labels.forEach(label -> text.append(' ').append(label).append(" |"));
        compared.forEach(label -> text.append(" embedded / ").append(label).append(" |"));
        text.append("\n|").append(" --- |".repeat(1 + labels.size() + compared.size()));
        rows.forEach((row, cells) -> {
            text.append("\n| ").append(row).append(" |");
            labels.forEach(label -> text.append(' ')
                    .append(cell(cells.getOrDefault(label, List.of()), digits, isRate))
                    .append(" |"));
            compared.forEach(
                    label -> text.append(' ').append(ratio(cells, label)).append(" |"));
        });
        return text.append("\n\n").toString();
    }

    private static String cell(List<Double> values, int digits, boolean withRange) {
        if (values.isEmpty()) {
            return "–";
        }
        List<Double> sorted = values.stream().sorted().toList();
        String median = number(median(values), digits);
        return withRange
                ? median + " (" + number(sorted.get(0), digits) + "–" + number(sorted.get(sorted.size() - 1), digits)
                        + ")"
                : median;
    }

    private static String ratio(Map<String, List<Double>> cells, String label) {
        return cells.containsKey(EMBEDDED) && cells.containsKey(label)
                ? number(median(cells.get(EMBEDDED)) / median(cells.get(label)), 1)
                : "–";
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
