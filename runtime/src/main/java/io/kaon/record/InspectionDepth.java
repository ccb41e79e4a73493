// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * How far {@link BatchValidator} looks into a compressed batch when the topic's settings do not ask for more:
 * {@code kaon.compressed.inspection}.
 */
public enum InspectionDepth {
    /** CRC and header arithmetic (D2): the records inside are not decompressed, which costs a hundredth. */
    HEADER,
    /** Each record, as Kafka does it: nobody can store what no consumer can read (C32). */
    RECORDS
}
