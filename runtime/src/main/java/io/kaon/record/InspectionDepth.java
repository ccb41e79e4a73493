// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/** How far {@link BatchValidator} looks into a compressed batch when the topic's settings do not ask for more. */
public enum InspectionDepth {
    /** CRC and header arithmetic (D2): the records inside are not decompressed. */
    HEADER,
    /** Each record, as Kafka does it. */
    RECORDS
}
