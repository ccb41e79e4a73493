// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.common.Checks.require;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code group.consumer.migration.policy}: between which protocols a group may be moved while it has members (KIP-848).
 * A group without members may always be taken over by the other protocol.
 */
public enum MigrationPolicy {
    DISABLED(false, false),
    /** From the classic protocol to the consumer protocol. */
    UPGRADE(true, false),
    /** From the consumer protocol to the classic protocol, when only members that speak that one are left. */
    DOWNGRADE(false, true),
    BIDIRECTIONAL(true, true);

    private final boolean upgrades;
    private final boolean downgrades;

    MigrationPolicy(boolean upgrades, boolean downgrades) {
        this.upgrades = upgrades;
        this.downgrades = downgrades;
    }

    public boolean upgrades() {
        return upgrades;
    }

    public boolean downgrades() {
        return downgrades;
    }

    /**
     * By the value of the setting, in any case.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    public static MigrationPolicy of(String value) {
        Optional<MigrationPolicy> known = Arrays.stream(values())
                .filter(policy -> policy.name().equals(value.toUpperCase(Locale.ROOT)))
                .findFirst();
        require(
                known.isPresent(),
                "group.consumer.migration.policy must be one of %s, was %s",
                Arrays.toString(values()),
                value);
        return known.get();
    }
}
