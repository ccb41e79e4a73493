// SPDX-License-Identifier: Apache-2.0
package io.kaon.wire;

import io.kaon.common.Uuid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Fills generated messages with whatever their version can express. */
final class RandomMessages {
    private static final int MAX_ELEMENTS = 3;
    private static final int MAX_LENGTH = 12;
    private static final int LONG_LENGTH = 300;
    private static final String[] LETTERS = {"a", "Z", "0", "-", "é", "ß", "日", "\uD83D\uDE00", "\u0000"};

    private final Random random;

    RandomMessages(long seed) {
        random = new Random(seed);
    }

    /** Sets every field that the version has, null where it may be; leaves the others at their default. */
    <T extends Message> T fill(T message, short version) {
        List<Property> properties = Property.of(message.getClass());
        for (Property property : properties) {
            property.set(message, random.nextInt(5) == 0 ? nullOr(property, version) : value(property, version));
        }
        for (int attempt = 0; attempt <= 2 * properties.size(); attempt++) {
            try {
                message.write(new BufferWriter(), version);
                return message;
            } catch (UnsupportedFieldException e) {
                mend(message, e.field(), version);
            }
        }
        throw new AssertionError("no way to fill " + message.getClass() + " version " + version);
    }

    /**
     * A null that the version refuses becomes a value; a value that the version has no field for becomes the default.
     */
    private void mend(Message message, String field, short version) {
        Property property = Property.of(message.getClass()).stream()
                .filter(candidate -> candidate.name().equals(field))
                .findFirst()
                .orElseThrow();
        Object value = property.get(message);
        property.set(
                message, value == null ? value(property, version) : property.get(Property.create(message.getClass())));
    }

    private Object nullOr(Property property, short version) {
        return property.type().isPrimitive() || property.type() == Uuid.class ? value(property, version) : null;
    }

    private Object value(Property property, short version) {
        if (property.type() != List.class) {
            return value(property.type(), isUnsigned(property), version);
        }
        List<Object> elements = new ArrayList<>();
        int count = random.nextInt(MAX_ELEMENTS + 1);
        for (int i = 0; i < count; i++) {
            elements.add(value(property.elementType(), false, version));
        }
        return elements;
    }

    private Object value(Class<?> type, boolean unsigned, short version) {
        if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == byte.class || type == Byte.class) {
            return (byte) random.nextInt();
        } else if (type == short.class || type == Short.class) {
            return (short) random.nextInt();
        } else if (type == int.class || type == Integer.class) {
            return unsigned ? random.nextInt(1 << 16) : random.nextInt();
        } else if (type == long.class || type == Long.class) {
            return unsigned ? Integer.toUnsignedLong(random.nextInt()) : random.nextLong();
        } else if (type == double.class || type == Double.class) {
            return random.nextDouble();
        } else if (type == Uuid.class) {
            return new Uuid(random.nextLong(), random.nextLong());
        } else if (type == String.class) {
            return text();
        } else if (type == byte[].class) {
            return bytes();
        } else if (type == RecordBytes.class) {
            return new BufferRecords(ByteBuffer.wrap(bytes()));
        }
        return fill(Property.create(type), version);
    }

    /** The setters of unsigned fields refuse what does not fit. */
    private static boolean isUnsigned(Property property) {
        if (property.type() != int.class && property.type() != long.class) {
            return false;
        }
        try {
            property.set(
                    Property.create(property.getter().getDeclaringClass()),
                    property.type() == int.class ? (Object) (-1) : (Object) (-1L));
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = length();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return text.toString();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[length()];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Mostly short, sometimes long enough for a second varint byte. */
    private int length() {
        return random.nextInt(10) == 0 ? LONG_LENGTH : random.nextInt(MAX_LENGTH);
    }
}
