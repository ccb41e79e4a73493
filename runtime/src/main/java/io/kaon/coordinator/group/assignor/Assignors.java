// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.List;
import java.util.Optional;

/** The assignors that the broker has, in Kafka's default order: the first one serves who asks for none. */
public final class Assignors {
    private static final List<Assignor> ALL = List.of(new UniformAssignor(), new RangeAssignor());

    private Assignors() {}

    public static List<Assignor> all() {
        return ALL;
    }

    public static Optional<Assignor> named(String name) {
        return ALL.stream().filter(assignor -> assignor.name().equals(name)).findFirst();
    }
}
