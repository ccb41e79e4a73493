// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import io.kaon.common.Uuid;
import io.kaon.server.FetchKey;
import io.kaon.server.RequestContext;
import io.kaon.server.TopicName;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.AddOffsetsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeTransactionsRequest;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetForLeaderEpochRequest;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a request is about: which topics, groups and transactional ids it names. */
final class RequestSubjects {
    private static final byte GROUP_KEY = 0;
    private static final byte TRANSACTION_KEY = 1;

    private static final Map<ApiKey, BiFunction<RequestContext, ApiMessage, Stream<TopicName>>> TOPICS = topics();
    private static final Map<ApiKey, Function<ApiMessage, Stream<String>>> GROUPS = groups();
    private static final Map<ApiKey, Function<ApiMessage, Stream<String>>> TRANSACTIONS = transactions();

    private RequestSubjects() {}

    /** The topics that a request names; a Fetch names those of its session, too. */
    static Stream<TopicName> topicsOf(RequestContext context, ApiMessage request) {
        return TOPICS.getOrDefault(context.api(), (nowhere, none) -> Stream.empty())
                .apply(context, request);
    }

    static Stream<String> groupsOf(ApiKey api, ApiMessage request) {
        return GROUPS.getOrDefault(api, none -> Stream.empty()).apply(request).filter(Objects::nonNull);
    }

    static Stream<String> transactionalIdsOf(ApiKey api, ApiMessage request) {
        return TRANSACTIONS
                .getOrDefault(api, none -> Stream.empty())
                .apply(request)
                .filter(Objects::nonNull);
    }

    static boolean nameTopics(Collection<ApiKey> apis) {
        return TOPICS.keySet().containsAll(apis);
    }

    static boolean nameGroups(Collection<ApiKey> apis) {
        return GROUPS.keySet().containsAll(apis);
    }

    static boolean nameTransactionalIds(Collection<ApiKey> apis) {
        return TRANSACTIONS.keySet().containsAll(apis);
    }

    private static Map<ApiKey, BiFunction<RequestContext, ApiMessage, Stream<TopicName>>> topics() {
        Topics topics = new Topics(new EnumMap<>(ApiKey.class));
        topics.byKey.put(
                ApiKey.FETCH,
                (context, request) -> context.connection().fetchSessions().asked((FetchRequest) request).stream()
                        .map(RequestSubjects::topicOf)
                        .distinct());
        topics.put(ApiKey.PRODUCE, ProduceRequest.class, request -> stream(request.topicData())
                .map(topic -> new TopicName(topic.name(), topic.topicId())));
        topics.put(ApiKey.METADATA, MetadataRequest.class, request -> stream(request.topics())
                .map(topic -> new TopicName(topic.name(), topic.topicId())));
        topics.put(ApiKey.OFFSET_COMMIT, OffsetCommitRequest.class, request -> stream(request.topics())
                .map(topic -> new TopicName(topic.name(), topic.topicId())));
        topics.put(ApiKey.TXN_OFFSET_COMMIT, TxnOffsetCommitRequest.class, request -> stream(request.topics())
                .map(topic -> new TopicName(topic.name(), topic.topicId())));
        topics.put(ApiKey.OFFSET_FETCH, OffsetFetchRequest.class, RequestSubjects::offsetFetch);
        topics.put(
                ApiKey.DELETE_TOPICS,
                DeleteTopicsRequest.class,
                request -> Stream.concat(
                        stream(request.topics()).map(topic -> new TopicName(topic.name(), topic.topicId())),
                        stream(request.topicNames()).map(RequestSubjects::named)));
        topics.put(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                AddPartitionsToTxnRequest.class,
                request -> Stream.concat(
                        stream(request.v3AndBelowTopics()).map(topic -> named(topic.name())),
                        stream(request.transactions())
                                .flatMap(one -> stream(one.topics()))
                                .map(topic -> named(topic.name()))));
        topics.names(ApiKey.LIST_OFFSETS, ListOffsetsRequest.class, request -> stream(request.topics())
                .map(topic -> topic.name()));
        topics.names(
                ApiKey.OFFSET_FOR_LEADER_EPOCH, OffsetForLeaderEpochRequest.class, request -> stream(request.topics())
                        .map(topic -> topic.topic()));
        topics.names(ApiKey.OFFSET_DELETE, OffsetDeleteRequest.class, request -> stream(request.topics())
                .map(topic -> topic.name()));
        topics.names(ApiKey.CREATE_TOPICS, CreateTopicsRequest.class, request -> stream(request.topics())
                .map(topic -> topic.name()));
        topics.names(ApiKey.CREATE_PARTITIONS, CreatePartitionsRequest.class, request -> stream(request.topics())
                .map(topic -> topic.name()));
        topics.names(ApiKey.DELETE_RECORDS, DeleteRecordsRequest.class, request -> stream(request.topics())
                .map(topic -> topic.name()));
        return topics.byKey;
    }

