// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.InterruptException;

/** The bytes that a producer's records may take while they wait, {@code buffer.memory}. Any thread. */
final class BufferMemory {
    private static final int DEFAULT_BYTES = 32 << 20;

    private final int totalBytes;
    private final Semaphore bytes;

    BufferMemory(ClientSettings settings) {
        this.totalBytes =
                (int) Math.min(settings.number(ProducerConfig.BUFFER_MEMORY_CONFIG, DEFAULT_BYTES), Integer.MAX_VALUE);
        this.bytes = new Semaphore(totalBytes);
    }

    int totalBytes() {
        return totalBytes;
    }

    int availableBytes() {
        return bytes.availablePermits();
    }

    boolean tryTake(int wanted) {
        return bytes.tryAcquire(wanted);
    }

    /**
     * Waits for memory.
     *
     * @throws BufferExhaustedException when there is none in time
     */
    void take(int wanted, Deadline deadline) {
        try {
            if (!bytes.tryAcquire(wanted) && !bytes.tryAcquire(wanted, deadline.leftMs(), TimeUnit.MILLISECONDS)) {
                throw new BufferExhaustedException("The records that wait for the broker fill "
                        + ProducerConfig.BUFFER_MEMORY_CONFIG + ", " + totalBytes + " bytes, longer than "
                        + ProducerConfig.MAX_BLOCK_MS_CONFIG + " allows to wait");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    void release(int done) {
        bytes.release(done);
    }
}
