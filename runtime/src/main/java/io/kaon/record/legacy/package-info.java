// SPDX-License-Identifier: Apache-2.0

/**
 * Messages of magic 0 and 1, which clients before Kafka 0.11 speak (Produce 0–2, Fetch 0–3). They are read and written
 * for the wire only: what is stored is always magic 2. {@link io.kaon.record.legacy.LegacyFormat} has the layouts.
 */
package io.kaon.record.legacy;
