// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UniformAssignorTest {
    private static final Uuid ORDERS = new Uuid(1, 1);
    private static final Uuid BILLS = new Uuid(2, 2);

    private final Assignor assignor = new UniformAssignor();

    @Test
    void shouldBeFoundUnderKafkasName() {
        // When
        Assignor found = Assignors.named("uniform").orElseThrow();

        // Then
        assertThat(found).isInstanceOf(UniformAssignor.class);
        assertThat(Assignors.named("sticky")).isEmpty();
    }

    @Test
    void shouldSpreadEachTopicOverTheMembers() {
        // Given
        AssignorInput input = input(Map.of(ORDERS, 4, BILLS, 4), member("a"), member("b"));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").partitions(ORDERS)).isEqualTo(PartitionSet.of(0, 2));
        assertThat(targets.get("a").partitions(BILLS)).isEqualTo(PartitionSet.of(0, 2));
        assertThat(targets.get("b").partitionCount()).isEqualTo(4);
    }

    @Test
    void shouldLeaveMembersWithoutPartitionsWhenThereAreTooFew() {
        // Given
        AssignorInput input = input(Map.of(ORDERS, 1), member("a"), member("b"), member("c"));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets).hasSize(3);
        assertThat(targets.values()).filteredOn(Assignment::isEmpty).hasSize(2);
    }

    @Test
    void shouldAssignNothingToAGroupWithoutMembersOrTopics() {
        // When
        Map<String, Assignment> nobody = assignor.assign(input(Map.of(ORDERS, 3)));
        Map<String, Assignment> nothing = assignor.assign(input(Map.of(), member("a")));

        // Then
        assertThat(nobody).isEmpty();
        assertThat(nothing).containsExactly(Map.entry("a", Assignment.EMPTY));
    }

    @Test
    void shouldKeepTheFirstClaimWhenTwoTargetsNameOnePartition() {
        // Given
        Assignment both = new Assignment(Map.of(ORDERS, PartitionSet.of(0, 1)));
        AssignorInput input = input(
                Map.of(ORDERS, 2),
                new AssignorMember("a", "", "", Set.of(ORDERS), both),
                new AssignorMember("b", "", "", Set.of(ORDERS), both));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.values()).extracting(Assignment::partitionCount).containsExactly(1, 1);
    }

    @Test
    void shouldDropWhatNoLongerExistsFromATarget() {
        // Given
        Assignment stale = new Assignment(Map.of(ORDERS, PartitionSet.of(0, 7), BILLS, PartitionSet.of(0)));
        AssignorInput input = input(Map.of(ORDERS, 2), new AssignorMember("a", "", "", Set.of(ORDERS, BILLS), stale));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").topics()).isEqualTo(Map.of(ORDERS, PartitionSet.of(0, 1)));
    }

    @Test
    void shouldGiveTheTopicThatOnlyOneReadsToItAndTheRestToTheOther() {
        // Given
        AssignorInput input = input(
                Map.of(ORDERS, 2, BILLS, 2),
                new AssignorMember("a", "", "", Set.of(ORDERS, BILLS), Assignment.EMPTY),
                new AssignorMember("b", "", "", Set.of(ORDERS), Assignment.EMPTY));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").topics()).isEqualTo(Map.of(BILLS, PartitionSet.of(0, 1)));
        assertThat(targets.get("b").topics()).isEqualTo(Map.of(ORDERS, PartitionSet.of(0, 1)));
    }

    @Test
    void shouldPreferMembersInARackOfThePartition() {
        // Given
        PartitionRacks racks = partition -> Set.of(partition < 2 ? "north" : "south");
        AssignorInput input = new AssignorInput(
                List.of(
                        new AssignorMember("a", "", "south", Set.of(ORDERS), Assignment.EMPTY),
                        new AssignorMember("b", "", "north", Set.of(ORDERS), Assignment.EMPTY)),
                Map.of(ORDERS, new AssignorTopic(ORDERS, 4, racks)));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").partitions(ORDERS)).isEqualTo(PartitionSet.of(2, 3));
        assertThat(targets.get("b").partitions(ORDERS)).isEqualTo(PartitionSet.of(0, 1));
    }

    @Test
    void shouldGiveUpPartitionsOfOtherRacksFirst() {
        // Given
        PartitionRacks racks = partition -> Set.of(partition < 2 ? "north" : "south");
        Assignment all = new Assignment(Map.of(ORDERS, PartitionSet.range(0, 4)));
        AssignorInput input = new AssignorInput(
                List.of(
                        new AssignorMember("a", "", "south", Set.of(ORDERS), all),
                        new AssignorMember("b", "", "", Set.of(ORDERS), Assignment.EMPTY)),
                Map.of(ORDERS, new AssignorTopic(ORDERS, 4, racks)));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("a").partitions(ORDERS)).isEqualTo(PartitionSet.of(2, 3));
    }

    @Test
    void shouldGiveUpPartitionsOfAllTopicsAlike() {
        // Given
        Assignment all = new Assignment(Map.of(ORDERS, PartitionSet.range(0, 4), BILLS, PartitionSet.range(0, 4)));
        AssignorInput input = input(
                Map.of(ORDERS, 4, BILLS, 4), new AssignorMember("a", "", "", Set.of(ORDERS, BILLS), all), member("b"));

        // When
        Map<String, Assignment> targets = assignor.assign(input);

        // Then
        assertThat(targets.get("b").partitions(ORDERS)).isEqualTo(PartitionSet.of(2, 3));
        assertThat(targets.get("b").partitions(BILLS)).isEqualTo(PartitionSet.of(2, 3));
    }

    private static AssignorMember member(String id) {
        return new AssignorMember(id, "", "", Set.of(ORDERS, BILLS), Assignment.EMPTY);
    }

    private static AssignorInput input(Map<Uuid, Integer> topics, AssignorMember... members) {
        Map<Uuid, AssignorTopic> described = new HashMap<>();
        topics.forEach((id, count) -> described.put(id, new AssignorTopic(id, count)));
        return new AssignorInput(new ArrayList<>(List.of(members)), described);
    }
}
