// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.config.ConfigDescriber;
import io.kaon.metadata.config.ConfigDescription;
import io.kaon.metadata.config.ConfigEntry;
import io.kaon.metadata.config.ConfigSource;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.DescribeConfigsRequest;
import io.kaon.wire.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.kaon.wire.message.DescribeConfigsResponse;
import io.kaon.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.kaon.wire.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.kaon.wire.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Describes all settings of resources, with source, type, synonyms and documentation (C8). */
public final class DescribeConfigsHandler implements ApiHandler<DescribeConfigsRequest> {
    private final MetadataImages images;
    private final ConfigDescriber describer;
    private final LogLevels logLevels;
    private final ConfigAccess access;

    DescribeConfigsHandler(
            MetadataImages images, ConfigDescriber describer, LogLevels logLevels, Authoriser authoriser) {
        this.images = images;
        this.describer = describer;
        this.logLevels = logLevels;
        this.access = new ConfigAccess(authoriser, Operation.DESCRIBE_CONFIGS);
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeConfigsRequest request) {
        ClusterImage image = images.current();
        List<DescribeConfigsResult> results = new ArrayList<>();
        for (DescribeConfigsResource resource : request.resources()) {
            results.add(describe(context, request, image, resource)
                    .setResourceType(resource.resourceType())
                    .setResourceName(resource.resourceName()));
        }
        return Reply.now(new DescribeConfigsResponse().setResults(results));
    }

    private DescribeConfigsResult describe(
            RequestContext context, DescribeConfigsRequest request, ClusterImage image, DescribeConfigsResource asked) {
        ErrorCode refusal = access.refusal(context.principal(), asked.resourceType(), asked.resourceName());
        Optional<ConfigResource.Type> type = ConfigResource.Type.of(asked.resourceType());
        if (refusal != ErrorCode.NONE || type.isEmpty()) {
            return new DescribeConfigsResult()
                    .setErrorCode(refusal.code())
                    .setErrorMessage(ConfigAccess.message(refusal, asked.resourceType()));
        }
        ConfigDescription description = describer.describe(image, new ConfigResource(type.get(), asked.resourceName()));
        if (description instanceof ConfigDescription.Described described) {
            return new DescribeConfigsResult()
                    .setErrorMessage(null)
                    .setConfigs(
                            type.get() == ConfigResource.Type.BROKER_LOGGER
                                    ? levels(asked.configurationKeys())
                                    : entries(context, request, asked, described));
        }
        ConfigDescription.Refused refused = (ConfigDescription.Refused) description;
        return new DescribeConfigsResult().setErrorCode(refused.code().code()).setErrorMessage(refused.message());
    }

    private List<DescribeConfigsResourceResult> levels(List<String> keys) {
        List<DescribeConfigsResourceResult> levels = new ArrayList<>();
        logLevels.all().forEach((category, level) -> {
            if (keys == null || keys.isEmpty() || keys.contains(category)) {
                levels.add(new DescribeConfigsResourceResult()
                        .setName(category)
                        .setValue(level)
                        .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER.id()));
            }
        });
        return levels;
    }

    /** No keys, or null for the keys, asks for all. */
    private static List<DescribeConfigsResourceResult> entries(
            RequestContext context,
            DescribeConfigsRequest request,
            DescribeConfigsResource asked,
            ConfigDescription.Described described) {
        List<String> keys = asked.configurationKeys();
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        for (ConfigEntry entry : described.entries()) {
            if (keys == null || keys.isEmpty() || keys.contains(entry.name())) {
                entries.add(entry(context, request, entry));
            }
        }
        return entries;
    }

    private static DescribeConfigsResourceResult entry(
            RequestContext context, DescribeConfigsRequest request, ConfigEntry entry) {
        return new DescribeConfigsResourceResult()
                .setName(entry.name())
                .setValue(entry.value().orElse(null))
                .setReadOnly(entry.isReadOnly())
                .setIsDefault(context.version() == 0
                        && entry.source() == ConfigSource.DEFAULT) // later versions have the source
                .setConfigSource(entry.source().id())
                .setIsSensitive(entry.key().isSensitive())
                .setSynonyms(request.includeSynonyms() ? synonyms(entry) : new ArrayList<>(0))
                .setConfigType(entry.key().type().id())
                .setDocumentation(request.includeDocumentation() ? entry.key().documentation() : null);
    }

    private static List<DescribeConfigsSynonym> synonyms(ConfigEntry entry) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>(entry.synonyms().size());
        for (ConfigEntry.Synonym synonym : entry.synonyms()) {
            synonyms.add(new DescribeConfigsSynonym()
                    .setName(synonym.name())
                    .setValue(synonym.value().orElse(null))
                    .setSource(synonym.source().id()));
        }
        return synonyms;
    }
}
