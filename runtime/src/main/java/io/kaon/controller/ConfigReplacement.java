// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.AlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.AlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.AlterConfigsResponse;
import io.kaon.wire.message.AlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides about one AlterConfigs request: what it names becomes all that is set for a resource. Used once. */
final class ConfigReplacement {
    private final ConfigAlteration alteration;

    ConfigReplacement(ClusterImage image, BrokerSettings settings) {
        alteration = new ConfigAlteration(image, settings);
    }

    Decision<AlterConfigsResponse> decide(AlterConfigsRequest request) {
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
        AlterConfigsResponse response = new AlterConfigsResponse().setResponses(responses);
        return new Decision<>(request.validateOnly() ? List.of() : alteration.records(), response);
    }

    private Optional<Rejected> decide(AlterConfigsResource asked) {
        Optional<Type> type = Type.of(asked.resourceType());
        if (type.isEmpty()) {
            return Mentions.UNKNOWN_TYPE;
        }
        ConfigResource resource = new ConfigResource(type.get(), asked.resourceName());
        Map<String, String> after = new TreeMap<>();
        for (AlterableConfig config : asked.configs()) {
            if (config.value() == null) {
                return ConfigAlteration.rejected(
                        ErrorCode.INVALID_REQUEST, "The setting " + config.name() + " cannot be set to null.");
            }
            if (after.put(config.name(), config.value()) != null) {
                return ConfigAlteration.rejected(
                        ErrorCode.INVALID_REQUEST, "The setting " + config.name() + " is named more than once.");
            }
        }
        return alteration.problem(resource).or(() -> alteration.change(resource, after));
    }
}
