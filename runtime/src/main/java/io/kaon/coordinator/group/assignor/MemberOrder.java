// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Comparator;

/** Static members by their instance, so that a restart does not move them; then the others by their id. */
final class MemberOrder {
    static final Comparator<AssignorMember> STATIC_FIRST = Comparator.comparing((AssignorMember it) -> !it.isStatic())
            .thenComparing(AssignorMember::instanceId)
            .thenComparing(AssignorMember::memberId);

    private MemberOrder() {}
}
