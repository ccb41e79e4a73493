// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.server.Failure.each;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.AlterClientQuotasRequest;
import io.kaon.wire.message.AlterClientQuotasResponse;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.AlterConfigsResponse;
import io.kaon.wire.message.AlterReplicaLogDirsRequest;
import io.kaon.wire.message.AlterReplicaLogDirsResponse;
import io.kaon.wire.message.AlterUserScramCredentialsRequest;
import io.kaon.wire.message.AlterUserScramCredentialsResponse;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreateAclsRequest;
import io.kaon.wire.message.CreateAclsResponse;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsResponse;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.DeleteAclsRequest;
import io.kaon.wire.message.DeleteAclsResponse;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.DescribeConfigsRequest;
import io.kaon.wire.message.DescribeConfigsResponse;
import io.kaon.wire.message.DescribeLogDirsRequest;
import io.kaon.wire.message.DescribeLogDirsResponse;
import io.kaon.wire.message.DescribeTopicPartitionsRequest;
import io.kaon.wire.message.DescribeTopicPartitionsResponse;
import io.kaon.wire.message.ElectLeadersRequest;
import io.kaon.wire.message.ElectLeadersResponse;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import java.util.ArrayList;
import java.util.List;

/** Error responses of topic, config and ACL administration, with the error in each entry that was asked for. */
final class AdminErrors {
    private static final int METADATA_WITH_TOP_LEVEL_ERROR = 13;
    private static final int METADATA_WITH_NULL_NAMES = 12;
    private static final int DELETE_TOPICS_BY_STATE = 6;
    private static final int LOG_DIRS_WITH_TOP_LEVEL_ERROR = 3;

    private AdminErrors() {}

    static void register(ErrorResponses.Registry to) {
        to.put(ApiKey.METADATA, MetadataRequest.class, AdminErrors::metadata);
        to.put(ApiKey.DESCRIBE_TOPIC_PARTITIONS, DescribeTopicPartitionsRequest.class, AdminErrors::topicPartitions);
        to.put(ApiKey.CREATE_TOPICS, CreateTopicsRequest.class, AdminErrors::createTopics);
        to.put(ApiKey.DELETE_TOPICS, DeleteTopicsRequest.class, AdminErrors::deleteTopics);
        to.put(ApiKey.CREATE_PARTITIONS, CreatePartitionsRequest.class, AdminErrors::createPartitions);
        to.put(ApiKey.DESCRIBE_CONFIGS, DescribeConfigsRequest.class, AdminErrors::describeConfigs);
        to.put(ApiKey.ALTER_CONFIGS, AlterConfigsRequest.class, AdminErrors::alterConfigs);
        to.put(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                IncrementalAlterConfigsRequest.class,
                AdminErrors::incrementalAlterConfigs);
        to.put(ApiKey.DESCRIBE_LOG_DIRS, DescribeLogDirsRequest.class, AdminErrors::describeLogDirs);
        to.put(ApiKey.ALTER_REPLICA_LOG_DIRS, AlterReplicaLogDirsRequest.class, AdminErrors::alterLogDirs);
        to.put(ApiKey.ELECT_LEADERS, ElectLeadersRequest.class, AdminErrors::electLeaders);
        registerSecurity(to);
    }

    private static void registerSecurity(ErrorResponses.Registry to) {
        to.put(ApiKey.CREATE_ACLS, CreateAclsRequest.class, (request, failure) -> new CreateAclsResponse()
                .setResults(each(request.creations(), creation -> new CreateAclsResponse.AclCreationResult()
                        .setErrorCode(failure.code()))));
        to.put(ApiKey.DELETE_ACLS, DeleteAclsRequest.class, (request, failure) -> new DeleteAclsResponse()
                .setFilterResults(each(request.filters(), filter -> new DeleteAclsResponse.DeleteAclsFilterResult()
                        .setErrorCode(failure.code()))));
        to.put(ApiKey.ALTER_CLIENT_QUOTAS, AlterClientQuotasRequest.class, AdminErrors::alterQuotas);
        to.put(
                ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
                AlterUserScramCredentialsRequest.class,
                AdminErrors::alterCredentials);
    }

    private static ApiMessage metadata(MetadataRequest request, Failure failure) {
        MetadataResponse response = new MetadataResponse()
                .setTopics(each(request.topics(), topic -> new MetadataResponse.MetadataResponseTopic()
                        .setName(nameOf(topic, failure.version()))
                        .setTopicId(topic.topicId())
                        .setErrorCode(failure.code())));
        return failure.version() >= METADATA_WITH_TOP_LEVEL_ERROR ? response.setErrorCode(failure.code()) : response;
    }

    private static String nameOf(MetadataRequest.MetadataRequestTopic topic, short version) {
        return topic.name() == null && version < METADATA_WITH_NULL_NAMES ? "" : topic.name();
    }

    private static ApiMessage topicPartitions(DescribeTopicPartitionsRequest request, Failure failure) {
        return new DescribeTopicPartitionsResponse()
                .setTopics(each(
                        request.topics(),
                        topic -> new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
                                .setName(topic.name())
                                .setErrorCode(failure.code())));
    }

