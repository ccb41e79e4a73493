// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import io.kaon.common.Uuid;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Finds where one of our messages and Kafka's of the same bytes say different things under the same name. The wire
 * alone would
 * not tell if two fields of one type had changed places. Names that only one side has are passed over.
 */
final class SameValues {
    private SameValues() {}

    /** Paths of the fields that differ; empty if all is well. */
    static List<String> differences(Message ours, Object theirs) {
        List<String> differences = new ArrayList<>();
        compare(ours.getClass().getSimpleName(), ours, theirs, differences);
        return differences;
    }

    private static void compareFields(String path, Message ours, Object theirs, List<String> differences) {
        for (Property property : Property.of(ours.getClass())) {
            for (Method method : theirs.getClass().getDeclaredMethods()) {
                if (method.getName().equals(property.name()) && method.getParameterCount() == 0) {
                    compare(
                            path + "." + property.name(),
                            property.get(ours),
                            Property.invoke(method, theirs),
                            differences);
                }
            }
        }
    }

    private static void compare(String path, Object ours, Object theirs, List<String> differences) {
        if (ours instanceof Message && theirs != null) {
            compareFields(path, (Message) ours, theirs, differences);
        } else if (ours instanceof List && theirs instanceof Collection) {
            compareLists(path, (List<?>) ours, new ArrayList<>((Collection<?>) theirs), differences);
        } else if (!plain(ours).equals(plain(theirs))) {
            differences.add(path + ": " + ours + " instead of " + theirs);
        }
    }

    private static void compareLists(String path, List<?> ours, List<?> theirs, List<String> differences) {
        if (ours.size() != theirs.size()) {
            differences.add(path + ": " + ours.size() + " elements instead of " + theirs.size());
            return;
        }
        for (int i = 0; i < ours.size(); i++) {
            compare(path + "[" + i + "]", ours.get(i), theirs.get(i), differences);
        }
    }

    private static Object plain(Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof byte[]) {
            return ByteBuffer.wrap((byte[]) value);
        } else if (value instanceof RecordBytes) {
            return ((RecordBytes) value).toBuffer();
        } else if (value instanceof Uuid || value.getClass().getSimpleName().equals("Uuid")) {
            return value.toString();
        } else if (value.getClass().getSimpleName().equals("MemoryRecords")) {
            return OracleMessage.call(value, "buffer");
        }
        return value;
    }
}
