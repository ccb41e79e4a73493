// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

import io.kaon.admin.AdminException;
import io.kaon.admin.records.RecordPage.Order;
import io.kaon.common.ErrorCode;
import io.kaon.record.RecordLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Reads one page: a scan of each partition, merged by timestamp. Blocks; used once, by one thread. */
final class PageReader {
    /** What the records of one page take in memory, before they become an answer. */
    private static final long MAX_PAGE_BYTES = 16L << 20;

    private final TopicReads reads;
    private final PageQuery query;
    private final RecordLimits limits;
    private final ScanBudget budget;
    private final List<ShownRecord> page = new ArrayList<>();
    private List<Integer> partitions;
    private Map<Integer, Long> earliest;
    private Map<Integer, Long> latest;
    private long pageBytes;
    private long scanned;

    PageReader(TopicReads reads, PageQuery query, RecordLimits limits, LongSupplier nanos) {
        this.reads = reads;
        this.query = query;
        this.limits = limits;
        this.budget = new ScanBudget(nanos);
    }

    RecordPage read() {
        partitions = partitions();
        earliest = reads.offsets(partitions, TopicReads.EARLIEST);
        latest = reads.offsets(partitions, TopicReads.LATEST);
        PageCursor start = start();
        List<PartitionScan> scans = scans(start);
        merge(scans, start.order());
        boolean hasMore = !scans.stream().allMatch(PartitionScan::isDone);
        boolean isFull = page.size() >= query.limit() || pageBytes >= MAX_PAGE_BYTES;
        Optional<String> onwards = hasMore ? Optional.of(frontier(start.order(), scans)) : Optional.empty();
        Optional<String> back = back(start);
        boolean isBackward = start.order() == Order.NEWEST_FIRST;
        return new RecordPage(
                page,
                start.order(),
                isBackward ? onwards : back,
                isBackward ? back : onwards,
                scanned,
                isFull || !hasMore);
    }

    private List<Integer> partitions() {
        int count = reads.partitions();
        if (query.partition().isPresent()) {
            int partition = query.partition().getAsInt();
            if (partition < 0 || partition >= count) {
                throw new AdminException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "The topic " + query.topic() + " has no partition " + partition + ": it has " + count
                                + ", counted from 0.");
            }
            return List.of(partition);
        }
        require(
                count <= PageCursor.MAX_PARTITIONS,
                "partition must be given: a topic of more than %s partitions is read one partition at a time",
                PageCursor.MAX_PARTITIONS);
        return IntStream.range(0, count).boxed().toList();
    }

    /** Where each partition is read from, and in which direction. */
    private PageCursor start() {
        Position position = query.position();
        if (position instanceof Position.Newest) {
            return new PageCursor(Order.NEWEST_FIRST, latest);
        } else if (position instanceof Position.AtOffset at) {
            return new PageCursor(Order.OLDEST_FIRST, within(partition -> at.offset()));
        } else if (position instanceof Position.AtTimestamp at) {
            Map<Integer, Long> found = reads.offsets(partitions, at.timestampMs());
            return new PageCursor(
                    Order.OLDEST_FIRST,
                    within(partition -> found.get(partition) < 0 ? latest.get(partition) : found.get(partition)));
        } else if (position instanceof Position.Cursor told) {
            return resume(PageCursor.parse(told.text()));
        }
        return new PageCursor(Order.OLDEST_FIRST, earliest);
    }

    /** Partitions that came since are read from their beginning, or not at all. */
    private PageCursor resume(PageCursor cursor) {
        require(
                partitions.size() == 1
                        ? cursor.offsets().containsKey(partitions.get(0))
                                && (query.partition().isEmpty()
                                        || cursor.offsets().size() == 1)
                        : partitions.containsAll(cursor.offsets().keySet())
                                && cursor.offsets().containsKey(0),
                "cursor must go with the partition that it was told for");
        return new PageCursor(
                cursor.order(), within(partition -> cursor.offsets().getOrDefault(partition, earliest.get(partition))));
    }

    private Map<Integer, Long> within(ToLongFunction<Integer> offsets) {
        Map<Integer, Long> clamped = new TreeMap<>();
        for (int partition : partitions) {
            long offset = Math.max(earliest.get(partition), offsets.applyAsLong(partition));
            clamped.put(partition, Math.min(latest.get(partition), offset));
        }
        return clamped;
    }

    private List<PartitionScan> scans(PageCursor start) {
        int wanted = query.search().isPresent() ? Integer.MAX_VALUE / 2 : query.limit();
        PartitionScan.Room room = PartitionScan.Room.of(partitions.size(), wanted);
        List<PartitionScan> scans = new ArrayList<>();
        for (int partition : partitions) {
            RecordLens lens = new RecordLens(
                    query.topic(),
                    partition,
                    limits,
                    query.search(),
                    query.showing().maxBytes());
            long from = start.offsets().get(partition);
            scans.add(
                    start.order() == Order.NEWEST_FIRST
                            ? new BackwardScan(reads, lens, room, from, earliest.get(partition))
                            : new ForwardScan(reads, lens, room, from, latest.get(partition)));
        }
        return scans;
    }

    private void merge(List<PartitionScan> scans, Order order) {
        Comparator<PartitionScan> oldestFirst = Comparator.<PartitionScan>comparingLong(
                        scan -> scan.peek().timestampMs())
                .thenComparingInt(PartitionScan::partition);
        PriorityQueue<PartitionScan> heads =
                new PriorityQueue<>(order == Order.OLDEST_FIRST ? oldestFirst : oldestFirst.reversed());
        for (PartitionScan scan : scans) {
            scan.load(budget);
            if (scan.hasLoaded()) {
                heads.add(scan);
            } else if (!scan.isDone()) {
                return; // What it would show may be the first: a page without it would be in another order.
            }
        }
        while (!heads.isEmpty()
                && page.size() < query.limit()
                && pageBytes < MAX_PAGE_BYTES
                && scanned < query.scanLimit()) {
            PartitionScan scan = heads.poll();
            take(scan.take());
            if (!scan.hasLoaded()) {
                scan.load(budget);
            }
            if (scan.hasLoaded()) {
                heads.add(scan);
            } else if (!scan.isDone()) {
                return;
            }
        }
    }

    private void take(Seen seen) {
        scanned++;
        if (seen.isMatch()) {
            page.add(seen.match());
            pageBytes += seen.match().heldBytes();
        }
    }

    /** From the page's first record into the other direction. */
    private Optional<String> back(PageCursor start) {
        boolean isBackward = start.order() == Order.NEWEST_FIRST;
        Map<Integer, Long> end = isBackward ? latest : earliest;
        Order other = isBackward ? Order.OLDEST_FIRST : Order.NEWEST_FIRST;
        return start.offsets().equals(end)
                ? Optional.empty()
                : Optional.of(new PageCursor(other, start.offsets()).toText());
    }

    private static String frontier(Order order, List<PartitionScan> scans) {
        Map<Integer, Long> offsets = new TreeMap<>();
        scans.forEach(scan -> offsets.put(scan.partition(), scan.frontier()));
        return new PageCursor(order, offsets).toText();
    }
}
