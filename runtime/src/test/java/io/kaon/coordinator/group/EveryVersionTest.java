// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.commitRequest;
import static io.kaon.coordinator.group.GroupFixture.joinRequest;
import static io.kaon.coordinator.group.GroupFixture.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupRequest.MemberIdentity;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.ListGroupsRequest;
import io.kaon.wire.message.ListGroupsResponse;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the coordinator answers, good or bad, can be written in the version that it was asked in. */
final class EveryVersionTest {
    private GroupFixture fixture = new GroupFixture();
    private int written;

    @Test
    void shouldWriteJoinAnswers() {
        for (int version = 0; version <= JoinGroupResponse.HIGHEST_VERSION; version++) {
            fixture = new GroupFixture();
            JoinGroupRequest request = joinRequest("", "range");
            request.setGroupInstanceId(version >= 5 ? "one" : null);
            write(version, fixture.join(version, request));
            write(version, fixture.join(version, joinRequest("", "range").setGroupId("")));
            write(version, fixture.join(version, joinRequest("who", "range")));
            write(version, fixture.join(version, joinRequest("", "range").setSessionTimeoutMs(1)));
            fixture.removeTopic();
            fixture.coordinator.close();
            write(version, fixture.join(version, joinRequest("", "other")));
        }
        assertThat(written).isEqualTo(50);
    }

    @Test
    void shouldWriteSyncAndHeartbeatAnswers() {
        String member = fixture.stableGroup(1).get(0);
        for (int version = 0; version <= SyncGroupResponse.HIGHEST_VERSION; version++) {
            GroupRequest from = fixture.from(version);
            write(version, fixture.coordinator.syncGroup(from, syncRequest(1, member)));
            write(version, fixture.coordinator.syncGroup(from, syncRequest(2, member)));
        }
        for (int version = 0; version <= HeartbeatResponse.HIGHEST_VERSION; version++) {
            HeartbeatRequest request = new HeartbeatRequest().setGroupId(GROUP).setMemberId("who");
            write(version, fixture.coordinator.heartbeat(fixture.from(version), request));
        }
        assertThat(written).isEqualTo(17);
    }

    @Test
    void shouldWriteLeaveAnswers() {
        for (int version = 0; version <= LeaveGroupResponse.HIGHEST_VERSION; version++) {
            LeaveGroupRequest request = new LeaveGroupRequest().setGroupId(GROUP);
            if (version < 3) {
                request.setMemberId("who");
            } else {
                request.setMembers(List.of(new MemberIdentity().setMemberId("who")));
            }
            write(version, fixture.coordinator.leaveGroup(fixture.from(version), request));
            write(version, fixture.coordinator.leaveGroup(fixture.from(version), request.setGroupId("")));
        }
        assertThat(written).isEqualTo(12);
    }

    @Test
    void shouldWriteAdministrativeAnswers() {
        fixture.stableGroup(2);
        for (int version = 0; version <= DescribeGroupsResponse.HIGHEST_VERSION; version++) {
            DescribeGroupsRequest request = new DescribeGroupsRequest().setGroups(List.of(GROUP, "missing"));
            write(version, fixture.coordinator.describeGroups(fixture.from(version), request));
        }
        for (int version = 0; version <= ListGroupsResponse.HIGHEST_VERSION; version++) {
            write(version, fixture.coordinator.listGroups(fixture.from(version), new ListGroupsRequest()));
        }
        for (int version = 0; version <= DeleteGroupsResponse.HIGHEST_VERSION; version++) {
            DeleteGroupsRequest request = new DeleteGroupsRequest().setGroupsNames(List.of(GROUP, "missing"));
            write(version, fixture.coordinator.deleteGroups(fixture.from(version), request));
        }
        assertThat(written).isEqualTo(17);
    }

    @Test
    void shouldWriteOffsetAnswers() {
        for (int version = 0; version <= OffsetCommitResponse.HIGHEST_VERSION; version++) {
            write(version, fixture.commit(version, commitRequest(-1, "", 5)));
            write(version, fixture.commit(version, commitRequest(9, "who", 5)));
        }
        for (int version = 0; version <= OffsetFetchResponse.HIGHEST_VERSION; version++) {
            write(version, fixture.coordinator.fetchOffsets(fixture.from(version), fetchRequest(version)));
        }
        fixture.coordinator.onResigned(0);
        for (int version = 0; version <= OffsetFetchResponse.HIGHEST_VERSION; version++) {
            write(version, fixture.coordinator.fetchOffsets(fixture.from(version), fetchRequest(version)));
        }
        assertThat(written).isEqualTo(44);
    }

    private static OffsetFetchRequest fetchRequest(int version) {
        if (version < 8) {
            OffsetFetchRequestTopic topic =
                    new OffsetFetchRequestTopic().setName("topic").setPartitionIndexes(List.of(0, 1));
            return new OffsetFetchRequest().setGroupId(GROUP).setTopics(List.of(topic));
        }
        OffsetFetchRequestTopics topic =
                new OffsetFetchRequestTopics().setName("topic").setPartitionIndexes(List.of(0, 1));
        return new OffsetFetchRequest()
                .setGroups(
                        List.of(new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(List.of(topic))));
    }

    private void write(int version, CompletionStage<? extends ApiMessage> answer) {
        ApiMessage response = fixture.done(answer);
        BufferWriter out = new BufferWriter();
        response.write(out, (short) version);
        BufferReader in = new BufferReader(out.toBuffer());
        response.read(in, (short) version);
        assertThat(in.remaining()).isZero();
        written++;
    }
}
