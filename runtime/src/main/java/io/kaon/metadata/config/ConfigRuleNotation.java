// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

/** A rule as the catalogue writes it; understood only when it is applied, which most never are. */
public record ConfigRuleNotation(String notation) {
    ConfigRule rule() {
        return ConfigRule.parse(notation);
    }
}
