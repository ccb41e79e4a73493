// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A message of Kafka's own codec, through reflection. */
final class OracleMessage {
    private static final String PROTOCOL = "org.apache.kafka.common.protocol.";
    private static final Set<String> NO_FIELDS = Set.of("unknownTaggedFields", "duplicate");
    private static final int UNKNOWN_TAG = 9_000;

    private final ClassLoader loader;
    private final Object message;

    OracleMessage(ClassLoader loader, Class<?> type) {
        this.loader = loader;
        this.message = construct(type);
    }

    /** Kafka's object. */
    Object message() {
        return message;
    }

    boolean hasVersion(short version) {
        return version >= (short) call(message, "lowestSupportedVersion")
                && version <= (short) call(message, "highestSupportedVersion");
    }

    /** Reads the bytes, all of which it must need. */
    OracleMessage read(byte[] bytes, short version) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Object readable = construct(type(PROTOCOL + "ByteBufferAccessor"), buffer);
        Property.invoke(method(message.getClass(), "read", 2), message, readable, version);
        if (buffer.hasRemaining()) {
            throw new AssertionError(buffer.remaining() + " bytes not read by the oracle");
        }
        return this;
    }

    byte[] write(short version) {
        Object cache = construct(type(PROTOCOL + "ObjectSerializationCache"));
        int size = (int) Property.invoke(method(message.getClass(), "size", 2), message, cache, version);
        ByteBuffer buffer = ByteBuffer.allocate(size);
        Object writable = construct(type(PROTOCOL + "ByteBufferAccessor"), buffer);
        Property.invoke(method(message.getClass(), "write", 3), message, writable, cache, version);
        if (buffer.hasRemaining()) {
            throw new AssertionError("the oracle wrote less than it said");
        }
        return buffer.array();
    }

    /**
     * Adds tagged fields that nobody knows to this message and everything in it but structures left at their default,
     * which
     * the version may not have. Only for flexible versions.
     */
    OracleMessage addUnknownTags() {
        addUnknownTags(message);
        return this;
    }

    private void addUnknownTags(Object target) {
        for (Method getter : target.getClass().getDeclaredMethods()) {
            if (getter.getParameterCount() != 0 || NO_FIELDS.contains(getter.getName())) {
                continue;
            }
            Object value =
                    isMessage(getter.getReturnType()) || Collection.class.isAssignableFrom(getter.getReturnType())
                            ? Property.invoke(getter, target)
                            : null;
            if (value instanceof Collection) {
                ((Collection<?>) value)
                        .stream()
                                .filter(element -> isMessage(element.getClass()))
                                .forEach(this::addUnknownTags);
            } else if (value != null && !value.equals(construct(value.getClass()))) {
                addUnknownTags(value);
            }
        }
        @SuppressWarnings("unchecked")
        List<Object> tags = (List<Object>) call(target, "unknownTaggedFields");
        tags.add(construct(type(PROTOCOL + "types.RawTaggedField"), UNKNOWN_TAG, new byte[] {1, 2, 3}));
        tags.add(construct(type(PROTOCOL + "types.RawTaggedField"), UNKNOWN_TAG + 1, new byte[0]));
    }

    private boolean isMessage(Class<?> candidate) {
        return type(PROTOCOL + "Message").isAssignableFrom(candidate);
    }

    private Class<?> type(String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Object construct(Class<?> type, Object... arguments) {
        for (Constructor<?> constructor : type.getConstructors()) {
            if (constructor.getParameterCount() == arguments.length) {
                try {
                    return constructor.newInstance(arguments);
                } catch (ReflectiveOperationException e) {
                    throw new AssertionError(e);
                }
            }
        }
        throw new AssertionError("no such constructor of " + type);
    }

    static Object call(Object target, String name) {
        return Property.invoke(method(target.getClass(), name, 0), target);
    }

    private static Method method(Class<?> type, String name, int parameters) {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == parameters && !method.isBridge()) {
                return method;
            }
        }
        throw new AssertionError("no method " + name + " in " + type);
    }
}
