// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Kafka's own record classes of one release, in a class loader of its own, by reflection: the oracle of these tests.
 * The jars are in the directory that the system property {@code kaon.oracle.dir} names; without it the tests fail.
 */
final class KafkaRecords {
    private static final String RECORD_PACKAGE = "org.apache.kafka.common.record.";

    private final String version;
    private final ClassLoader loader;

    private KafkaRecords(String version, String... jars) {
        this.version = version;
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = jar(jars[i]);
        }
        this.loader = new KafkaFirst(urls);
    }

    static Stream<KafkaRecords> versions() {
        return Stream.of(older(), newer());
    }

    static KafkaRecords older() {
        return new KafkaRecords("3.9.1", "kafka-clients-3.");
    }

    static KafkaRecords newer() {
        return new KafkaRecords("4.4.0", "kafka-clients-4.", "kafka-storage-4.");
    }

    /** What the header of a batch is to say. */
    record Header(
            CompressionType compression,
            long baseOffset,
            long producerId,
            boolean isTransactional,
            long logAppendTime) {
        static Header of(CompressionType compression) {
            return new Header(compression, 0, -1, false, -1);
        }
    }

    /** A batch as Kafka's producers and brokers build it. */
    ByteBuffer build(Header header, List<Ingredients> records) {
        boolean stamped = header.logAppendTime() >= 0;
        Object timestampType = constant(
                type("org.apache.kafka.common.record.TimestampType"), stamped ? "LOG_APPEND_TIME" : "CREATE_TIME");
        boolean hasProducer = header.producerId() >= 0;
        Object builder = invoke(
                recordType("MemoryRecords"),
                null,
                "builder",
                ByteBuffer.allocate(1024),
                (byte) 2,
                compression(header.compression()),
                timestampType,
                header.baseOffset(),
                header.logAppendTime(),
                header.producerId(),
                (short) (hasProducer ? 3 : -1),
                hasProducer ? 17 : -1,
                header.isTransactional(),
                false,
                5);
        for (Ingredients record : records) {
            invoke(
                    builder.getClass(),
                    builder,
                    "append",
                    record.timestamp(),
                    wrap(record.key()),
                    wrap(record.value()),
                    headers(record));
        }
        return bufferOf(invoke(builder.getClass(), builder, "build"));
    }

    /** A message set of magic 0 or 1: single messages, or one wrapper. */
    ByteBuffer legacySet(int magic, CompressionType codec, long firstOffset, List<Ingredients> records) {
        Object builder = invoke(
                recordType("MemoryRecords"),
                null,
                "builder",
                ByteBuffer.allocate(1024),
                (byte) magic,
                compression(codec),
                constant(recordType("TimestampType"), "CREATE_TIME"),
                firstOffset,
                -1L);
        for (Ingredients record : records) {
            invoke(builder.getClass(), builder, "append", record.timestamp(), wrap(record.key()), wrap(record.value()));
        }
        return bufferOf(invoke(builder.getClass(), builder, "build"));
    }

    /** What Kafka's broker makes of stored batches for a Fetch 0–3. */
    ByteBuffer downConverted(ByteBuffer batches, int magic, long firstOffset) {
        Object memory = invoke(recordType("MemoryRecords"), null, "readableRecords", batches.duplicate());
        Object time = proxy(type("org.apache.kafka.common.utils.Time"), 0);
        Object converted = invoke(memory.getClass(), memory, "downConvert", (byte) magic, firstOffset, time);
        return bufferOf(call(converted.getClass(), converted, "records"));
    }

    /** The control batch that ends a transaction. */
    ByteBuffer endOfTransaction(long offset, ControlRecordType type, int coordinatorEpoch) {
        Object marker;
        try {
            marker = recordType("EndTransactionMarker")
                    .getConstructor(recordType("ControlRecordType"), int.class)
                    .newInstance(constant(recordType("ControlRecordType"), type.name()), coordinatorEpoch);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
        return bufferOf(invoke(
                recordType("MemoryRecords"),
                null,
                "withEndTransactionMarker",
                offset,
                1234L,
                9,
                77L,
                (short) 2,
                marker));
    }

    /** The records of all batches, each batch checked by Kafka. */
    List<PlainRecord> read(ByteBuffer batches) {
        List<PlainRecord> records = new ArrayList<>();
        for (Object batch : batches(batches)) {
            call(recordType("RecordBatch"), batch, "ensureValid");
            Iterator<?> iterator = ((Iterable<?>) batch).iterator();
            while (iterator.hasNext()) {
                records.add(plain(iterator.next()));
            }
        }
        return records;
    }

    /** A value of the first batch's header, by the name of Kafka's getter. */
    Object header(ByteBuffer batch, String getter) {
        return call(recordType("RecordBatch"), batches(batch).iterator().next(), getter);
    }

    /** The coordinator epoch that Kafka reads from the first record. */
    Object coordinatorEpoch(ByteBuffer batch) {
        Object record =
                ((Iterable<?>) batches(batch).iterator().next()).iterator().next();
        Class<?> marker = recordType("EndTransactionMarker");
        return call(marker, invoke(marker, null, "deserialize", record), "coordinatorEpoch");
    }

    /** What Kafka's broker answers to a produced record set: the simple name of an exception, or "accepted". */
    String answer(ByteBuffer records, int produceVersion, ValidationRules rules, long nowMs) {
        try {
            Object memory = invoke(recordType("MemoryRecords"), null, "readableRecords", records.duplicate());
            invokeChecked(
                    type("org.apache.kafka.common.requests.ProduceRequest"),
                    null,
                    "validateRecords",
                    (short) produceVersion,
                    memory);
            Object batch = batches(records).iterator().next();
            Class<?> batchType = recordType("RecordBatch");
            if ((int) invokeChecked(batchType, batch, "sizeInBytes") > rules.maxMessageBytes()) {
                return "RecordTooLargeException";
            }
            invokeChecked(batchType, batch, "ensureValid");
            if ((long) invokeChecked(batchType, batch, "baseOffset") != 0) {
                return "InvalidRecordException";
            }
            return validateInLog(memory, batch, rules, nowMs);
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getCause();
            return cause.getClass().getSimpleName();
        }
    }

    /** As the log of the partition's leader does it, after it has looked at the batch's size and CRC. */
    private String validateInLog(Object memory, Object batch, ValidationRules rules, long nowMs)
            throws InvocationTargetException {
        String storage = "org.apache.kafka.storage.internals.log.";
        Object sourceType = invokeChecked(recordType("RecordBatch"), batch, "compressionType");
        Class<?> timeType = type("org.apache.kafka.common.utils.Time");
        Object time = proxy(timeType, nowMs);
        Object validator;
        try {
            Object partition = type("org.apache.kafka.common.TopicPartition")
                    .getConstructor(String.class, int.class)
                    .newInstance("topic", 0);
            validator = Arrays.stream(type(storage + "LogValidator").getConstructors())
                    .filter(constructor -> constructor.getParameterCount() == 12)
                    .findFirst()
                    .orElseThrow()
                    .newInstance(
                            memory,
                            partition,
                            time,
                            sourceType,
                            compression(CompressionType.valueOf(
                                    sourceType.toString().toUpperCase(Locale.ROOT))),
                            rules.needsKeys(),
                            (byte) 2,
                            constant(
                                    type("org.apache.kafka.common.record.TimestampType"),
                                    rules.timestampType().name()),
                            rules.timestampBeforeMaxMs(),
                            rules.timestampAfterMaxMs(),
                            0,
                            constant(type(storage + "AppendOrigin"), "CLIENT"));
        } catch (InvocationTargetException failure) {
            throw failure;
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
        Object offset = invoke(type("org.apache.kafka.common.utils.internals.PrimitiveRef"), null, "ofLong", 0L);
        Object metrics = proxy(type(storage + "LogValidator$MetricsRecorder"), 0L);
        Object buffers = constantField(type("org.apache.kafka.common.utils.internals.BufferSupplier"), "NO_CACHING");
        try {
            invokeChecked(
                    validator.getClass(), validator, "validateMessagesAndAssignOffsets", offset, metrics, buffers);
            return "accepted";
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getCause();
            return cause.getClass().getSimpleName().equals("RecordValidationException")
                    ? call(cause.getClass(), cause, "invalidException")
                            .getClass()
                            .getSimpleName()
                    : cause.getClass().getSimpleName();
        }
    }

    @Override
    public String toString() {
        return "kafka-clients " + version;
    }

    private Iterable<?> batches(ByteBuffer buffer) {
        Object memory = invoke(recordType("MemoryRecords"), null, "readableRecords", buffer.duplicate());
        return (Iterable<?>) call(memory.getClass(), memory, "batches");
    }

    private PlainRecord plain(Object record) {
        Class<?> type = recordType("Record");
        List<String> headers = new ArrayList<>();
        Object array = call(type, record, "headers");
        Class<?> headerType = type("org.apache.kafka.common.header.Header");
        for (int i = 0; i < Array.getLength(array); i++) {
            Object header = Array.get(array, i);
            headers.add(PlainRecord.header(
                    (String) call(headerType, header, "key"), (byte[]) call(headerType, header, "value")));
        }
        return new PlainRecord(
                (long) call(type, record, "offset"),
                (long) call(type, record, "timestamp"),
                PlainRecord.hex(PlainRecord.bytes((ByteBuffer) call(type, record, "key"))),
                PlainRecord.hex(PlainRecord.bytes((ByteBuffer) call(type, record, "value"))),
                headers);
    }

    private Object headers(Ingredients record) {
        try {
            Class<?> headerType = type("org.apache.kafka.common.header.Header");
            Class<?> plainHeader = type("org.apache.kafka.common.header.internals.RecordHeader");
            int count = record.headerNames().size();
            Object array = Array.newInstance(headerType, count);
            for (int i = 0; i < count; i++) {
                Array.set(
                        array,
                        i,
                        plainHeader
                                .getConstructor(String.class, byte[].class)
                                .newInstance(
                                        record.headerNames().get(i),
                                        record.headerValues().get(i)));
            }
            return array;
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    private Object compression(CompressionType compression) {
        Class<?> type = type("org.apache.kafka.common.compress.Compression");
        Object builder = invoke(type, null, "of", compression.kafkaName());
        return call(type("org.apache.kafka.common.compress.Compression$Builder"), builder, "build");
    }

    private ByteBuffer bufferOf(Object memoryRecords) {
        ByteBuffer buffer = (ByteBuffer) call(memoryRecords.getClass(), memoryRecords, "buffer");
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    private Object proxy(Class<?> type, long milliseconds) {
        return Proxy.newProxyInstance(
                loader,
                new Class<?>[] {type},
                (self, method, arguments) -> method.getReturnType() == long.class ? milliseconds : null);
    }

    private Class<?> recordType(String name) {
        return type(RECORD_PACKAGE + (version.startsWith("3.") ? "" : "internal.") + name);
    }

    private Class<?> type(String name) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Object constant(Class<?> enumType, String name) {
        return constantField(enumType, name);
    }

    private static Object constantField(Class<?> type, String name) {
        try {
            return type.getField(name).get(null);
        } catch (ReflectiveOperationException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Object call(Class<?> type, Object target, String name) {
        return invoke(type, target, name);
    }

    private static Object invoke(Class<?> type, Object target, String name, Object... arguments) {
        try {
            return invokeChecked(type, target, name, arguments);
        } catch (InvocationTargetException failure) {
            throw new AssertionError(name + " failed", failure.getCause());
        }
    }

    private static Object invokeChecked(Class<?> type, Object target, String name, Object... arguments)
            throws InvocationTargetException {
        for (Method method : type.getMethods()) {
            if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments)) {
                try {
                    method.setAccessible(true);
                    return method.invoke(target, arguments);
                } catch (IllegalAccessException failure) {
                    throw new AssertionError(failure);
                }
            }
        }
        throw new AssertionError("no method " + name + " of " + type);
    }

    private static boolean fits(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            Class<?> boxed = MethodType.methodType(types[i]).wrap().returnType();
            boolean fits = arguments[i] == null ? types[i] == ByteBuffer.class : boxed.isInstance(arguments[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static URL jar(String prefix) {
        String directory = System.getProperty("kaon.oracle.dir");
        if (directory == null) {
            throw new AssertionError("set the system property kaon.oracle.dir to the directory of Kafka's jars");
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + prefix + "*.jar in " + directory))
                    .toUri()
                    .toURL();
        } catch (MalformedURLException failure) {
            throw new AssertionError(failure);
        } catch (IOException failure) {
            throw new AssertionError("reading " + directory + " failed", failure);
        }
    }

    /** Kafka's classes come from these jars, the codecs and slf4j from the tests' class path. */
    private static final class KafkaFirst extends URLClassLoader {
        KafkaFirst(URL[] jars) {
            super(jars, KafkaRecords.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.apache.kafka.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
