// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

/**
 * A member of a stored generation. The arrays are shared and never changed.
 *
 * @param memberId the coordinator's name for it
 * @param instanceId {@code group.instance.id} of a static member, empty for a dynamic one
 * @param client whom people see
 * @param timeouts its session and rebalance timeouts
 * @param subscription its metadata under the generation's protocol
 * @param assignment what the leader gave it
 */
record StoredMember(
        String memberId,
        String instanceId,
        ClientIdentity client,
        MemberTimeouts timeouts,
        byte[] subscription,
        byte[] assignment) {}
