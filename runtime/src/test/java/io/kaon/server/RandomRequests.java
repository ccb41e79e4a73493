// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.Uuid;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.Message;
import io.kaon.wire.RecordBytes;
import io.kaon.wire.UnsupportedFieldException;
import io.kaon.wire.message.ApiKey;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Requests that are valid frames with senseless content: a client could have sent them. */
public final class RandomRequests {
    private static final int TRIES = 30;
    private static final int MAX_ELEMENTS = 3;
    private static final int MAX_BYTES = 80;
    private static final long[] NUMBERS = {-3, -2, -1, 0, 0, 0, 1, 1, 2, 7, 127, Long.MIN_VALUE, Long.MAX_VALUE};

    private final Random random;
    private final List<String> names;
    private final List<Uuid> ids;

    /**
     * @param names texts that mean something to the broker, used now and then
     * @param ids ids of topics that exist
     */
    public RandomRequests(long seed, List<String> names, List<Uuid> ids) {
        this.random = new Random(seed);
        this.names = names;
        this.ids = ids;
    }

    /** A request as it comes out of the decoder; empty when no try could be written in that version. */
    public Optional<ApiMessage> next(ApiKey api, short version) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            ApiMessage request = api.newRequest();
            fill(request, TRIES - attempt);
            try {
                BufferWriter out = new BufferWriter();
                request.write(out, version);
                ApiMessage decoded = api.newRequest();
                decoded.read(new BufferReader(out.toBuffer()), version);
                return Optional.of(decoded);
            } catch (UnsupportedFieldException tryAgain) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** The later the try, the more fields keep their defaults, which every version can write. */
    private void fill(Message message, int percent) {
        for (Method method : message.getClass().getMethods()) {
            boolean isSetter = method.getName().startsWith("set") && method.getParameterCount() == 1;
            if (isSetter && random.nextInt(TRIES) < percent) {
                try {
                    method.invoke(message, value(method.getGenericParameterTypes()[0], percent));
                } catch (ReflectiveOperationException impossible) {
                    throw new AssertionError(impossible);
                }
            }
        }
    }

    private Object value(Type type, int percent) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType list) {
            List<Object> elements = new ArrayList<>();
            for (int count = random.nextInt(MAX_ELEMENTS + 1); count > 0; count--) {
                Object element = value(list.getActualTypeArguments()[0], percent);
                elements.add(element == null ? "" : element); // no array has null elements
            }
            return random.nextInt(20) == 0 ? null : elements;
        }
        Class<?> plain = (Class<?>) type;
        if (Message.class.isAssignableFrom(plain)) {
            Message message = (Message) plain.getConstructor().newInstance();
            fill(message, percent);
            return message;
        }
        return plain(plain);
    }

    private Object plain(Class<?> type) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        if (type == String.class) {
            return random.nextInt(10) == 0 ? null : names.get(random.nextInt(names.size()));
        }
        if (type == int.class || type == Integer.class) {
            return (int) number;
        }
        if (type == short.class || type == Short.class) {
            return (short) number;
        }
        if (type == byte.class || type == Byte.class) {
            return (byte) number;
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == Uuid.class) {
            return random.nextBoolean() ? ids.get(random.nextInt(ids.size())) : new Uuid(number, number);
        }
        if (type == byte[].class) {
            return bytes();
        }
        if (type == RecordBytes.class) {
            return random.nextInt(5) == 0 ? null : new BufferRecords(ByteBuffer.wrap(bytes()));
        }
        return number;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(MAX_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }
}
