// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.SaslAuthenticateRequest;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What generated classes promise beside the bytes. */
class GeneratedMessageTest {
    @Test
    void shouldNotLoseFieldThatTheVersionLacks() {
        // Given
        JoinGroupRequest request = new JoinGroupRequest().setGroupInstanceId("static-1");

        // When / Then
        assertThatThrownBy(() -> request.write(new BufferWriter(), (short) 4))
                .isInstanceOf(UnsupportedFieldException.class)
                .hasMessage("JoinGroupRequest.groupInstanceId is set, but version 4 has no such field");
    }

    @Test
    void shouldDropIgnorableFieldThatTheVersionLacks() {
        // Given
        JoinGroupRequest request = new JoinGroupRequest().setRebalanceTimeoutMs(5000);

        // When
        JoinGroupRequest read = copy(request, (short) 0);

        // Then
        assertThat(read.rebalanceTimeoutMs()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseNullThatTheVersionCannotExpress() {
        // Given
        MetadataRequest request = new MetadataRequest().setTopics(null);

        // When / Then
        assertThat(copyOf(request, (short) 1).topics()).isNull();
        assertThatThrownBy(() -> request.write(new BufferWriter(), (short) 0))
                .isInstanceOf(UnsupportedFieldException.class)
                .hasMessage("MetadataRequest.topics is null, which version 0 cannot express");
    }

    @Test
    void shouldRefuseVersionsThatDoNotExist() {
        assertThatThrownBy(() -> new JoinGroupRequest().write(new BufferWriter(), (short) 99))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JoinGroupRequest has no version 99");
        assertThatThrownBy(() -> JoinGroupRequest.from(new BufferReader(ByteBuffer.allocate(9)), (short) -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldResetWhatTheVersionLacksWhenRead() {
        // Given
        byte[] old = RoundTrip.write(new OffsetCommitRequest().setGroupId("g"), (short) 0);
        OffsetCommitRequest used =
                new OffsetCommitRequest().setMemberId("somebody").setGroupInstanceId("else");

        // When
        used.read(new BufferReader(ByteBuffer.wrap(old)), (short) 0);

        // Then
        assertThat(used).isEqualTo(new OffsetCommitRequest().setGroupId("g"));
    }

    @Test
    void shouldStartWithTheDefaultsOfTheDefinitions() {
        assertThat(new OffsetCommitRequest().generationIdOrMemberEpoch()).isEqualTo(-1);
        assertThat(new FetchResponse().responses()).isEmpty();
        assertThat(new ApiVersionsResponse().finalizedFeaturesEpoch()).isEqualTo(-1);
    }

    @Test
    void shouldNotRevealBytesInText() {
        // When
        String text =
                new SaslAuthenticateRequest().setAuthBytes(new byte[] {1, 2, 3}).toString();

        // Then
        assertThat(text).isEqualTo("SaslAuthenticateRequest(authBytes=bytes[3])");
    }

    @Test
    void shouldBeEqualByContent() {
        // Given
        FetchResponse one = response(new byte[] {1, 2});
        FetchResponse same = response(new byte[] {1, 2});
        FetchResponse other = response(new byte[] {1, 3});

        // When / Then
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
    }

    private static FetchResponse response(byte[] records) {
        FetchResponse.PartitionData partition =
                new FetchResponse.PartitionData().setRecords(new BufferRecords(ByteBuffer.wrap(records)));
        return new FetchResponse()
                .setResponses(List.of(new FetchResponse.FetchableTopicResponse().setPartitions(List.of(partition))));
    }

    private static JoinGroupRequest copy(JoinGroupRequest message, short version) {
        return JoinGroupRequest.from(new BufferReader(ByteBuffer.wrap(RoundTrip.write(message, version))), version);
    }

    private static MetadataRequest copyOf(MetadataRequest message, short version) {
        return MetadataRequest.from(new BufferReader(ByteBuffer.wrap(RoundTrip.write(message, version))), version);
    }
}
