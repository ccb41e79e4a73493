// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.Uuid;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.Message;
import io.kaon.wire.message.ApiKey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

/** Requests with one element in every array, made from the setters of the generated classes. */
public final class SampleMessages {
    private SampleMessages() {}

    /** A request of that api with defaults everywhere and one element in each array. */
    public static ApiMessage request(ApiKey api) {
        ApiMessage request = api.newRequest();
        fill(request);
        return request;
    }

    /** All error codes in a message, at any depth. */
    public static List<Short> errorCodes(Object message) {
        List<Short> codes = new ArrayList<>();
        for (Method method : message.getClass().getMethods()) {
            if (method.getParameterCount() > 0 || method.getDeclaringClass() == Object.class) {
                continue;
            }
            String name = method.getName();
            if (name.equals("errorCode") || name.equals("partitionErrorCode")) {
                codes.add((Short) call(message, method));
            } else if (method.getReturnType() == List.class) {
                List<?> elements = (List<?>) call(message, method);
                if (elements != null) {
                    elements.stream().filter(Message.class::isInstance).forEach(it -> codes.addAll(errorCodes(it)));
                }
            }
        }
        return codes;
    }

    private static void fill(Message message) {
        for (Method method : message.getClass().getMethods()) {
            if (method.getName().startsWith("set")
                    && method.getParameterCount() == 1
                    && method.getParameterTypes()[0] == List.class) {
                Type element = ((ParameterizedType) method.getGenericParameterTypes()[0]).getActualTypeArguments()[0];
                call(message, method, new ArrayList<>(List.of(sample((Class<?>) element))));
            }
        }
    }

    private static Object sample(Class<?> type) {
        if (type == String.class) {
            return "x";
        }
        if (type == Integer.class) {
            return 0;
        }
        if (type == Long.class) {
            return 0L;
        }
        if (type == Byte.class) {
            return (byte) 0;
        }
        if (type == Uuid.class) {
            return new Uuid(1, 2);
        }
        if (Message.class.isAssignableFrom(type)) {
            try {
                Message message = (Message) type.getConstructor().newInstance();
                fill(message);
                return message;
            } catch (ReflectiveOperationException impossible) {
                throw new AssertionError(impossible);
            }
        }
        throw new AssertionError("no sample of " + type);
    }

    private static Object call(Object target, Method method, Object... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
