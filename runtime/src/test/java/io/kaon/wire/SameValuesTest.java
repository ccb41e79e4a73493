// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.message.HeartbeatRequest;
import org.junit.jupiter.api.Test;

class SameValuesTest {
    @Test
    void shouldNoticeFieldsThatChangedPlaces() {
        // Given
        HeartbeatRequest request = new HeartbeatRequest().setGroupId("group").setMemberId("member");
        HeartbeatRequest swapped = new HeartbeatRequest().setGroupId("member").setMemberId("group");
        OracleMessage theirs =
                Oracle.NEWER.message("HeartbeatRequestData").read(RoundTrip.write(swapped, (short) 4), (short) 4);

        // When / Then
        assertThat(SameValues.differences(request, theirs.message()))
                .containsExactly(
                        "HeartbeatRequest.groupId: group instead of member",
                        "HeartbeatRequest.memberId: member instead of group");
        assertThat(SameValues.differences(swapped, theirs.message())).isEmpty();
    }
}