    private static Map<ApiKey, Function<ApiMessage, Stream<String>>> groups() {
        Names groups = new Names(new EnumMap<>(ApiKey.class));
        groups.one(ApiKey.JOIN_GROUP, JoinGroupRequest.class, JoinGroupRequest::groupId);
        groups.one(ApiKey.SYNC_GROUP, SyncGroupRequest.class, SyncGroupRequest::groupId);
        groups.one(ApiKey.HEARTBEAT, HeartbeatRequest.class, HeartbeatRequest::groupId);
        groups.one(ApiKey.LEAVE_GROUP, LeaveGroupRequest.class, LeaveGroupRequest::groupId);
        groups.one(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                ConsumerGroupHeartbeatRequest.class,
                ConsumerGroupHeartbeatRequest::groupId);
        groups.one(ApiKey.OFFSET_COMMIT, OffsetCommitRequest.class, OffsetCommitRequest::groupId);
        groups.one(ApiKey.OFFSET_DELETE, OffsetDeleteRequest.class, OffsetDeleteRequest::groupId);
        groups.one(ApiKey.ADD_OFFSETS_TO_TXN, AddOffsetsToTxnRequest.class, AddOffsetsToTxnRequest::groupId);
        groups.one(ApiKey.TXN_OFFSET_COMMIT, TxnOffsetCommitRequest.class, TxnOffsetCommitRequest::groupId);
        groups.put(
                ApiKey.OFFSET_FETCH,
                OffsetFetchRequest.class,
                request -> Stream.concat(
                        Stream.ofNullable(request.groupId()),
                        stream(request.groups()).map(group -> group.groupId())));
        groups.put(ApiKey.DESCRIBE_GROUPS, DescribeGroupsRequest.class, request -> stream(request.groups()));
        groups.put(ApiKey.DELETE_GROUPS, DeleteGroupsRequest.class, request -> stream(request.groupsNames()));
        groups.put(
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                ConsumerGroupDescribeRequest.class,
                request -> stream(request.groupIds()));
        groups.put(ApiKey.FIND_COORDINATOR, FindCoordinatorRequest.class, request -> keys(request, GROUP_KEY));
        return groups.byKey;
    }

    private static Map<ApiKey, Function<ApiMessage, Stream<String>>> transactions() {
        Names ids = new Names(new EnumMap<>(ApiKey.class));
        ids.one(ApiKey.PRODUCE, ProduceRequest.class, ProduceRequest::transactionalId);
        ids.one(ApiKey.INIT_PRODUCER_ID, InitProducerIdRequest.class, InitProducerIdRequest::transactionalId);
        ids.one(ApiKey.ADD_OFFSETS_TO_TXN, AddOffsetsToTxnRequest.class, AddOffsetsToTxnRequest::transactionalId);
        ids.one(ApiKey.TXN_OFFSET_COMMIT, TxnOffsetCommitRequest.class, TxnOffsetCommitRequest::transactionalId);
        ids.one(ApiKey.END_TXN, EndTxnRequest.class, EndTxnRequest::transactionalId);
        ids.put(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                AddPartitionsToTxnRequest.class,
                request -> Stream.concat(
                        Stream.ofNullable(request.v3AndBelowTransactionalId()),
                        stream(request.transactions()).map(one -> one.transactionalId())));
        ids.put(
                ApiKey.DESCRIBE_TRANSACTIONS,
                DescribeTransactionsRequest.class,
                request -> stream(request.transactionalIds()));
        ids.put(ApiKey.FIND_COORDINATOR, FindCoordinatorRequest.class, request -> keys(request, TRANSACTION_KEY));
        return ids.byKey;
    }

    private static Stream<TopicName> offsetFetch(OffsetFetchRequest request) {
        return Stream.concat(
                stream(request.topics()).map(topic -> named(topic.name())),
                stream(request.groups())
                        .flatMap(group -> stream(group.topics()))
                        .map(topic -> new TopicName(topic.name(), topic.topicId())));
    }

    private static Stream<String> keys(FindCoordinatorRequest request, byte type) {
        return request.keyType() == type
                ? Stream.concat(Stream.ofNullable(request.key()), stream(request.coordinatorKeys()))
                : Stream.empty();
    }

    private static TopicName topicOf(FetchKey key) {
        return new TopicName(key.topic(), key.topicId());
    }

    private static TopicName named(String name) {
        return new TopicName(name, Uuid.ZERO);
    }

    private static <T> Stream<T> stream(List<T> list) {
        return list == null ? Stream.empty() : list.stream();
    }

    private record Topics(Map<ApiKey, BiFunction<RequestContext, ApiMessage, Stream<TopicName>>> byKey) {
        <Q extends ApiMessage> void put(ApiKey key, Class<Q> type, Function<Q, Stream<TopicName>> topics) {
            byKey.put(key, (context, request) -> topics.apply(type.cast(request)));
        }

        <Q extends ApiMessage> void names(ApiKey key, Class<Q> type, Function<Q, Stream<String>> topics) {
            put(key, type, request -> topics.apply(request).map(RequestSubjects::named));
        }
    }

    private record Names(Map<ApiKey, Function<ApiMessage, Stream<String>>> byKey) {
        <Q extends ApiMessage> void put(ApiKey key, Class<Q> type, Function<Q, Stream<String>> names) {
            byKey.put(key, request -> names.apply(type.cast(request)));
        }

        <Q extends ApiMessage> void one(ApiKey key, Class<Q> type, Function<Q, String> name) {
            put(key, type, request -> Stream.ofNullable(name.apply(request)));
        }
    }
}
