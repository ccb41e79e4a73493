// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/**
 * Where the fields of a record batch of magic 2 lie, in bytes from its start. All numbers are big-endian.
 *
 * <pre>
 *  from  size  field                 inside the CRC
 *     0     8  base offset           no: the broker assigns it
 *     8     4  length                no: bytes after this field
 *    12     4  partition leader epoch no: the broker assigns it
 *    16     1  magic                 no: always 2
 *    17     4  CRC-32C               of everything from byte 21 to the end
 *    21     2  attributes            yes
 *    23     4  last offset delta     yes
 *    27     8  base timestamp        yes: ms, or the delete horizon when its attribute bit is set
 *    35     8  max timestamp         yes: ms
 *    43     8  producer id           yes: -1 for none
 *    51     2  producer epoch        yes
 *    53     4  base sequence         yes: -1 for none
 *    57     4  record count          yes
 *    61     …  records               yes: compressed as one piece unless the attributes say none
 *
 *  attributes: bits 0–2 compression · 3 timestamp is log append time · 4 transactional · 5 control · 6 delete horizon
 * </pre>
 */
public final class BatchFormat {
    /** The magic of the only batch layout described here. */
    public static final byte MAGIC = 2;

    public static final int BASE_OFFSET_AT = 0;
    public static final int LENGTH_AT = 8;
    public static final int PARTITION_LEADER_EPOCH_AT = 12;
    public static final int MAGIC_AT = 16;
    public static final int CRC_AT = 17;
    public static final int ATTRIBUTES_AT = 21;
    public static final int LAST_OFFSET_DELTA_AT = 23;
    public static final int BASE_TIMESTAMP_AT = 27;
    public static final int MAX_TIMESTAMP_AT = 35;
    public static final int PRODUCER_ID_AT = 43;
    public static final int PRODUCER_EPOCH_AT = 51;
    public static final int BASE_SEQUENCE_AT = 53;
    public static final int COUNT_AT = 57;

    /** Where the records begin: the size in bytes of a batch's header, and of the smallest batch. */
    public static final int RECORDS_AT = 61;

    /** Base offset and length: what stands before the bytes that the length field counts. */
    public static final int LOG_OVERHEAD = 12;

    /** The smallest value of the length field in any format, that of an empty message of magic 0. */
    static final int MIN_LENGTH_OF_ANY_MAGIC = 14;

    /** The smallest record: length, attributes, both deltas, key and value length, header count, a byte each. */
    static final int MIN_RECORD_BYTES = 7;

    /** Means "no timestamp" in a timestamp field. */
    public static final long NO_TIMESTAMP = -1;

    /** Means "no producer" in a producer id field. */
    public static final long NO_PRODUCER_ID = -1;

    /** The epoch of a batch without a producer id. */
    public static final short NO_PRODUCER_EPOCH = -1;

    /** Means "no sequence" in a base sequence field. */
    public static final int NO_SEQUENCE = -1;

    /** Means "not known" in a leader epoch field: what producers send. */
    public static final int NO_PARTITION_LEADER_EPOCH = -1;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    private BatchFormat() {}
}
