// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.TopicNames;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigChangeRules;
import io.kaon.metadata.config.EffectiveConfigs;
import io.kaon.metadata.config.GroupConfigRules;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.ConfigRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the two requests that change settings have in common: which resources there are, and what a change becomes. */
final class ConfigAlteration {
    private final ClusterImage image;
    private final EffectiveConfigs effective;
    private final List<StateMessage> records = new ArrayList<>();

    /** @param settings what the broker was started with: it bounds the settings of groups */
    ConfigAlteration(ClusterImage image, BrokerSettings settings) {
        this.image = image;
        this.effective = new EffectiveConfigs(image, settings);
    }

    /** What all accepted changes write. */
    List<StateMessage> records() {
        return records;
    }

    /** The dynamic settings of a resource so far, to be changed by the caller. */
    Map<String, String> before(ConfigResource resource) {
        return new TreeMap<>(image.configs(resource));
    }

    /** Why a resource cannot have settings, if it cannot. */
    Optional<Rejected> problem(ConfigResource resource) {
        switch (resource.type()) {
            case TOPIC:
                return topicProblem(resource.name());
            case BROKER:
                return brokerProblem(resource.name());
            case BROKER_LOGGER:
                return rejected(ErrorCode.INVALID_REQUEST, "This version of Kaon does not change log levels.");
            default:
                return resource.name().isEmpty()
                        ? rejected(
                                ErrorCode.INVALID_REQUEST, "A resource of type " + resource.type() + " needs a name.")
                        : Optional.empty();
        }
    }

    /** Checks what a resource's settings are to be and writes the differences, or says what is wrong with them. */
    Optional<Rejected> change(ConfigResource resource, Map<String, String> after) {
        Map<String, String> before = image.configs(resource);
        Optional<Rejected> problem = problem(resource, after, before)
                .or(() -> GroupConfigRules.problem(resource, after, before, effective)
                        .map(message -> new Rejected(wrongValue(resource), message)));
        if (problem.isPresent()) {
            return problem;
        }
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        if (records.size() + names.size() > Limits.MAX_RECORDS_PER_REQUEST) {
            return rejected(ErrorCode.POLICY_VIOLATION, "One request may not change so many settings.");
        }
        for (String name : names) {
            records.add(new ConfigRecord()
                    .setResourceType(resource.type().id())
                    .setResourceName(resource.name())
                    .setName(name)
                    .setValue(after.get(name)));
        }
        return Optional.empty();
    }

    /** Kafka answers the one for brokers and the other for everything else. */
    private static ErrorCode wrongValue(ConfigResource resource) {
        return resource.type() == Type.BROKER ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_CONFIG;
    }

    /** The first thing that is wrong with what a resource's settings are to be. Those that stay are not looked at. */
    static Optional<Rejected> problem(ConfigResource resource, Map<String, String> after, Map<String, String> before) {
        ErrorCode code = wrongValue(resource);
        return after.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(entry -> ConfigChangeRules.problem(resource, entry.getKey(), entry.getValue(), before))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> ConfigChangeRules.conflict(resource, after))
                .map(message -> new Rejected(code, message));
    }

    private Optional<Rejected> topicProblem(String name) {
        Optional<String> problem = TopicNames.problem(name);
        if (problem.isPresent()) {
            return rejected(ErrorCode.INVALID_TOPIC_EXCEPTION, problem.get());
        }
        return image.topic(name).isPresent()
                ? Optional.empty()
                : rejected(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic '" + name + "'.");
    }

    private Optional<Rejected> brokerProblem(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        OptionalInt id = number(name);
        if (id.isEmpty()) {
            return rejected(ErrorCode.INVALID_REQUEST, "'" + name + "' is no broker's id.");
        }
        return image.broker(id.getAsInt()).isPresent()
                ? Optional.empty()
                : rejected(ErrorCode.BROKER_ID_NOT_REGISTERED, "Broker " + name + " is not registered.");
    }

    private static OptionalInt number(String text) {
        try {
            int number = Integer.parseInt(text);
            return Integer.toString(number).equals(text) ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (NumberFormatException notANumber) {
            return OptionalInt.empty();
        }
    }

    static Optional<Rejected> rejected(ErrorCode code, String message) {
        return Optional.of(new Rejected(code, message));
    }
}
