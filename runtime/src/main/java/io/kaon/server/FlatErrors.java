// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.message.AddOffsetsToTxnResponse;
import io.kaon.wire.message.AlterPartitionReassignmentsResponse;
import io.kaon.wire.message.AlterShareGroupOffsetsResponse;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.CreateDelegationTokenResponse;
import io.kaon.wire.message.DeleteShareGroupOffsetsResponse;
import io.kaon.wire.message.DescribeAclsResponse;
import io.kaon.wire.message.DescribeClientQuotasResponse;
import io.kaon.wire.message.DescribeClusterResponse;
import io.kaon.wire.message.DescribeDelegationTokenResponse;
import io.kaon.wire.message.DescribeQuorumResponse;
import io.kaon.wire.message.DescribeUserScramCredentialsResponse;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.ExpireDelegationTokenResponse;
import io.kaon.wire.message.GetTelemetrySubscriptionsResponse;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.ListConfigResourcesResponse;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.ListPartitionReassignmentsResponse;
import io.kaon.wire.message.ListTransactionsResponse;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.PushTelemetryResponse;
import io.kaon.wire.message.RenewDelegationTokenResponse;
import io.kaon.wire.message.SaslAuthenticateResponse;
import io.kaon.wire.message.SaslHandshakeResponse;
import io.kaon.wire.message.ShareAcknowledgeResponse;
import io.kaon.wire.message.ShareFetchResponse;
import io.kaon.wire.message.ShareGroupHeartbeatResponse;
import io.kaon.wire.message.StreamsGroupHeartbeatResponse;
import io.kaon.wire.message.StreamsGroupTopologyDescriptionUpdateResponse;
import io.kaon.wire.message.SyncGroupResponse;
import io.kaon.wire.message.UpdateFeaturesResponse;

/** Error responses with one error code at the top, in every version. */
final class FlatErrors {
    private static final short NO_EPOCH = -1;

    private FlatErrors() {}

    static void register(ErrorResponses.Registry to) {
        to.put(ApiKey.API_VERSIONS, code -> new ApiVersionsResponse().setErrorCode(code));
        to.put(
                ApiKey.INIT_PRODUCER_ID,
                code -> new InitProducerIdResponse().setErrorCode(code).setProducerEpoch(NO_EPOCH));
        to.put(ApiKey.DESCRIBE_CLUSTER, code -> new DescribeClusterResponse().setErrorCode(code));
        to.put(ApiKey.DESCRIBE_ACLS, code -> new DescribeAclsResponse().setErrorCode(code));
        to.put(ApiKey.LIST_CONFIG_RESOURCES, code -> new ListConfigResourcesResponse().setErrorCode(code));
        registerGroups(to);
        registerSecurity(to);
        registerTransactions(to);
        registerOperations(to);
    }

    private static void registerGroups(ErrorResponses.Registry to) {
        to.put(ApiKey.HEARTBEAT, code -> new HeartbeatResponse().setErrorCode(code));
        to.put(ApiKey.SYNC_GROUP, code -> new SyncGroupResponse().setErrorCode(code));
        to.put(ApiKey.LIST_GROUPS, code -> new ListGroupsResponse().setErrorCode(code));
        to.put(ApiKey.OFFSET_DELETE, code -> new OffsetDeleteResponse().setErrorCode(code));
        to.put(ApiKey.CONSUMER_GROUP_HEARTBEAT, code -> new ConsumerGroupHeartbeatResponse().setErrorCode(code));
        to.put(ApiKey.SHARE_GROUP_HEARTBEAT, code -> new ShareGroupHeartbeatResponse().setErrorCode(code));
        to.put(ApiKey.SHARE_FETCH, code -> new ShareFetchResponse().setErrorCode(code));
        to.put(ApiKey.SHARE_ACKNOWLEDGE, code -> new ShareAcknowledgeResponse().setErrorCode(code));
        to.put(ApiKey.ALTER_SHARE_GROUP_OFFSETS, code -> new AlterShareGroupOffsetsResponse().setErrorCode(code));
        to.put(ApiKey.DELETE_SHARE_GROUP_OFFSETS, code -> new DeleteShareGroupOffsetsResponse().setErrorCode(code));
        to.put(ApiKey.STREAMS_GROUP_HEARTBEAT, code -> new StreamsGroupHeartbeatResponse().setErrorCode(code));
        to.put(
                ApiKey.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE,
                code -> new StreamsGroupTopologyDescriptionUpdateResponse().setErrorCode(code));
    }

    private static void registerSecurity(ErrorResponses.Registry to) {
        to.put(ApiKey.SASL_HANDSHAKE, code -> new SaslHandshakeResponse().setErrorCode(code));
        to.put(ApiKey.SASL_AUTHENTICATE, code -> new SaslAuthenticateResponse().setErrorCode(code));
        to.put(ApiKey.CREATE_DELEGATION_TOKEN, code -> new CreateDelegationTokenResponse().setErrorCode(code));
        to.put(ApiKey.RENEW_DELEGATION_TOKEN, code -> new RenewDelegationTokenResponse().setErrorCode(code));
        to.put(ApiKey.EXPIRE_DELEGATION_TOKEN, code -> new ExpireDelegationTokenResponse().setErrorCode(code));
        to.put(ApiKey.DESCRIBE_DELEGATION_TOKEN, code -> new DescribeDelegationTokenResponse().setErrorCode(code));
        to.put(ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS, code -> new DescribeUserScramCredentialsResponse()
                .setErrorCode(code));
    }

    private static void registerTransactions(ErrorResponses.Registry to) {
        to.put(ApiKey.ADD_OFFSETS_TO_TXN, code -> new AddOffsetsToTxnResponse().setErrorCode(code));
        to.put(ApiKey.END_TXN, code -> new EndTxnResponse().setErrorCode(code));
        to.put(ApiKey.LIST_TRANSACTIONS, code -> new ListTransactionsResponse().setErrorCode(code));
    }

    private static void registerOperations(ErrorResponses.Registry to) {
        to.put(ApiKey.ALTER_PARTITION_REASSIGNMENTS, code -> new AlterPartitionReassignmentsResponse()
                .setErrorCode(code));
        to.put(ApiKey.LIST_PARTITION_REASSIGNMENTS, code -> new ListPartitionReassignmentsResponse()
                .setErrorCode(code));
        to.put(ApiKey.DESCRIBE_CLIENT_QUOTAS, code -> new DescribeClientQuotasResponse().setErrorCode(code));
        to.put(ApiKey.DESCRIBE_QUORUM, code -> new DescribeQuorumResponse().setErrorCode(code));
        to.put(ApiKey.UPDATE_FEATURES, code -> new UpdateFeaturesResponse().setErrorCode(code));
        to.put(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, code -> new GetTelemetrySubscriptionsResponse().setErrorCode(code));
        to.put(ApiKey.PUSH_TELEMETRY, code -> new PushTelemetryResponse().setErrorCode(code));
    }
}