    private static ApiMessage createTopics(CreateTopicsRequest request, Failure failure) {
        return new CreateTopicsResponse()
                .setTopics(each(request.topics(), topic -> new CreateTopicsResponse.CreatableTopicResult()
                        .setName(topic.name())
                        .setErrorCode(failure.code())));
    }

    private static ApiMessage deleteTopics(DeleteTopicsRequest request, Failure failure) {
        List<DeleteTopicsResponse.DeletableTopicResult> results = new ArrayList<>();
        if (failure.version() >= DELETE_TOPICS_BY_STATE) {
            request.topics()
                    .forEach(topic -> results.add(new DeleteTopicsResponse.DeletableTopicResult()
                            .setName(topic.name())
                            .setTopicId(topic.topicId())
                            .setErrorCode(failure.code())));
        } else {
            request.topicNames()
                    .forEach(name -> results.add(new DeleteTopicsResponse.DeletableTopicResult()
                            .setName(name)
                            .setErrorCode(failure.code())));
        }
        return new DeleteTopicsResponse().setResponses(results);
    }

    private static ApiMessage createPartitions(CreatePartitionsRequest request, Failure failure) {
        return new CreatePartitionsResponse()
                .setResults(each(request.topics(), topic -> new CreatePartitionsResponse.CreatePartitionsTopicResult()
                        .setName(topic.name())
                        .setErrorCode(failure.code())));
    }

    private static ApiMessage describeConfigs(DescribeConfigsRequest request, Failure failure) {
        return new DescribeConfigsResponse()
                .setResults(each(request.resources(), resource -> new DescribeConfigsResponse.DescribeConfigsResult()
                        .setResourceType(resource.resourceType())
                        .setResourceName(resource.resourceName())
                        .setErrorCode(failure.code())));
    }

    private static ApiMessage alterConfigs(AlterConfigsRequest request, Failure failure) {
        return new AlterConfigsResponse()
                .setResponses(
                        each(request.resources(), resource -> new AlterConfigsResponse.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(failure.code())));
    }

    private static ApiMessage incrementalAlterConfigs(IncrementalAlterConfigsRequest request, Failure failure) {
        return new IncrementalAlterConfigsResponse()
                .setResponses(each(
                        request.resources(),
                        resource -> new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
                                .setResourceType(resource.resourceType())
                                .setResourceName(resource.resourceName())
                                .setErrorCode(failure.code())));
    }

    /** Before version 3 the error has room only in a directory's result. */
    private static ApiMessage describeLogDirs(DescribeLogDirsRequest request, Failure failure) {
        if (failure.version() >= LOG_DIRS_WITH_TOP_LEVEL_ERROR) {
            return new DescribeLogDirsResponse().setErrorCode(failure.code());
        }
        return new DescribeLogDirsResponse()
                .setResults(new ArrayList<>(
                        List.of(new DescribeLogDirsResponse.DescribeLogDirsResult().setErrorCode(failure.code()))));
    }

    private static ApiMessage alterLogDirs(AlterReplicaLogDirsRequest request, Failure failure) {
        List<AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult> results = new ArrayList<>();
        request.dirs().forEach(dir -> dir.topics()
                .forEach(topic -> results.add(new AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult()
                        .setTopicName(topic.name())
                        .setPartitions(each(
                                topic.partitions(),
                                index -> new AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult()
                                        .setPartitionIndex(index)
                                        .setErrorCode(failure.code()))))));
        return new AlterReplicaLogDirsResponse().setResults(results);
    }

    private static ApiMessage electLeaders(ElectLeadersRequest request, Failure failure) {
        ElectLeadersResponse response = new ElectLeadersResponse()
                .setReplicaElectionResults(
                        each(request.topicPartitions(), topic -> new ElectLeadersResponse.ReplicaElectionResult()
                                .setTopic(topic.topic())
                                .setPartitionResult(
                                        each(topic.partitions(), index -> new ElectLeadersResponse.PartitionResult()
                                                .setPartitionId(index)
                                                .setErrorCode(failure.code())))));
        return failure.version() >= 1 ? response.setErrorCode(failure.code()) : response;
    }

    private static ApiMessage alterQuotas(AlterClientQuotasRequest request, Failure failure) {
        return new AlterClientQuotasResponse()
                .setEntries(each(request.entries(), entry -> new AlterClientQuotasResponse.EntryData()
                        .setErrorCode(failure.code())
                        .setEntity(each(entry.entity(), entity -> new AlterClientQuotasResponse.EntityData()
                                .setEntityType(entity.entityType())
                                .setEntityName(entity.entityName())))));
    }

    private static ApiMessage alterCredentials(AlterUserScramCredentialsRequest request, Failure failure) {
        List<AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult> results = new ArrayList<>();
        request.deletions().forEach(deletion -> results.add(credentialResult(deletion.name(), failure)));
        request.upsertions().forEach(upsertion -> results.add(credentialResult(upsertion.name(), failure)));
        return new AlterUserScramCredentialsResponse().setResults(results);
    }

    private static AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult credentialResult(
            String user, Failure failure) {
        return new AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult()
                .setUser(user)
                .setErrorCode(failure.code());
    }
}
