// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.config.ConfigCatalogue;
import io.kaon.metadata.config.ConfigSource;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.AlterConfigsResponse;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DescribeConfigsRequest;
import io.kaon.wire.message.DescribeConfigsResponse;
import io.kaon.wire.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.ListConfigResourcesRequest;
import io.kaon.wire.message.ListConfigResourcesResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigApisTest {
    private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
    private static final byte BROKER = ConfigResource.Type.BROKER.id();
    private static final byte GROUP = ConfigResource.Type.GROUP.id();
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;

    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void shouldDescribeEverySettingOfATopic(int version) {
        // When
        DescribeConfigsResponse response = broker.call(ApiKey.DESCRIBE_CONFIGS, version, describe(TOPIC, "orders"));

        // Then
        assertThat(response.results().get(0).errorCode()).isZero();
        assertThat(response.results().get(0).configs())
                .hasSize(ConfigCatalogue.topics().keys().size());
    }

    @Test
    void shouldDescribeEverySettingOfThisBrokerOnly() {
        // When
        DescribeConfigsResponse own =
                broker.call(ApiKey.DESCRIBE_CONFIGS, 4, describe(BROKER, Integer.toString(TestBroker.NODE_ID)));
        DescribeConfigsResponse other = broker.call(ApiKey.DESCRIBE_CONFIGS, 4, describe(BROKER, "99"));

        // Then
        assertThat(own.results().get(0).configs())
                .hasSize(ConfigCatalogue.brokers().keys().size());
        assertThat(other.results().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldDescribeOnlyTheKeysThatAreAskedFor() {
        // Given
        DescribeConfigsRequest request =
                describe(TOPIC, "orders").setIncludeSynonyms(true).setIncludeDocumentation(true);
        request.resources().get(0).setConfigurationKeys(new ArrayList<>(List.of("retention.ms")));

        // When
        DescribeConfigsResponse response = broker.call(ApiKey.DESCRIBE_CONFIGS, 4, request);

        // Then
        DescribeConfigsResourceResult entry = only(response);
        assertThat(entry.name()).isEqualTo("retention.ms");
        assertThat(entry.value()).isEqualTo("604800000");
        assertThat(entry.configSource()).isEqualTo(ConfigSource.DEFAULT.id());
        assertThat(entry.synonyms()).isNotEmpty();
        assertThat(entry.documentation()).isNotBlank();
    }

    @Test
    void shouldShowWhatWasChanged() {
        // Given
        IncrementalAlterConfigsResponse changed =
                broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, change("retention.ms", SET, "1000"));
        DescribeConfigsRequest request = describe(TOPIC, "orders");
        request.resources().get(0).setConfigurationKeys(new ArrayList<>(List.of("retention.ms")));

        // When
        DescribeConfigsResponse response = broker.call(ApiKey.DESCRIBE_CONFIGS, 4, request);

        // Then
        assertThat(changed.responses().get(0).errorCode()).isZero();
        assertThat(only(response).value()).isEqualTo("1000");
        assertThat(only(response).configSource()).isEqualTo(ConfigSource.TOPIC.id());
        assertThat(only(response).synonyms()).isEmpty();
    }

    @Test
    void shouldRefuseSettingsThatDoNotExist() {
        // When
        IncrementalAlterConfigsResponse changed =
                broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, change("no.such.setting", SET, "1"));
        IncrementalAlterConfigsResponse appended =
                broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, change("retention.ms", APPEND, "1"));

        // Then
        assertThat(changed.responses().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(appended.responses().get(0).errorCode()).isNotZero();
    }

    @Test
    void shouldReplaceAllSettingsOfATopic() {
        // Given
        broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, change("retention.ms", SET, "1000"));
        AlterConfigsRequest.AlterConfigsResource resource = new AlterConfigsRequest.AlterConfigsResource()
                .setResourceType(TOPIC)
                .setResourceName("orders");
        resource.configs()
                .add(new AlterConfigsRequest.AlterableConfig()
                        .setName("max.message.bytes")
                        .setValue("2000"));
        AlterConfigsRequest request = new AlterConfigsRequest();
        request.resources().add(resource);
        request.resources().add(new AlterConfigsRequest.AlterConfigsResource().setResourceType((byte) 77));

        // When
        AlterConfigsResponse response = broker.call(ApiKey.ALTER_CONFIGS, 2, request);

        // Then
        assertThat(response.responses())
                .extracting(it -> it.errorCode())
                .containsExactly((short) 0, ErrorCode.INVALID_REQUEST.code());
        assertThat(broker.images.current().configs(ConfigResource.topic("orders")))
                .containsOnlyKeys("max.message.bytes");
    }

    @Test
    void shouldSetDescribeListAndDeleteTheSettingsOfAGroup() {
        // Given
        DescribeConfigsRequest question = describe(GROUP, "billing");
        question.resources().get(0).setConfigurationKeys(new ArrayList<>(List.of("consumer.session.timeout.ms")));

        // When
        broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, changeGroup(SET, "50000"));
        DescribeConfigsResponse described = broker.call(ApiKey.DESCRIBE_CONFIGS, 4, question);
        ListConfigResourcesResponse listed = broker.call(ApiKey.LIST_CONFIG_RESOURCES, 1, groups());
        broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, changeGroup(DELETE, null));
        DescribeConfigsResponse afterwards = broker.call(ApiKey.DESCRIBE_CONFIGS, 4, question);
        ListConfigResourcesResponse nothing = broker.call(ApiKey.LIST_CONFIG_RESOURCES, 1, groups());

        // Then
        assertThat(only(described).value()).isEqualTo("50000");
        assertThat(only(described).configSource()).isEqualTo(ConfigSource.GROUP.id());
        assertThat(only(described).readOnly()).isFalse();
        assertThat(listed.configResources()).extracting(it -> it.resourceName()).containsExactly("billing");
        assertThat(only(afterwards).value()).isEqualTo("45000");
        assertThat(only(afterwards).configSource()).isEqualTo(ConfigSource.DEFAULT.id());
        assertThat(nothing.configResources()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 3, 77, -1})
    void shouldRefuseUnknownResourceTypes(byte type) {
        // When
        DescribeConfigsResponse response = broker.call(ApiKey.DESCRIBE_CONFIGS, 4, describe(type, "x"));

        // Then
        assertThat(response.results().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(response.results().get(0).resourceName()).isEqualTo("x");
    }

    private static DescribeConfigsResourceResult only(DescribeConfigsResponse response) {
        assertThat(response.results().get(0).configs()).hasSize(1);
        return response.results().get(0).configs().get(0);
    }

    private static DescribeConfigsRequest describe(byte type, String name) {
        DescribeConfigsRequest request = new DescribeConfigsRequest();
        request.resources()
                .add(new DescribeConfigsRequest.DescribeConfigsResource()
                        .setResourceType(type)
                        .setResourceName(name)
                        .setConfigurationKeys(null));
        return request;
    }

    private static ListConfigResourcesRequest groups() {
        return new ListConfigResourcesRequest().setResourceTypes(new ArrayList<>(List.of(GROUP)));
    }

    private static IncrementalAlterConfigsRequest changeGroup(byte operation, String value) {
        IncrementalAlterConfigsRequest request = change("consumer.session.timeout.ms", operation, value);
        request.resources().get(0).setResourceType(GROUP).setResourceName("billing");
        return request;
    }

    private static IncrementalAlterConfigsRequest change(String name, byte operation, String value) {
        IncrementalAlterConfigsRequest.AlterConfigsResource resource =
                new IncrementalAlterConfigsRequest.AlterConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName("orders");
        resource.configs()
                .add(new IncrementalAlterConfigsRequest.AlterableConfig()
                        .setName(name)
                        .setConfigOperation(operation)
                        .setValue(value));
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest();
        request.resources().add(resource);
        return request;
    }
}
