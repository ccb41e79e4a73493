// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which values of a type are allowed, read from the catalogue's notation. */
@FunctionalInterface
interface ConfigRule {
    /** What a value of that type, in its normal notation, has to be; empty when it is that. */
    Optional<String> violation(ConfigType type, String value);

    Pattern RANGE = Pattern.compile("(?:>=(\\S+)|(\\S+)\\.\\.(\\S+))(?: or (\\S+))?");
    Pattern THROTTLED = Pattern.compile("\\*|(\\d+:\\d+(,\\d+:\\d+)*)?");
    String ONE_OF = "one of ";
    String ANY_CASE = " any case";

    /**
     * The rule of a notation: {@code -}, {@code nonempty}, {@code throttled}, {@code one of a,b}, {@code >=1 or -1},
     * {@code 1..9}.
     */
    static ConfigRule parse(String notation) {
        if (notation.equals("-")) {
            return (type, value) -> Optional.empty();
        }
        if (notation.equals("nonempty")) {
            return (type, value) -> value.isEmpty() ? Optional.of("not empty") : Optional.empty();
        }
        if (notation.equals("throttled")) {
            return (type, value) -> THROTTLED.matcher(value).matches()
                    ? Optional.empty()
                    : Optional.of("* or pairs of partition:broker, separated by commas");
        }
        return notation.startsWith(ONE_OF) ? choice(notation.substring(ONE_OF.length())) : range(notation);
    }

    private static ConfigRule choice(String notation) {
        boolean isAnyCase = notation.endsWith(ANY_CASE);
        String allowed = isAnyCase ? notation.substring(0, notation.length() - ANY_CASE.length()) : notation;
        List<String> values = ConfigType.elements(allowed);
        return (type, value) -> {
            String given = isAnyCase ? value.toUpperCase(Locale.ROOT) : value;
            boolean isAllowed =
                    type == ConfigType.LIST ? values.containsAll(ConfigType.elements(given)) : values.contains(given);
            return isAllowed ? Optional.empty() : Optional.of("one of " + String.join(", ", values));
        };
    }

    private static ConfigRule range(String notation) {
        Matcher range = RANGE.matcher(notation);
        if (!range.matches()) {
            throw new IllegalArgumentException("no rule for settings: " + notation);
        }
        BigDecimal min = new BigDecimal(range.group(1) != null ? range.group(1) : range.group(2));
        Optional<BigDecimal> max = Optional.ofNullable(range.group(3)).map(BigDecimal::new);
        Optional<BigDecimal> other = Optional.ofNullable(range.group(4)).map(BigDecimal::new);
        String words = max.map(it -> "between " + min + " and " + it).orElse("at least " + min)
                + other.map(it -> ", or " + it).orElse("");
        return (type, value) -> {
            BigDecimal given = new BigDecimal(value);
            boolean isInside = given.compareTo(min) >= 0
                    && max.filter(it -> given.compareTo(it) > 0).isEmpty();
            boolean isOther = other.filter(it -> given.compareTo(it) == 0).isPresent();
            return isInside || isOther ? Optional.empty() : Optional.of(words);
        };
    }
}
