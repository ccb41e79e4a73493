# SPDX-License-Identifier: Apache-2.0
"""confluent-kafka (librdkafka): a group that shares a topic, and its copy in transactions that carry the group's offsets.

Usage: transactions.py BOOTSTRAP TOPIC COUNT
"""
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
copies, group = topic + '-copies', 'copiers-of-' + topic
PATIENCE = 60


def consumer(group_id, **settings):
    return Consumer({'bootstrap.servers': bootstrap, 'group.id': group_id, 'auto.offset.reset': 'earliest',
                     'enable.auto.commit': False, 'isolation.level': 'read_committed', 'heartbeat.interval.ms': 200,
                     'session.timeout.ms': 6000, 'topic.metadata.refresh.interval.ms': 500, **settings})


def producer(name):
    made = Producer({'bootstrap.servers': bootstrap, 'transactional.id': name + '-' + topic, 'linger.ms': 2})
    made.init_transactions(30)
    return made


def until(done, step):
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, 'it does not come to that'
        step()


def poll(one, seen):
    message = one.poll(0.05)
    if message is not None:
        assert message.error() is None, message.error()
        seen.append(message)


def share(strategy):
    """Two members share the partitions; when one leaves, the other has them all."""
    name = group + '-' + strategy
    first, second = [consumer(name, **{'partition.assignment.strategy': strategy}) for _ in range(2)]
    seen = []
    first.subscribe([topic])
    until(lambda: len(first.assignment()) == 4, lambda: poll(first, seen))
    second.subscribe([topic])
    until(lambda: len(first.assignment()) == 2 and len(second.assignment()) == 2,
          lambda: (poll(first, seen), poll(second, seen)))
    first.close()
    until(lambda: len(second.assignment()) == 4, lambda: poll(second, seen))
    second.close()


admin = AdminClient({'bootstrap.servers': bootstrap})
for future in admin.create_topics([NewTopic(topic, 4, 1), NewTopic(copies, 4, 1)]).values():
    future.result(30)

source = producer('source')
for start in range(0, count, 20):
    for aborts in (True, False):
        source.begin_transaction()
        for n in range(start, start + 20):
            source.produce(topic, b'aborted' if aborts else b'v%d' % n, partition=n % 4)
        if aborts:
            source.flush(30)
            source.abort_transaction(30)
        else:
            source.commit_transaction(30)

share('range')
share('cooperative-sticky')

copier, reader = producer('copier'), consumer(group)
reader.subscribe([topic])
copied, tries = 0, 0
deadline = time.monotonic() + PATIENCE
while copied < count:
    assert time.monotonic() < deadline, 'copied only %d' % copied
    messages = reader.consume(25, 0.2)
    if not messages:
        continue
    tries += 1
    copier.begin_transaction()
    for message in messages:
        assert message.error() is None, message.error()
        copier.produce(copies, message.value(), partition=message.partition())
    assigned = reader.assignment()
    copier.send_offsets_to_transaction(reader.position(assigned), reader.consumer_group_metadata(), 30)
    if tries % 3 == 1:
        copier.abort_transaction(30)
        for partition in reader.committed(assigned, 30):
            reader.seek(TopicPartition(partition.topic, partition.partition, max(0, partition.offset)))
    else:
        copier.commit_transaction(30)
        copied += len(messages)
reader.close()

checker = consumer(group + '-checker')
checker.assign([TopicPartition(copies, n, 0) for n in range(4)])
seen = []
until(lambda: len(seen) >= count, lambda: poll(checker, seen))
for n in range(4):
    values = [one.value() for one in seen if one.partition() == n]
    assert values == [b'v%d' % v for v in range(n, count, 4)], values
checker.close()

fencing = producer('copier')
refused = 'nothing'
try:
    copier.begin_transaction()
    copier.produce(copies, b'late', partition=0)
    copier.commit_transaction(30)
except KafkaException as failure:
    refused = failure.args[0].name()
print('confluent-kafka copied', len(seen), 'and the fenced producer got', refused)
