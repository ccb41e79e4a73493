# SPDX-License-Identifier: Apache-2.0
"""kafka-python: two members share the partitions of a topic, one leaves, and no record is lost or read twice.

Usage: share_a_topic.py BOOTSTRAP TOPIC COUNT
"""
import sys
import threading
import time

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
PATIENCE = 60
PARTITIONS = 4


class Member(threading.Thread):
    """A thread of its own: a consumer that joins waits for the others of its group."""

    def __init__(self, name):
        super().__init__(daemon=True)
        self.owned, self.leaves = set(), False
        self.consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id='sharers-of-' + topic,
                                      client_id=name, auto_offset_reset='earliest', enable_auto_commit=False,
                                      heartbeat_interval_ms=200, session_timeout_ms=6000, max_poll_records=20)
        self.start()

    def run(self):
        while not self.leaves:
            for records in self.consumer.poll(timeout_ms=50).values():
                seen.extend(record.value for record in records)
            self.owned = self.consumer.assignment()
            self.consumer.commit()
        self.consumer.close(autocommit=False)

    def leave(self):
        self.leaves = True
        self.join(PATIENCE)


def until(done):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, 'it does not come to that, %d seen' % len(seen)
        time.sleep(0.01)


admin = KafkaAdminClient(bootstrap_servers=bootstrap)
admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
producer = KafkaProducer(bootstrap_servers=bootstrap, acks='all')


def send(start, end):
    for n in range(start, end):
        producer.send(topic, b'v%d' % n, partition=n % PARTITIONS)
    producer.flush()


seen = []
first, second = Member('first'), Member('second')
until(lambda: len(first.owned) == len(second.owned) == PARTITIONS // 2)
send(0, count // 2)
until(lambda: len(seen) >= count // 2)
first.leave()
until(lambda: len(second.owned) == PARTITIONS)
send(count // 2, count)
until(lambda: len(seen) >= count)
groups = admin.describe_consumer_groups(['sharers-of-' + topic])
assert groups[0].state == 'Stable' and len(groups[0].members) == 1, groups
second.leave()
assert sorted(seen) == sorted(b'v%d' % n for n in range(count)), 'a record was lost or read twice'
offsets = admin.list_consumer_group_offsets('sharers-of-' + topic)
assert sum(one.offset for one in offsets.values()) == count, offsets
print('kafka-python shared', len(seen))
