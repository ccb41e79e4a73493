// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import java.util.List;
import java.util.Optional;

/**
 * One setting under Kafka's name.
 *
 * @param name the key
 * @param type of its value
 * @param defaultValue Kafka's default, where there is one
 * @param rule which values are allowed
 * @param scope how Kafka lets it change
 * @param effect what setting it does in this version of Kaon
 * @param synonyms of a topic's setting: the broker's settings that give its default, strongest first
 * @param documentation one sentence
 */
public record ConfigKey(
        String name,
        ConfigType type,
        Optional<String> defaultValue,
        ConfigRuleNotation rule,
        Scope scope,
        Effect effect,
        List<String> synonyms,
        String documentation) {
    /** How a broker's setting may change while the broker runs, as far as Kafka is concerned. */
    public enum Scope {
        /** Not at all. */
        STATIC,
        /** For one broker or, as a default, for all. */
        CLUSTER,
        /** For one broker only. */
        BROKER
    }

    /** What setting a key does in this version (D11: nothing is accepted without effect). */
    public enum Effect {
        /** Nothing: only its default is accepted. */
        NONE,
        /** It works, but a running broker does not notice a change. */
        STATIC,
        /** It works, and a change works at once. */
        DYNAMIC,
        /** It says what Kaon's own options are and cannot be set under this name. */
        DERIVED
    }

    public ConfigKey {
        synonyms = List.copyOf(synonyms);
    }

    public boolean isSensitive() {
        return type.isSensitive();
    }

    /** What is wrong with a value, as the end of a sentence; empty when it is allowed. */
    public Optional<String> problem(String value) {
        String normal;
        try {
            normal = type.normal(value);
        } catch (IllegalArgumentException unreadable) {
            return Optional.of("must be " + type.description() + described(value));
        }
        return rule.rule().violation(type, normal).map(expected -> "must be " + expected + described(value));
    }

    /** Whether two allowed values mean the same. */
    public boolean isSame(String one, String other) {
        return type.normal(one).equals(type.normal(other));
    }

    /** Whether a value is the default. */
    public boolean isDefault(String value) {
        return defaultValue.filter(it -> isSame(it, value)).isPresent();
    }

    private String described(String value) {
        return isSensitive() ? "" : ", was '" + value + "'";
    }
}
