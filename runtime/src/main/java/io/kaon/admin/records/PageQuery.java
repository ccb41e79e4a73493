// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a page of records is to show.
 *
 * @param partition the only one to read, or empty for all of them, merged by timestamp
 * @param limit how many records at most, up to {@value #MAX_LIMIT}
 * @param search what a record has to contain to be shown
 * @param scanLimit how many records are looked at before the page ends as it is, up to {@value #MAX_SCAN_LIMIT}
 * @param maxBytes of a key, a value and a header are shown so many bytes, up to {@value #MAX_SHOWN_BYTES}
 */
public record PageQuery(
        String topic,
        OptionalInt partition,
        Position position,
        int limit,
        Optional<TextSearch> search,
        int scanLimit,
        Showing showing) {
    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 500;
    public static final int DEFAULT_SCAN_LIMIT = 100_000;
    public static final int MAX_SCAN_LIMIT = 1_000_000;
    public static final int DEFAULT_SHOWN_BYTES = 4096;
    public static final int MAX_SHOWN_BYTES = 1 << 20;

    public PageQuery {
        require(limit >= 1 && limit <= MAX_LIMIT, "limit must be 1 to %s, was %s", MAX_LIMIT, limit);
        require(
                scanLimit >= 1 && scanLimit <= MAX_SCAN_LIMIT,
                "scan_limit must be 1 to %s, was %s",
                MAX_SCAN_LIMIT,
                scanLimit);
    }

    /**
     * How records are shown.
     *
     * @param maxBytes of a key, a value and a header, 1 to {@value #MAX_SHOWN_BYTES}
     */
    public record Showing(int maxBytes, Isolation isolation) {
        public Showing {
            require(
                    maxBytes >= 1 && maxBytes <= MAX_SHOWN_BYTES,
                    "max_bytes must be 1 to %s, was %s",
                    MAX_SHOWN_BYTES,
                    maxBytes);
        }
    }

    /** The newest {@value #DEFAULT_LIMIT} committed records of all partitions. */
    public static PageQuery of(String topic) {
        return new PageQuery(
                topic,
                OptionalInt.empty(),
                Position.newest(),
                DEFAULT_LIMIT,
                Optional.empty(),
                DEFAULT_SCAN_LIMIT,
                new Showing(DEFAULT_SHOWN_BYTES, Isolation.READ_COMMITTED));
    }

    public PageQuery at(Position newPosition) {
        return new PageQuery(topic, partition, newPosition, limit, search, scanLimit, showing);
    }

    public PageQuery partition(int number) {
        return new PageQuery(topic, OptionalInt.of(number), position, limit, search, scanLimit, showing);
    }

    public PageQuery limit(int records) {
        return new PageQuery(topic, partition, position, records, search, scanLimit, showing);
    }

    public PageQuery search(TextSearch text) {
        return new PageQuery(topic, partition, position, limit, Optional.of(text), scanLimit, showing);
    }

    public PageQuery scanLimit(int records) {
        return new PageQuery(topic, partition, position, limit, search, records, showing);
    }

    public PageQuery maxBytes(int bytes) {
        return showing(new Showing(bytes, showing.isolation()));
    }

    public PageQuery isolation(Isolation isolation) {
        return showing(new Showing(showing.maxBytes(), isolation));
    }

    private PageQuery showing(Showing newShowing) {
        return new PageQuery(topic, partition, position, limit, search, scanLimit, newShowing);
    }
}
