// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.admin.records.RecordsFixture.await;
import static io.kaon.admin.records.RecordsFixture.bytes;
import static io.kaon.admin.records.RecordsFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.admin.AdminException;
import io.kaon.admin.records.RecordPage.Order;
import io.kaon.common.ErrorCode;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordHeader;
import io.kaon.record.TimestampType;
import io.kaon.record.codec.StandardCodecs;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages of records of a real broker in this JVM. Each test has a topic of its own. */
final class RecordPagesTest {
    private static RecordsFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new RecordsFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    @Test
    void shouldShowTheNewestRecordsFirstAndGoBackToTheOldest() {
        // Given
        fixture.topic("newest", 1);
        fixture.writeNumbered("newest", 0, 0, 1234);

        // When
        RecordPage page = fixture.page(PageQuery.of("newest"));

        // Then
        assertThat(page.order()).isEqualTo(Order.NEWEST_FIRST);
        assertThat(values(page)).hasSize(50).startsWith("v1233", "v1232").endsWith("v1184");
        assertThat(page.newer()).isEmpty();
        assertThat(page.isComplete()).isTrue();
        assertThat(everyOlder(PageQuery.of("newest").limit(500), page)).isEqualTo(numbered(1233, 0));
    }

    @Test
    void shouldGoFromTheOldestToTheNewestRecordAndBack() {
        // Given
        fixture.topic("oldest", 1);
        fixture.writeNumbered("oldest", 0, 0, 250);
        PageQuery query = PageQuery.of("oldest").limit(100);

        // When
        RecordPage first = fixture.page(query.at(Position.oldest()));
        RecordPage second = fixture.page(query.at(Position.cursor(first.newer().orElseThrow())));
        RecordPage third = fixture.page(query.at(Position.cursor(second.newer().orElseThrow())));
        RecordPage back = fixture.page(query.at(Position.cursor(second.older().orElseThrow())));

        // Then
        assertThat(first.order()).isEqualTo(Order.OLDEST_FIRST);
        assertThat(first.older()).isEmpty();
        assertThat(values(first)).isEqualTo(numbered(0, 99));
        assertThat(values(second)).isEqualTo(numbered(100, 199));
        assertThat(values(third)).isEqualTo(numbered(200, 249));
        assertThat(third.newer()).isEmpty();
        assertThat(back.order()).isEqualTo(Order.NEWEST_FIRST);
        assertThat(values(back)).isEqualTo(numbered(99, 0));
    }

    @Test
    void shouldMergePartitionsByTimestampInBothDirections() {
        // Given
        fixture.topic("merged", 3);
        for (int number = 0; number < 300; number++) {
            fixture.write(
                    "merged",
                    number * 7 % 3,
                    RecordBatchBuilder.uncompressed().append(1_000 + number, null, bytes("v" + number)));
        }

        // When
        RecordPage newest = fixture.page(PageQuery.of("merged").limit(120));
        RecordPage oldest = fixture.page(PageQuery.of("merged").limit(120).at(Position.oldest()));
        RecordPage jump = fixture.page(PageQuery.of("merged").limit(10).at(Position.timestamp(1_100)));
        RecordPage ofOne = fixture.page(PageQuery.of("merged").limit(500).partition(1));

        // Then
        assertThat(values(newest)).isEqualTo(numbered(299, 180));
        assertThat(everyOlder(PageQuery.of("merged").limit(77), newest)).isEqualTo(numbered(299, 0));
        assertThat(values(oldest)).isEqualTo(numbered(0, 119));
        assertThat(values(jump)).isEqualTo(numbered(100, 109));
        assertThat(ofOne.records()).hasSize(100).allMatch(record -> record.partition() == 1);
    }

