// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigChangeRules;
import io.kaon.metadata.config.ConfigKey;
import io.kaon.metadata.config.ConfigType;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides about one IncrementalAlterConfigs request: sets, takes away, adds to lists and takes from lists (C23). Used
 * once.
 */
final class IncrementalAlteration {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final ConfigAlteration alteration;

    IncrementalAlteration(ClusterImage image, BrokerSettings settings) {
        alteration = new ConfigAlteration(image, settings);
    }

    Decision<IncrementalAlterConfigsResponse> decide(IncrementalAlterConfigsRequest request) {
        Mentions mentions = new Mentions();
        request.resources().forEach(it -> mentions.add(it.resourceType(), it.resourceName()));
        List<AlterConfigsResourceResponse> responses = new ArrayList<>();
        for (AlterConfigsResource asked : request.resources()) {
            Optional<Rejected> problem =
                    mentions.isRepeated(asked.resourceType(), asked.resourceName()) ? Mentions.REPEATED : decide(asked);
            responses.add(new AlterConfigsResourceResponse()
                    .setResourceType(asked.resourceType())
                    .setResourceName(asked.resourceName())
                    .setErrorCode(
                            problem.map(Rejected::code).orElse(ErrorCode.NONE).code())
                    .setErrorMessage(problem.map(Rejected::message).orElse(null)));
        }
        IncrementalAlterConfigsResponse response = new IncrementalAlterConfigsResponse().setResponses(responses);
        return new Decision<>(request.validateOnly() ? List.of() : alteration.records(), response);
    }

    private Optional<Rejected> decide(AlterConfigsResource asked) {
        Optional<Type> type = Type.of(asked.resourceType());
        if (type.isEmpty()) {
            return Mentions.UNKNOWN_TYPE;
        }
        ConfigResource resource = new ConfigResource(type.get(), asked.resourceName());
        Optional<Rejected> problem = alteration.problem(resource);
        Map<String, String> after = alteration.before(resource);
        Set<String> names = new HashSet<>();
        for (AlterableConfig config : asked.configs()) {
            if (problem.isEmpty()) {
                problem = names.add(config.name())
                        ? apply(resource, config, after)
                        : invalidRequest("The setting " + config.name() + " is named more than once.");
            }
        }
        return problem.or(() -> alteration.change(resource, after));
    }

    /** Changes {@code after}, or says why not. */
    private static Optional<Rejected> apply(
            ConfigResource resource, AlterableConfig config, Map<String, String> after) {
        String name = config.name();
        byte operation = config.configOperation();
        if (operation == DELETE) {
            after.remove(name);
            return Optional.empty();
        }
        if (config.value() == null) {
            return invalidRequest("The setting " + name + " cannot be set to null.");
        }
        if (operation == SET) {
            after.put(name, config.value());
            return Optional.empty();
        }
        return operation == APPEND || operation == SUBTRACT
                ? applyToList(resource, config, after)
                : invalidRequest("There is no operation " + operation + " on settings.");
    }

    private static Optional<Rejected> applyToList(
            ConfigResource resource, AlterableConfig config, Map<String, String> after) {
        Optional<ConfigKey> key = ConfigChangeRules.key(resource, config.name());
        if (key.isEmpty()) {
            after.put(config.name(), config.value()); // refused as unknown with all the rest
            return Optional.empty();
        }
        if (key.get().type() != ConfigType.LIST) {
            return ConfigAlteration.rejected(
                    ErrorCode.INVALID_CONFIG,
                    "The setting " + config.name() + " is no list: it can only be set or deleted.");
        }
        String before =
                after.getOrDefault(config.name(), key.get().defaultValue().orElse(""));
        Set<String> elements = new LinkedHashSet<>(ConfigType.elements(before));
        List<String> given = ConfigType.elements(config.value());
        boolean isChanged = config.configOperation() == APPEND ? elements.addAll(given) : elements.removeAll(given);
        if (isChanged) {
            after.put(config.name(), String.join(",", elements));
        }
        return Optional.empty();
    }

    private static Optional<Rejected> invalidRequest(String message) {
        return ConfigAlteration.rejected(ErrorCode.INVALID_REQUEST, message);
    }
}
