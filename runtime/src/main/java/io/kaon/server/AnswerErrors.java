// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.Message;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The error codes in a response, wherever its api has them: at the top, for each topic, for each partition. They are
 * found by the names of the generated getters, once for each class. Any thread.
 */
final class AnswerErrors {
    private static final String ERROR_CODE = "errorcode";
    private static final ClassValue<Getters> GETTERS = new ClassValue<>() {
        @Override
        protected Getters computeValue(Class<?> type) {
            return Getters.of(type);
        }
    };

    /** Made with the first error: most answers have none, and each is looked through. */
    private Map<ErrorCode, Integer> counts = Map.of();

    private AnswerErrors() {}

    /** How often each error is in the response; empty when nothing failed. */
    static Map<ErrorCode, Integer> of(Message response) {
        AnswerErrors errors = new AnswerErrors();
        errors.collect(response);
        return errors.counts;
    }

    private void count(ErrorCode error) {
        if (counts.isEmpty()) {
            counts = new EnumMap<>(ErrorCode.class);
        }
        counts.merge(error, 1, Integer::sum);
    }

    private void collect(Message message) {
        Getters getters = GETTERS.get(message.getClass());
        for (MethodHandle code : getters.codes()) {
            ErrorCode error = ErrorCode.of((short) valueOf(code, message));
            if (error != ErrorCode.NONE) {
                count(error);
            }
        }
        for (MethodHandle part : getters.parts()) {
            Object value = valueOf(part, message);
            if (value instanceof Message one) {
                collect(one);
            } else if (value instanceof Iterable<?> several) {
                several.forEach(element -> {
                    if (element instanceof Message one) {
                        collect(one);
                    }
                });
            }
        }
    }

    private static Object valueOf(MethodHandle getter, Message message) {
        try {
            return getter.invoke(message);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) { // No getter declares one.
            throw new IllegalStateException(checked);
        }
    }

    /**
     * @param codes what returns an error code
     * @param parts what returns a structure or a list
     */
    private record Getters(List<MethodHandle> codes, List<MethodHandle> parts) {
        static Getters of(Class<?> type) {
            List<MethodHandle> codes = new ArrayList<>();
            List<MethodHandle> parts = new ArrayList<>();
            for (Method method : type.getDeclaredMethods()) {
                if (method.getParameterCount() > 0 || method.isSynthetic()) {
                    continue;
                }
                Class<?> result = method.getReturnType();
                if (result == short.class
                        && method.getName().toLowerCase(Locale.ROOT).endsWith(ERROR_CODE)) {
                    codes.add(handle(method));
                } else if (Message.class.isAssignableFrom(result) || Iterable.class.isAssignableFrom(result)) {
                    parts.add(handle(method));
                }
            }
            return new Getters(List.copyOf(codes), List.copyOf(parts));
        }

        private static MethodHandle handle(Method method) {
            try {
                return MethodHandles.publicLookup().unreflect(method);
            } catch (IllegalAccessException notPublic) {
                throw new IllegalStateException(notPublic);
            }
        }
    }
}
