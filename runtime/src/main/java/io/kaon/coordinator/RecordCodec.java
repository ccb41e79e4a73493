// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import java.util.Optional;

/**
 * Turns the records of a state machine into bytes and back. Stateless: loading decodes on disk threads.
 *
 * @param <R> the state machine's records, a sealed type
 */
public interface RecordCodec<R> {
    KeyValue encode(R record);

    /**
     * Empty for a record type that this version does not know: it is skipped, as Kafka does.
     *
     * @throws RuntimeException when the bytes are not what their type says; loading fails then
     */
    Optional<R> decode(KeyValue bytes);
}
