// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Checks one partition while it is read from its beginning: offsets, values, and the order of each producer. */
final class PartitionReading {
    private final StressRun run;
    private final TopicPartition partition;
    private final Map<Integer, Integer> lastNumbers = new HashMap<>();
    private long nextOffset;
    private boolean fromTheFirst = true;

    PartitionReading(StressRun run, TopicPartition partition) {
        this.run = run;
        this.partition = partition;
    }

    /** The offset after the last record that was read. */
    long nextOffset() {
        return nextOffset;
    }

    void read(ConsumerRecord<String, String> record) {
        run.count("read");
        if (record.offset() != nextOffset) {
            onJump(record.offset());
        }
        nextOffset = record.offset() + 1;
        Numbered numbered = Numbered.parse(record.value());
        if (!numbered.value().equals(record.value())) {
            run.found("%s@%d is damaged: %s", partition, record.offset(), record.value());
        }
        checkOrder(numbered, record.offset());
        run.acknowledged()
                .at(partition, record.offset())
                .filter(expected -> !expected.equals(numbered))
                .ifPresent(expected -> run.found(
                        "%s@%d was acknowledged as %s and holds %s", partition, record.offset(), expected, numbered));
    }

    /** Only retention may take records away, and only the oldest. */
    private void onJump(long offset) {
        if (!StressLoad.hasRetention(partition) || offset < nextOffset) {
            run.found("%s jumps from %d to %d", partition, nextOffset, offset);
        }
        lastNumbers.clear();
        fromTheFirst = false;
    }

    /** A number that comes again was doubled; one that is left out was lost or overtaken. */
    private void checkOrder(Numbered numbered, long offset) {
        Integer last = lastNumbers.put(numbered.producer(), numbered.number());
        if (last == null && !fromTheFirst) {
            return;
        }
        int expected = last == null ? 1 : last + 1;
        if (numbered.number() != expected) {
            run.found("%s@%d holds %s where number %d belongs", partition, offset, numbered, expected);
        }
    }
}