    @Test
    void shouldBeginAtAnOffsetAndClampIt() {
        // Given
        fixture.topic("offset", 1);
        fixture.writeNumbered("offset", 0, 0, 30);

        // When
        RecordPage inBatch = fixture.page(PageQuery.of("offset").at(Position.offset(17)));
        RecordPage behind = fixture.page(PageQuery.of("offset").at(Position.offset(4711)));
        RecordPage late = fixture.page(PageQuery.of("offset").at(Position.timestamp(9_999_999_999L)));

        // Then
        assertThat(values(inBatch)).isEqualTo(numbered(17, 29));
        assertThat(behind.records()).isEmpty();
        assertThat(behind.older()).isPresent();
        assertThat(late.records()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldReadBatchesOfEveryCodec(CompressionType type) {
        // Given
        String topic = "codec-" + type.kafkaName();
        fixture.topic(topic, 1);
        try (StandardCodecs codecs = new StandardCodecs()) {
            RecordBatchBuilder batch = RecordBatchBuilder.compressed(codecs, Compression.of(type));
            IntStream.range(0, 1000).forEach(number -> batch.append(number, null, bytes("v" + number)));
            fixture.write(topic, 0, batch);
        }

        // When
        RecordPage newest = fixture.page(PageQuery.of(topic).limit(3));
        RecordPage middle = fixture.page(PageQuery.of(topic).limit(3).at(Position.offset(500)));

        // Then
        assertThat(values(newest)).isEqualTo(numbered(999, 997));
        assertThat(everyOlder(PageQuery.of(topic).limit(300), newest)).isEqualTo(numbered(999, 0));
        assertThat(values(middle)).isEqualTo(numbered(500, 502));
    }

    @Test
    void shouldReadWhatAnOldProducerWrote() {
        // Given
        fixture.topic("old", 1);
        byte[] value = bytes("from 0.8");
        ByteBuffer set = ByteBuffer.allocate(26 + value.length);
        set.putLong(0).putInt(14 + value.length).putInt(0).put((byte) 0).put((byte) 0);
        set.putInt(-1).putInt(value.length).put(value).flip();
        CRC32 crc = new CRC32();
        crc.update(set.slice(16, set.limit() - 16));
        set.putInt(12, (int) crc.getValue());
        fixture.write("old", 0, set, (short) 1);

        // When
        RecordPage page = fixture.page(PageQuery.of("old"));

        // Then
        assertThat(values(page)).containsExactly("from 0.8");
        assertThat(page.records().get(0).timestampMs()).isEqualTo(-1);
        assertThat(page.records().get(0).key()).isEqualTo(Datum.NULL);
    }

    @Test
    void shouldShowWhatIsNoText() {
        // Given
        fixture.topic("forms", 1);
        List<RecordHeader> headers = List.of(
                new RecordHeader("source", ByteBuffer.wrap(bytes("test"))),
                new RecordHeader("source", null),
                new RecordHeader("raw", ByteBuffer.wrap(new byte[] {0, 1})));
        fixture.write(
                "forms",
                0,
                RecordBatchBuilder.uncompressed()
                        .append(1, bytes("tombstone"), (byte[]) null)
                        .append(2, null, new byte[] {(byte) 0xff, (byte) 0xfe})
                        .append(3, null, bytes("{\"a\": [1, 2.50]}"))
                        .append(4, null, bytes("{\"a\": "))
                        .append(5, null, bytes("tab\tand\nlines"))
                        .append(6, null, bytes("escape\u001b[31m"))
                        .append(7, null, new byte[0])
                        .append(8, null, null, headers));

        // When
        List<ShownRecord> shown =
                fixture.page(PageQuery.of("forms").at(Position.oldest())).records();

        // Then
        assertThat(shown.get(0).key()).isEqualTo(new Datum(Datum.Form.STRING, "tombstone", 9, false));
        assertThat(shown.get(0).value()).isEqualTo(Datum.NULL);
        assertThat(shown.get(0).timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(shown.get(1).value()).isEqualTo(new Datum(Datum.Form.BINARY, "fffe", 2, false));
        assertThat(shown.get(2).value()).isEqualTo(new Datum(Datum.Form.JSON, "{\"a\": [1, 2.50]}", 16, false));
        assertThat(shown.get(3).value().form()).isEqualTo(Datum.Form.STRING);
        assertThat(shown.get(4).value().form()).isEqualTo(Datum.Form.STRING);
        assertThat(shown.get(5).value().form()).isEqualTo(Datum.Form.BINARY);
        assertThat(shown.get(6).value()).isEqualTo(new Datum(Datum.Form.STRING, "", 0, false));
        assertThat(shown.get(7).headers())
                .containsExactly(
                        new ShownRecord.ShownHeader("source", new Datum(Datum.Form.STRING, "test", 4, false)),
                        new ShownRecord.ShownHeader("source", Datum.NULL),
                        new ShownRecord.ShownHeader("raw", new Datum(Datum.Form.BINARY, "0001", 2, false)));
        assertThat(shown.get(7).size()).isEqualTo(new ShownRecord.Size(6 + 4 + 6 + 3 + 2, 3));
    }

    @Test
    void shouldCutLargeRecordsAndTellTheirSize() {
        // Given
        int size = 10 << 20;
        fixture.topic("large", 1, Map.of("max.message.bytes", "11000000"));
        for (int count = 0; count < 3; count++) {
            fixture.write("large", 0, RecordBatchBuilder.uncompressed().append(1, null, bytes("ä".repeat(size / 2))));
        }

        // When
        RecordPage page = fixture.page(PageQuery.of("large").maxBytes(5));

        // Then
        assertThat(page.records()).hasSize(3);
        assertThat(page.records().get(0).value()).isEqualTo(new Datum(Datum.Form.STRING, "ää", size, true));
        RecordPlace place = new RecordPlace("large", 0, 1);
        assertThat(await(fixture.records.record(place, 4)).orElseThrow().value().data())
                .isEqualTo("ää");
        assertThat(await(fixture.records.whole(place)).orElseThrow().value().remaining())
                .isEqualTo(size);
    }

    @Test
    void shouldSearchBackwardsUpToTheScanLimitAndGoOn() {
        // Given
        fixture.topic("search", 2);
        fixture.writeNumbered("search", 0, 0, 20_000);
        fixture.writeNumbered("search", 1, 20_000, 20_000);
        PageQuery query = PageQuery.of("search").search(TextSearch.of("V77")).scanLimit(15_000);

        // When
        RecordPage first = fixture.page(query);
        List<String> found = new ArrayList<>(values(first));
        long scanned = first.scanned();
        RecordPage page = first;
        while (page.older().isPresent()) {
            page = fixture.page(query.at(Position.cursor(page.older().orElseThrow())));
            found.addAll(values(page));
            scanned += page.scanned();
        }

        // Then
        assertThat(first.isComplete()).isFalse();
        assertThat(first.scanned()).isEqualTo(15_000);
        assertThat(page.isComplete()).isTrue();
        assertThat(scanned).isEqualTo(40_000);
        assertThat(found).hasSize(numbersWith77());
    }

    /** Of v0 to v39999 those that begin with 77. */
    private static int numbersWith77() {
        return (int) IntStream.range(0, 40_000)
                .filter(number -> ("v" + number).startsWith("v77"))
                .count();
    }

    @Test
    void shouldSearchOnlyWhereItIsTold() {
        // Given
        fixture.topic("fields", 1);
        List<RecordHeader> header = List.of(new RecordHeader("Trace", ByteBuffer.wrap(bytes("xyz"))));
        fixture.write(
                "fields",
                0,
                RecordBatchBuilder.uncompressed()
                        .append(1, bytes("apple"), bytes("1"))
                        .append(2, bytes("2"), bytes("green APPLE"))
                        .append(3, null, null, header)
                        .append(4, null, ByteBuffer.wrap(bytes("Ärger")), header));

        // Then
        assertThat(found("apple", EnumSet.allOf(TextSearch.Field.class))).containsExactly(1L, 0L);
        assertThat(found("apple", EnumSet.of(TextSearch.Field.KEY))).containsExactly(0L);
        assertThat(found("apple", EnumSet.of(TextSearch.Field.VALUE))).containsExactly(1L);
        assertThat(found("trace", EnumSet.of(TextSearch.Field.HEADERS))).containsExactly(3L, 2L);
        assertThat(found("Ärger", EnumSet.of(TextSearch.Field.VALUE))).containsExactly(3L);
        assertThat(found("nowhere", EnumSet.allOf(TextSearch.Field.class))).isEmpty();
    }

    private static List<Long> found(String text, EnumSet<TextSearch.Field> fields) {
        return fixture.page(PageQuery.of("fields").search(TextSearch.of(text, fields))).records().stream()
                .map(ShownRecord::offset)
                .toList();
    }

    @Test
    void shouldPassOverMarkersAndWhatWasAborted() {
        // Given
        fixture.topic("transactions", 1);
        Map<String, Object> config =
                Map.of("bootstrap.servers", fixture.broker.bootstrapServers(), "transactional.id", "records-test");
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        for (int transaction = 0; transaction < 40; transaction++) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "k", "t" + transaction));
            producer.send(new ProducerRecord<>("transactions", "k", "t" + transaction));
            if (transaction % 2 == 0) {
                producer.commitTransaction();
            } else {
                producer.flush(); // Or nothing of it would be sent.
                producer.abortTransaction();
            }
        }
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("transactions", "k", "open"));
        producer.flush();
        PageQuery query = PageQuery.of("transactions").limit(7);

