// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.server.Pipelining.BARRIER;
import static io.kaon.server.Pipelining.EXCLUSIVE;
import static io.kaon.server.Pipelining.PIPELINED;

import io.kaon.wire.message.ApiKey;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which apis clients are told of, at which versions (ApiVersions), and how their requests overlap. Only what is
 * complete stands here (design, D11). Immutable.
 */
public final class ApiTable {
    /**
     * Where Kafka 4.4 begins; older versions are only in Kafka 3.9 (KIP-896). Kafka itself still advertises Produce 0,
     * because librdkafka stops compressing without it (C25); here, it is either served or not advertised.
     */
    private static final Map<ApiKey, Integer> OLDEST_WITHOUT_LEGACY = Map.ofEntries(
            Map.entry(ApiKey.PRODUCE, 3),
            Map.entry(ApiKey.FETCH, 4),
            Map.entry(ApiKey.LIST_OFFSETS, 1),
            Map.entry(ApiKey.OFFSET_COMMIT, 2),
            Map.entry(ApiKey.OFFSET_FETCH, 1),
            Map.entry(ApiKey.CREATE_TOPICS, 2),
            Map.entry(ApiKey.DELETE_TOPICS, 1),
            Map.entry(ApiKey.OFFSET_FOR_LEADER_EPOCH, 2),
            Map.entry(ApiKey.WRITE_TXN_MARKERS, 1),
            Map.entry(ApiKey.DESCRIBE_ACLS, 1),
            Map.entry(ApiKey.CREATE_ACLS, 1),
            Map.entry(ApiKey.DELETE_ACLS, 1),
            Map.entry(ApiKey.DESCRIBE_CONFIGS, 1),
            Map.entry(ApiKey.ALTER_REPLICA_LOG_DIRS, 1),
            Map.entry(ApiKey.DESCRIBE_LOG_DIRS, 1),
            Map.entry(ApiKey.CREATE_DELEGATION_TOKEN, 1),
            Map.entry(ApiKey.RENEW_DELEGATION_TOKEN, 1),
            Map.entry(ApiKey.EXPIRE_DELEGATION_TOKEN, 1),
            Map.entry(ApiKey.DESCRIBE_DELEGATION_TOKEN, 1));
    /** InitProducerId 6 is marked unstable in Kafka 4.4. */
    private static final int NEWEST_INIT_PRODUCER_ID = 5;

    private final Map<ApiKey, Api> apis = new EnumMap<>(ApiKey.class);

    private ApiTable() {}

    /**
     * One line of the table.
     *
     * @param oldestVersion the oldest version that clients are told of, and that is served
     * @param newestVersion the newest one, inclusive
     */
    public record Api(ApiKey key, short oldestVersion, short newestVersion, Pipelining pipelining) {
        boolean serves(short version) {
            return version >= oldestVersion && version <= newestVersion;
        }
    }

    /** What this version of Kaon serves. */
    public static ApiTable standard() {
        ApiTable table = new ApiTable();
        table.add(ApiKey.PRODUCE, PIPELINED);
        table.add(ApiKey.FETCH, EXCLUSIVE);
        table.put(ApiKey.INIT_PRODUCER_ID, 0, NEWEST_INIT_PRODUCER_ID, BARRIER);
        table.addAll(
                PIPELINED,
                ApiKey.API_VERSIONS,
                ApiKey.METADATA,
                ApiKey.LIST_OFFSETS,
                ApiKey.FIND_COORDINATOR,
                ApiKey.OFFSET_FETCH,
                ApiKey.DESCRIBE_GROUPS,
                ApiKey.LIST_GROUPS,
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                ApiKey.DESCRIBE_CONFIGS,
                ApiKey.DESCRIBE_LOG_DIRS,
                ApiKey.DESCRIBE_ACLS,
                ApiKey.DESCRIBE_CLUSTER,
                ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                ApiKey.LIST_CONFIG_RESOURCES,
                ApiKey.DESCRIBE_PRODUCERS,
                ApiKey.DESCRIBE_TRANSACTIONS,
                ApiKey.LIST_TRANSACTIONS);
        table.addAll(
                BARRIER,
                ApiKey.JOIN_GROUP,
                ApiKey.SYNC_GROUP,
                ApiKey.HEARTBEAT,
                ApiKey.LEAVE_GROUP,
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                ApiKey.OFFSET_COMMIT,
                ApiKey.OFFSET_DELETE,
                ApiKey.DELETE_GROUPS,
                ApiKey.ADD_PARTITIONS_TO_TXN,
                ApiKey.ADD_OFFSETS_TO_TXN,
                ApiKey.END_TXN,
                ApiKey.TXN_OFFSET_COMMIT,
                ApiKey.WRITE_TXN_MARKERS,
                ApiKey.CREATE_TOPICS,
                ApiKey.DELETE_TOPICS,
                ApiKey.CREATE_PARTITIONS,
                ApiKey.DELETE_RECORDS,
                ApiKey.ALTER_CONFIGS,
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                ApiKey.UPDATE_FEATURES);
        return table;
    }

    /** The same without the versions that Kafka 4 has given up: {@code kaon.legacy.protocol=false}. */
    public ApiTable withoutLegacyProtocol() {
        ApiTable table = new ApiTable();
        for (Api api : apis.values()) {
            int oldest = Math.max(api.oldestVersion, OLDEST_WITHOUT_LEGACY.getOrDefault(api.key, 0));
            table.put(api.key, oldest, api.newestVersion, api.pipelining);
        }
        return table;
    }

    /** The line of an api; empty when the api is not served. */
    public Optional<Api> find(ApiKey key) {
        return Optional.ofNullable(apis.get(key));
    }

    /** All lines, by the api's id. */
    public Collection<Api> all() {
        return Collections.unmodifiableCollection(apis.values());
    }

    /** Whether a request of this version reaches its handler; otherwise it is answered with UNSUPPORTED_VERSION. */
    public boolean serves(ApiKey key, short version) {
        Api api = apis.get(key);
        return api != null && api.serves(version);
    }

    /** How requests of this api overlap with their neighbours; an api that is not served is answered at once. */
    public Pipelining pipelining(ApiKey key) {
        Api api = apis.get(key);
        return api == null ? PIPELINED : api.pipelining();
    }

    private void addAll(Pipelining pipelining, ApiKey... keys) {
        for (ApiKey key : keys) {
            add(key, pipelining);
        }
    }

    private void add(ApiKey key, Pipelining pipelining) {
        put(key, key.oldestVersion(), key.latestVersion(), pipelining);
    }

    private void put(ApiKey key, int oldest, int newest, Pipelining pipelining) {
        apis.put(key, new Api(key, (short) oldest, (short) newest, pipelining));
    }
}
