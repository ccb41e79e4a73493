// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/**
 * What the members of a group want, counted.
 *
 * @param topics names that members subscribe to
 * @param regexes expressions that they subscribe by
 * @param assignors that they prefer
 */
record Wishes(Counts topics, Counts regexes, Counts assignors) {
    Wishes() {
        this(new Counts(), new Counts(), new Counts());
    }

    Wishes copy() {
        return new Wishes(topics.copy(), regexes.copy(), assignors.copy());
    }

    void add(MemberProfile member) {
        member.subscription().names().forEach(topics::add);
        if (member.subscription().hasRegex()) {
            regexes.add(member.subscription().regex());
        }
        if (!member.serverAssignor().isEmpty()) {
            assignors.add(member.serverAssignor());
        }
    }

    void remove(MemberProfile member) {
        member.subscription().names().forEach(topics::remove);
        if (member.subscription().hasRegex()) {
            regexes.remove(member.subscription().regex());
        }
        if (!member.serverAssignor().isEmpty()) {
            assignors.remove(member.serverAssignor());
        }
    }
}
