// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import io.kaon.common.ErrorCode;
import java.util.List;

/** What DescribeConfigs says about one resource. */
public sealed interface ConfigDescription {
    /** Its settings, in the order of their names. */
    record Described(List<ConfigEntry> entries) implements ConfigDescription {
        public Described {
            entries = List.copyOf(entries);
        }
    }

    /** Why there is nothing to say. */
    record Refused(ErrorCode code, String message) implements ConfigDescription {}
}
