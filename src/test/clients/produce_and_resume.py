# SPDX-License-Identifier: Apache-2.0
"""kafka-python: produces records, reads half of them in a group, and resumes where the group stopped.

Usage: produce_and_resume.py BOOTSTRAP TOPIC COUNT COMPRESSION ("none" for none)
"""
import sys

from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import OffsetAndMetadata, TopicPartition

bootstrap, topic, count, compression = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]


def read(wanted):
    """Reads so many records as a new member of the group, and commits exactly those."""
    consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id='group-of-' + topic,
                             auto_offset_reset='earliest', enable_auto_commit=False, consumer_timeout_ms=20000)
    values, positions = [], {}
    for record in consumer:
        assert record.headers == [('n', record.value[1:])], record
        values.append(record.value)
        positions[TopicPartition(record.topic, record.partition)] = OffsetAndMetadata(record.offset + 1, 'by python')
        if len(values) == wanted:
            break
    consumer.commit(positions)
    consumer.close(autocommit=False)
    return values


producer = KafkaProducer(bootstrap_servers=bootstrap, acks='all',
                         compression_type=None if compression == 'none' else compression)
sent = [producer.send(topic, key=b'k%d' % n, value=b'v%d' % n, headers=[('n', b'%d' % n)]) for n in range(count)]
for future in sent:
    future.get(timeout=30)
producer.close()

first = read(count // 2)
second = read(count - count // 2)
assert not set(first) & set(second), 'the group did not resume where it stopped'
assert set(first) | set(second) == {b'v%d' % n for n in range(count)}
print('python saw', len(first) + len(second))
