// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One field of a generated class, seen through its getter and setter. */
record Property(String name, Method getter, Method setter) {
    private static final Map<Class<?>, List<Property>> CACHE = new ConcurrentHashMap<>();

    static List<Property> of(Class<?> type) {
        return CACHE.computeIfAbsent(type, Property::find);
    }

    private static List<Property> find(Class<?> type) {
        List<Property> found = new ArrayList<>();
        for (Method setter : type.getDeclaredMethods()) {
            if (setter.getName().startsWith("set") && setter.getParameterCount() == 1) {
                String name = setter.getName().substring(3, 4).toLowerCase(java.util.Locale.ROOT)
                        + setter.getName().substring(4);
                found.add(new Property(name, getter(type, name), setter));
            }
        }
        found.sort(Comparator.comparing(Property::name));
        return found;
    }

    private static Method getter(Class<?> type, String name) {
        try {
            return type.getDeclaredMethod(name);
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    Class<?> type() {
        return getter.getReturnType();
    }

    /** Of a list, what it holds. */
    Class<?> elementType() {
        Type element = ((ParameterizedType) getter.getGenericReturnType()).getActualTypeArguments()[0];
        return (Class<?>) element;
    }

    Object get(Object message) {
        return invoke(getter, message);
    }

    void set(Object message, Object value) {
        invoke(setter, message, value);
    }

    /** Calls a method that is known to be there; what it throws comes out as it is. */
    static Object invoke(Method method, Object target, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException) {
                throw (RuntimeException) e.getCause();
            }
            throw new AssertionError(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** A new instance of a generated class. */
    static Message create(Class<?> type) {
        try {
            return (Message) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