        // When
        RecordPage committed = fixture.page(query);
        RecordPage uncommitted = fixture.page(query.isolation(Isolation.READ_UNCOMMITTED));
        RecordPage onwards = fixture.page(query.limit(500).at(Position.oldest()));
        producer.abortTransaction();
        producer.close();

        // Then
        assertThat(everyOlder(query, committed)).hasSize(40).doesNotContain("t1", "t39", "open");
        assertThat(values(onwards)).hasSize(40).startsWith("t0", "t0", "t2").endsWith("t38");
        assertThat(values(uncommitted)).hasSize(7).startsWith("open", "t39", "t39", "t38");
        assertThat(await(fixture.records.record(new RecordPlace("transactions", 0, 2), 10)))
                .as("a marker")
                .isEmpty();
    }

    @Test
    void shouldAnswerWhatIsNotThere() {
        // Given
        fixture.topic("empty", 2);

        // When
        RecordPage page = fixture.page(PageQuery.of("empty"));

        // Then
        assertThat(page)
                .isEqualTo(new RecordPage(List.of(), Order.NEWEST_FIRST, Optional.empty(), Optional.empty(), 0, true));
        assertThat(await(fixture.records.record(new RecordPlace("empty", 0, 0), 10)))
                .isEmpty();
        assertThatThrownBy(() -> fixture.page(PageQuery.of("no-such-topic")))
                .isInstanceOfSatisfying(AdminException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        assertThatThrownBy(() -> fixture.page(PageQuery.of("empty").partition(2)))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("no partition 2");
        assertThatThrownBy(() -> fixture.page(PageQuery.of("empty").at(Position.cursor("nonsense"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cursor");
    }

    /** The values of the page, and of all that come behind it. */
    private static List<String> everyOlder(PageQuery query, RecordPage first) {
        List<String> values = new ArrayList<>(values(first));
        RecordPage page = first;
        while (page.older().isPresent()) {
            page = fixture.page(query.at(Position.cursor(page.older().orElseThrow())));
            values.addAll(values(page));
        }
        return values;
    }

    /** {@code v<from>} to {@code v<to>}, both included, up or down. */
    private static List<String> numbered(int from, int to) {
        return IntStream.rangeClosed(0, Math.abs(to - from))
                .mapToObj(step -> "v" + (from < to ? from + step : from - step))
                .toList();
    }
}
