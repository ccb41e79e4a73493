// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ConsumerProtocolAssignment;
import io.kaon.wire.message.ConsumerProtocolSubscription;
import io.kaon.wire.message.RequestHeader;
import io.kaon.wire.message.ResponseHeader;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our codec against Kafka's, for every api and version that any supported Kafka release has. */
class WireConformanceTest {
    private static final int MESSAGES_PER_VERSION = 8;
    private static final long SEED = 20_260_731L;
    private static final Map<String, String> OLDER_NAMES = Map.of(
            "ListConfigResourcesRequest", "ListClientMetricsResourcesRequest",
            "ListConfigResourcesResponse", "ListClientMetricsResourcesResponse");

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void shouldAgreeWithKafkaOnEveryVersion(ApiKey api) {
        for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
            // Given / When / Then
            check(api::newRequest, dataName(api.newRequest()), version, api.isFlexible(version));
            check(api::newResponse, dataName(api.newResponse()), version, api.isFlexible(version));
        }
    }

    @Test
    void shouldAgreeWithKafkaOnHeaders() {
        check(RequestHeader::new, "RequestHeaderData", (short) 1, false);
        check(RequestHeader::new, "RequestHeaderData", (short) 2, true);
        check(ResponseHeader::new, "ResponseHeaderData", (short) 0, false);
        check(ResponseHeader::new, "ResponseHeaderData", (short) 1, true);
    }

    @Test
    void shouldAgreeWithKafkaOnWhatMembersExchange() {
        for (short version = 0; version <= ConsumerProtocolSubscription.HIGHEST_VERSION; version++) {
            check(ConsumerProtocolSubscription::new, "ConsumerProtocolSubscription", version, false);
            check(ConsumerProtocolAssignment::new, "ConsumerProtocolAssignment", version, false);
        }
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void shouldNameApisAsKafkaDoes(ApiKey api) {
        // When / Then
        assertThat(OracleMessage.call(kafkaApi(Oracle.NEWER, api.id()), "name")).isEqualTo(api.name());
        assertThat(api.newRequest().apiKey()).isEqualTo(api.id());
        assertThat(api.newResponse().apiKey()).isEqualTo(api.id());
        assertThat(ApiKey.of(api.id())).contains(api);
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void shouldChooseHeaderVersionsAsKafkaDoes(ApiKey api) {
        for (Oracle oracle : oraclesOf(dataName(api.newRequest()))) {
            Object theirs = kafkaApi(oracle, api.id());
            OracleMessage request = oracle.message(name(oracle, dataName(api.newRequest())));
            for (short version = api.oldestVersion(); version <= api.latestVersion(); version++) {
                if (request.hasVersion(version)) {
                    assertThat(header(theirs, "requestHeaderVersion", version))
                            .isEqualTo(api.requestHeaderVersion(version));
                    assertThat(header(theirs, "responseHeaderVersion", version))
                            .isEqualTo(api.responseHeaderVersion(version));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ApiKey.class)
    void shouldServeEveryStableVersionOfBothReleases(ApiKey api) {
        for (Oracle oracle : oraclesOf(dataName(api.newRequest()))) {
            String name = name(oracle, dataName(api.newRequest()));
            for (short version = 0; version < Byte.MAX_VALUE; version++) {
                // When
                boolean theirs = oracle.message(name).hasVersion(version);

                // Then
                boolean unstable = api == ApiKey.INIT_PRODUCER_ID && version == api.latestVersion() + 1;
                assertThat(!theirs || unstable || api.hasVersion(version))
                        .as("%s version %s", api, version)
                        .isTrue();
            }
        }
    }

    private static void check(Supplier<? extends Message> maker, String name, short version, boolean flexible) {
        int oracles = 0;
        for (Oracle oracle : oraclesOf(name)) {
            String theirName = name(oracle, name);
            if (!oracle.message(theirName).hasVersion(version)) {
                continue;
            }
            oracles++;
            for (long seed = SEED; seed < SEED + MESSAGES_PER_VERSION; seed++) {
                RoundTrip trip = new RoundTrip(maker, version, seed);
                byte[] bytes = RoundTrip.write(new RandomMessages(seed).fill(maker.get(), version), version);
                trip.throughOracle(bytes, oracle.message(theirName));
                if (flexible) {
                    trip.skippingUnknownTags(bytes, oracle.message(theirName));
                }
            }
        }
        assertThat(oracles).as("oracles for %s version %s", name, version).isPositive();
    }

    /** The releases that know the message. What 3.9 calls share groups was withdrawn and is not served (D1). */
    private static List<Oracle> oraclesOf(String name) {
        return Stream.of(Oracle.NEWER, Oracle.OLDER)
                .filter(oracle -> oracle.has(name(oracle, name)))
                .filter(oracle -> oracle == Oracle.NEWER || !name.startsWith("Share"))
                .toList();
    }

    private static String name(Oracle oracle, String name) {
        return oracle == Oracle.OLDER
                ? OLDER_NAMES.entrySet().stream()
                        .filter(entry -> name.equals(entry.getKey() + "Data"))
                        .map(entry -> entry.getValue() + "Data")
                        .findFirst()
                        .orElse(name)
                : name;
    }

    private static String dataName(Message message) {
        return message.getClass().getSimpleName() + "Data";
    }

    private static Object kafkaApi(Oracle oracle, short id) {
        for (Object candidate :
                oracle.load("org.apache.kafka.common.protocol.ApiKeys").getEnumConstants()) {
            if (idOf(candidate) == id) {
                return candidate;
            }
        }
        throw new AssertionError("Kafka has no api " + id);
    }

    private static short idOf(Object kafkaApi) {
        try {
            return kafkaApi.getClass().getField("id").getShort(kafkaApi);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object header(Object kafkaApi, String method, short version) {
        try {
            return Property.invoke(kafkaApi.getClass().getMethod(method, short.class), kafkaApi, version);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }
}
