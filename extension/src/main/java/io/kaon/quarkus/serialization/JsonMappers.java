// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.serialization;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.quarkus.arc.InstanceHandle;

/** Kafka makes serializers itself, so they look the mapper up. */
final class JsonMappers {
    private JsonMappers() {}

    /** The mapper that the application configured, or a plain one where there is no application. */
    static ObjectMapper applicationMapper() {
        ArcContainer container = Arc.container();
        if (container == null) {
            return new ObjectMapper();
        }
        try (InstanceHandle<ObjectMapper> handle = container.instance(ObjectMapper.class)) {
            return handle.isAvailable() ? handle.get() : new ObjectMapper();
        }
    }
}
