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
    /** Fetch 0–3 carry the old message formats, which a later issue brings. */
    private static final int OLDEST_FETCH = 4;
    /**
     * Produce 0–2 likewise; they are advertised nevertheless, because librdkafka stops compressing without them (C25).
     */
    private static final int OLDEST_PRODUCE = 3;
    /** InitProducerId 6 is marked unstable in Kafka 4.4. */
    private static final int NEWEST_INIT_PRODUCER_ID = 5;

    private final Map<ApiKey, Api> apis = new EnumMap<>(ApiKey.class);

    private ApiTable() {}

    /**
     * One line of the table.
     *
     * @param oldestVersion the oldest version that clients are told of
     * @param newestVersion the newest one, inclusive
     * @param oldestServed the oldest version that gets more than UNSUPPORTED_VERSION
     */
    public record Api(ApiKey key, short oldestVersion, short newestVersion, short oldestServed, Pipelining pipelining) {
        boolean serves(short version) {
            return version >= oldestServed && version <= newestVersion;
        }
    }

    /** What this version of Kaon serves. */
    public static ApiTable standard() {
        ApiTable table = new ApiTable();
        table.put(ApiKey.PRODUCE, 0, ApiKey.PRODUCE.latestVersion(), OLDEST_PRODUCE, PIPELINED);
        table.put(ApiKey.FETCH, OLDEST_FETCH, ApiKey.FETCH.latestVersion(), OLDEST_FETCH, EXCLUSIVE);
        table.put(ApiKey.INIT_PRODUCER_ID, 0, NEWEST_INIT_PRODUCER_ID, 0, BARRIER);
        table.addAll(
                PIPELINED,
                ApiKey.API_VERSIONS,
                ApiKey.METADATA,
                ApiKey.LIST_OFFSETS,
                ApiKey.FIND_COORDINATOR,
                ApiKey.OFFSET_FETCH,
                ApiKey.DESCRIBE_GROUPS,
                ApiKey.LIST_GROUPS,
                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                ApiKey.DESCRIBE_CONFIGS,
                ApiKey.DESCRIBE_LOG_DIRS,
                ApiKey.DESCRIBE_ACLS,
                ApiKey.DESCRIBE_CLUSTER,
                ApiKey.DESCRIBE_TOPIC_PARTITIONS,
                ApiKey.LIST_CONFIG_RESOURCES);
        table.addAll(
                BARRIER,
                ApiKey.JOIN_GROUP,
                ApiKey.SYNC_GROUP,
                ApiKey.HEARTBEAT,
                ApiKey.LEAVE_GROUP,
                ApiKey.OFFSET_COMMIT,
                ApiKey.OFFSET_DELETE,
                ApiKey.DELETE_GROUPS,
                ApiKey.CREATE_TOPICS,
                ApiKey.DELETE_TOPICS,
                ApiKey.CREATE_PARTITIONS,
                ApiKey.DELETE_RECORDS,
                ApiKey.ALTER_CONFIGS,
                ApiKey.INCREMENTAL_ALTER_CONFIGS);
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
        put(key, key.oldestVersion(), key.latestVersion(), key.oldestVersion(), pipelining);
    }

    private void put(ApiKey key, int oldest, int newest, int oldestServed, Pipelining pipelining) {
        apis.put(key, new Api(key, (short) oldest, (short) newest, (short) oldestServed, pipelining));
    }
}
