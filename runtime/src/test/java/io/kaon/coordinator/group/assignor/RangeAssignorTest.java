// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RangeAssignorTest {
    private static final Uuid ORDERS = new Uuid(1, 1);
    private static final Uuid BILLS = new Uuid(2, 2);
    private static final Map<Uuid, AssignorTopic> TOPICS =
            Map.of(ORDERS, new AssignorTopic(ORDERS, 5), BILLS, new AssignorTopic(BILLS, 5));

    private final Assignor assignor = new RangeAssignor();

    @Test
    void shouldCutTopicsOfOneSizeAlike() {
        // Given
        AssignorInput input = new AssignorInput(List.of(member("b", ""), member("a", "")), TOPICS);

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        PartitionSet first = PartitionSet.of(0, 1, 2);
        assertThat(targets.get("a").topics()).isEqualTo(Map.of(ORDERS, first, BILLS, first));
        PartitionSet second = PartitionSet.of(3, 4);
        assertThat(targets.get("b").topics()).isEqualTo(Map.of(ORDERS, second, BILLS, second));
    }

    @Test
    void shouldCutATopicAmongItsSubscribersOnly() {
        // Given
        AssignorMember other = new AssignorMember("b", "", "", Set.of(BILLS), Assignment.EMPTY);
        AssignorInput input = new AssignorInput(List.of(member("a", ""), other), TOPICS);

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").partitions(ORDERS)).isEqualTo(PartitionSet.range(0, 5));
        assertThat(targets.get("a").partitions(BILLS)).isEqualTo(PartitionSet.of(0, 1, 2));
        assertThat(targets.get("b").topics()).isEqualTo(Map.of(BILLS, PartitionSet.of(3, 4)));
    }

    @Test
    void shouldKeepTheRowsOfAStaticMemberThatComesBackUnderAnotherId() {
        // Given
        AssignorInput before =
                new AssignorInput(List.of(member("x", "one"), member("y", "two"), member("m", "")), TOPICS);
        AssignorInput after =
                new AssignorInput(List.of(member("z", "one"), member("y", "two"), member("m", "")), TOPICS);

        // When
        Map<String, Assignment> first = assignor.assign(before);
        Map<String, Assignment> second = assignor.assign(after);

        // Then
        assertThat(second.get("z")).isEqualTo(first.get("x"));
        assertThat(second.get("y")).isEqualTo(first.get("y"));
        assertThat(second.get("m")).isEqualTo(first.get("m"));
    }

    @Test
    void shouldGiveTheLastMembersNothingWhenPartitionsAreTooFew() {
        // Given
        AssignorInput input = new AssignorInput(
                List.of(member("a", ""), member("b", "")), Map.of(ORDERS, new AssignorTopic(ORDERS, 1)));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").partitionCount()).isEqualTo(1);
        assertThat(targets.get("b").isEmpty()).isTrue();
    }

    private static AssignorMember member(String id, String instance) {
        return new AssignorMember(id, instance, "", Set.of(ORDERS, BILLS), Assignment.EMPTY);
    }
}
