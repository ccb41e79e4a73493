// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.DescribeConfigsRequest;
import io.kaon.wire.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.kaon.wire.message.DescribeConfigsResponse;
import io.kaon.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.kaon.wire.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Settings of topics and brokers. Any thread. */
public final class Configs {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final List<String> SOURCES = List.of(
            "UNKNOWN",
            "DYNAMIC_TOPIC_CONFIG",
            "DYNAMIC_BROKER_CONFIG",
            "DYNAMIC_DEFAULT_BROKER_CONFIG",
            "STATIC_BROKER_CONFIG",
            "DEFAULT_CONFIG",
            "DYNAMIC_BROKER_LOGGER_CONFIG",
            "DYNAMIC_CLIENT_METRICS_CONFIG",
            "DYNAMIC_GROUP_CONFIG");
    private static final List<String> TYPES =
            List.of("UNKNOWN", "BOOLEAN", "STRING", "INT", "SHORT", "LONG", "DOUBLE", "LIST", "CLASS", "PASSWORD");

    private final AdminCaller caller;

    /** @param caller whom to ask */
    public Configs(AdminCaller caller) {
        this.caller = caller;
    }

    /** Something that has settings. */
    public record Resource(byte type, String name) {
        /** A topic. */
        public static Resource topic(String name) {
            return new Resource(TOPIC, name);
        }

        /** One broker. */
        public static Resource broker(int id) {
            return new Resource(BROKER, String.valueOf(id));
        }

        /** What holds for all brokers. */
        public static Resource allBrokers() {
            return new Resource(BROKER, "");
        }
    }

    /**
     * A setting as it is now.
     *
     * @param value empty when it has none, or when it is sensitive
     * @param source where the value is from, as Kafka's Admin client names it
     * @param type as Kafka's Admin client names it
     * @param documentation a sentence; may be empty
     * @param synonyms where else it is or could be set, the one that counts first
     */
    public record Setting(
            String name,
            Optional<String> value,
            String source,
            Traits traits,
            String type,
            String documentation,
            List<Synonym> synonyms) {
        public Setting {
            synonyms = List.copyOf(synonyms);
        }

        /** Whether nobody has set it. */
        public boolean isDefault() {
            return source.equals("DEFAULT_CONFIG");
        }
    }

    /** What can be done with a setting. */
    public record Traits(boolean isReadOnly, boolean isSensitive) {}

    /** The same setting at another place. */
    public record Synonym(String name, Optional<String> value, String source) {}

    /**
     * A change.
     *
     * @param value empty to take back what was set
     */
    public record Change(String name, Optional<String> value) {}

    /** All settings of a resource, by name. Fails with UNKNOWN_TOPIC_OR_PARTITION and the like when there is none. */
    public CompletionStage<List<Setting>> describe(Resource resource) {
        DescribeConfigsRequest request = new DescribeConfigsRequest()
                .setResources(new ArrayList<>(List.of(asked(resource, null))))
                .setIncludeSynonyms(true)
                .setIncludeDocumentation(true);
        return caller.call(DescribeConfigsResponse.class, request).thenApply(answer -> {
            DescribeConfigsResult result = answer.results().get(0);
            AdminCaller.check(result.errorCode(), result.errorMessage());
            return result.configs().stream()
                    .map(Configs::toSetting)
                    .sorted(Comparator.comparing(Setting::name))
                    .toList();
        });
    }

    /** One setting of several resources, by the resource's name; who does not have it is not in the map. */
    public CompletionStage<Map<String, String>> values(Collection<Resource> resources, String key) {
        if (resources.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        List<DescribeConfigsResource> asked = new ArrayList<>();
        resources.forEach(resource -> asked.add(asked(resource, new ArrayList<>(List.of(key)))));
        return caller.call(DescribeConfigsResponse.class, new DescribeConfigsRequest().setResources(asked))
                .thenApply(answer -> {
                    Map<String, String> values = new HashMap<>();
                    for (DescribeConfigsResult result : answer.results()) {
                        result.configs().stream()
                                .filter(config -> config.value() != null)
                                .forEach(config -> values.put(result.resourceName(), config.value()));
                    }
                    return values;
                });
    }

    private static DescribeConfigsResource asked(Resource resource, List<String> keys) {
        return new DescribeConfigsResource()
                .setResourceType(resource.type())
                .setResourceName(resource.name())
                .setConfigurationKeys(keys);
    }

    /** Changes settings, all or none. Fails with the broker's reason. */
    public CompletionStage<Void> alter(Resource resource, List<Change> changes) {
        return alter(resource, changes, false);
    }

    /** Says whether {@link #alter} would do it: fails as it would. */
    public CompletionStage<Void> validate(Resource resource, List<Change> changes) {
        return alter(resource, changes, true);
    }

    private CompletionStage<Void> alter(Resource resource, List<Change> changes, boolean validateOnly) {
        List<AlterableConfig> configs = new ArrayList<>();
        changes.forEach(change -> configs.add(new AlterableConfig()
                .setName(change.name())
                .setConfigOperation(change.value().isPresent() ? SET : DELETE)
                .setValue(change.value().orElse(null))));
        AlterConfigsResource altered = new AlterConfigsResource()
                .setResourceType(resource.type())
                .setResourceName(resource.name())
                .setConfigs(configs);
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest()
                .setResources(new ArrayList<>(List.of(altered)))
                .setValidateOnly(validateOnly);
        return caller.call(IncrementalAlterConfigsResponse.class, request).thenAccept(answer -> {
            AdminCaller.check(
                    answer.responses().get(0).errorCode(),
                    answer.responses().get(0).errorMessage());
        });
    }

    /** For a setting that the resource does not have. */
    public static AdminException unknown(String name) {
        return new AdminException(ErrorCode.RESOURCE_NOT_FOUND, "There is no setting " + name + " here.");
    }

    private static Setting toSetting(DescribeConfigsResourceResult config) {
        return new Setting(
                config.name(),
                config.isSensitive() ? Optional.empty() : Optional.ofNullable(config.value()),
                nameOf(SOURCES, config.configSource()),
                new Traits(config.readOnly(), config.isSensitive()),
                nameOf(TYPES, config.configType()),
                config.documentation() == null ? "" : config.documentation(),
                config.synonyms().stream()
                        .map(synonym -> new Synonym(
                                synonym.name(),
                                config.isSensitive() ? Optional.empty() : Optional.ofNullable(synonym.value()),
                                nameOf(SOURCES, synonym.source())))
                        .toList());
    }

    private static String nameOf(List<String> names, int id) {
        return id >= 0 && id < names.size() ? names.get(id) : names.get(0);
    }
}
