// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

/**
 * Where a classic group stands. Each case offers only the steps that are legal from it.
 *
 * <pre>
 *            join                    all joined, or time is up
 *  Empty ──────────▶ PreparingRebalance ──────────────────────▶ CompletingRebalance
 *    │ ◀──────────────────┘  ▲      ▲                             │        │
 *    │      nobody left      │      └── join, leave, expiry ──────┘        │ the leader's assignment is committed
 *    ▼ deleted, expired      └────────────── join, leave, expiry ── Stable ◀┘
 *  Dead
 * </pre>
 */
sealed interface GroupPhase {
    /** As Kafka's tools print it. */
    String kafkaName();

    /** The phases in which a rebalance may begin. */
    sealed interface Rebalanceable extends GroupPhase {
        PreparingRebalance prepare();
    }

    /** A generation has been formed: members have joined and wait for, or have, their assignment. */
    sealed interface Formed extends Rebalanceable {
        @Override
        default PreparingRebalance prepare() {
            return new PreparingRebalance(false, false);
        }
    }

    /** No members; there may be offsets. */
    record Empty() implements Rebalanceable {
        @Override
        public String kafkaName() {
            return "Empty";
        }

        @Override
        public PreparingRebalance prepare() {
            return new PreparingRebalance(true, false);
        }

        Dead die() {
            return new Dead();
        }
    }

    /**
     * Members are called to join.
     *
     * @param initial the group was empty: it waits a while for more members even if all present ones have joined
     * @param newMember somebody has come since the wait was last extended
     */
    record PreparingRebalance(boolean initial, boolean newMember) implements GroupPhase {
        @Override
        public String kafkaName() {
            return "PreparingRebalance";
        }

        PreparingRebalance withNewMember(boolean present) {
            return new PreparingRebalance(initial, present);
        }

        CompletingRebalance form() {
            return new CompletingRebalance();
        }

        Empty abandon() {
            return new Empty();
        }
    }

    /** The leader computes the assignment, or it is being written. */
    record CompletingRebalance() implements Formed {
        @Override
        public String kafkaName() {
            return "CompletingRebalance";
        }

        Stable stabilize() {
            return new Stable();
        }
    }

    /** Everybody can have the assignment. */
    record Stable() implements Formed {
        @Override
        public String kafkaName() {
            return "Stable";
        }
    }

    /** Removed. What is left of it answers nobody. */
    record Dead() implements GroupPhase {
        static final String NAME = "Dead";

        @Override
        public String kafkaName() {
            return NAME;
        }
    }
}
