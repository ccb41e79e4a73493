// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Which resources one request names, and which it names more than once: nothing is changed for those. */
final class Mentions {
    static final Optional<Rejected> REPEATED =
            ConfigAlteration.rejected(ErrorCode.INVALID_REQUEST, "The request names this resource more than once.");
    static final Optional<Rejected> UNKNOWN_TYPE =
            ConfigAlteration.rejected(ErrorCode.INVALID_REQUEST, "Resources of this type are unknown.");

    private final Set<Mention> once = new HashSet<>();
    private final Set<Mention> repeated = new HashSet<>();

    void add(byte type, String name) {
        Mention mention = new Mention(type, name);
        if (!once.add(mention)) {
            repeated.add(mention);
        }
    }

    boolean isRepeated(byte type, String name) {
        return repeated.contains(new Mention(type, name));
    }

    private record Mention(byte type, String name) {}
}
