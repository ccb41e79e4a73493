# SPDX-License-Identifier: Apache-2.0
"""The frames of the oldest Python API (SimpleProducer and SimpleConsumer of kafka-python 0.9): version 0 of Metadata,
Produce, Fetch, ListOffsets, ConsumerMetadata, OffsetCommit and OffsetFetch, with messages of magic 0.

Usage: oldest_api.py HOST PORT TOPIC COUNT CODEC ("none", "gzip")
"""
import gzip
import socket
import struct
import sys
import time
import zlib

host, port, topic, count, codec = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode(), int(sys.argv[4]), sys.argv[5]

PRODUCE, FETCH, LIST_OFFSETS, METADATA, OFFSET_COMMIT, OFFSET_FETCH, CONSUMER_METADATA = 0, 1, 2, 3, 8, 9, 10
LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC = 5, 3
GZIP = 1


def string(value):
    return struct.pack('>h', -1) if value is None else struct.pack('>h', len(value)) + value


def data(value):
    return struct.pack('>i', -1) if value is None else struct.pack('>i', len(value)) + value


class Reader:
    def __init__(self, content):
        self.content, self.at = content, 0

    def take(self, layout):
        values = struct.unpack_from('>' + layout, self.content, self.at)
        self.at += struct.calcsize('>' + layout)
        return values if len(values) > 1 else values[0]

    def string(self):
        size = self.take('h')
        return None if size < 0 else self.bytes(size)

    def data(self):
        size = self.take('i')
        return None if size < 0 else self.bytes(size)

    def bytes(self, size):
        value = self.content[self.at:self.at + size]
        assert len(value) == size, 'the answer is cut short'
        self.at += size
        return value


class Connection:
    def __init__(self):
        self.socket = socket.create_connection((host, port), timeout=30)
        self.correlation = 0

    def exactly(self, size):
        parts = b''
        while len(parts) < size:
            part = self.socket.recv(size - len(parts))
            assert part, 'the broker closed the connection'
            parts += part
        return parts

    def ask(self, api, body):
        self.correlation += 1
        frame = struct.pack('>hhi', api, 0, self.correlation) + string(b'oldest') + body
        self.socket.sendall(struct.pack('>i', len(frame)) + frame)
        answer = Reader(self.exactly(struct.unpack('>i', self.exactly(4))[0]))
        assert answer.take('i') == self.correlation
        return answer


def message(key, value, attributes=0):
    content = struct.pack('>bb', 0, attributes) + data(key) + data(value)
    return struct.pack('>I', zlib.crc32(content) & 0xffffffff) + content


def message_set(messages):
    """As the old API encodes it: all offsets are 0, also inside a wrapper."""
    return b''.join(struct.pack('>qi', 0, len(one)) + one for one in messages)


def messages_of(content, base=None):
    """Offset, key and value of each whole message; a last one that is cut short is passed over."""
    at = 0
    while at + 12 <= len(content):
        offset, size = struct.unpack_from('>qi', content, at)
        if at + 12 + size > len(content):
            return
        crc, magic, attributes = struct.unpack_from('>Ibb', content, at + 12)
        body = content[at + 16:at + 12 + size]
        assert zlib.crc32(body) & 0xffffffff == crc, 'wrong CRC'
        assert magic == 0, 'magic %d in an answer of version 0' % magic
        reader = Reader(body)
        reader.at = 2
        key, value = reader.data(), reader.data()
        if attributes & 7 == GZIP:
            yield from messages_of(gzip.decompress(value))
        else:
            yield offset, key, value
        at += 12 + size


def metadata(connection):
    """Waits while the topic is being created, as the old API does: only for error 5."""
    for _ in range(200):
        answer = connection.ask(METADATA, struct.pack('>i', 1) + string(topic))
        brokers = [(answer.take('i'), answer.string(), answer.take('i')) for _ in range(answer.take('i'))]
        assert brokers == [(brokers[0][0], host.encode(), port)], brokers
        assert answer.take('i') == 1
        error, name = answer.take('h'), answer.string()
        assert name == topic
        partitions = []
        for _ in range(answer.take('i')):
            partition_error, partition, leader = answer.take('hii')
            answer.take('%di' % answer.take('i'))
            answer.take('%di' % answer.take('i'))
            partitions.append((partition_error, partition, leader))
        if error == 0 and partitions and all(one[0] == 0 for one in partitions):
            return sorted(one[1] for one in partitions)
        assert error in (0, LEADER_NOT_AVAILABLE), 'error %d makes the old API give up' % error
        time.sleep(0.05)
    raise AssertionError('the topic never got a leader')


def produce(connection, partition, content):
    body = struct.pack('>hii', 1, 10000, 1) + string(topic) + struct.pack('>ii', 1, partition) + data(content)
    answer = connection.ask(PRODUCE, body)
    assert answer.take('i') == 1 and answer.string() == topic and answer.take('i') == 1
    index, error, offset = answer.take('ihq')
    assert (index, error) == (partition, 0), 'produce error %d' % error
    return offset


def fetch(connection, partition, offset, max_bytes):
    body = struct.pack('>iiii', -1, 1000, 1, 1) + string(topic) + struct.pack('>iiqi', 1, partition, offset, max_bytes)
    answer = connection.ask(FETCH, body)
    assert answer.take('i') == 1 and answer.string() == topic and answer.take('i') == 1
    index, error, high_watermark = answer.take('ihq')
    assert (index, error) == (partition, 0), 'fetch error %d' % error
    return high_watermark, answer.data()


def offsets(connection, partition, timestamp, most):
    body = struct.pack('>ii', -1, 1) + string(topic) + struct.pack('>iiqi', 1, partition, timestamp, most)
    answer = connection.ask(LIST_OFFSETS, body)
    assert answer.take('i') == 1 and answer.string() == topic and answer.take('i') == 1
    index, error = answer.take('ih')
    assert (index, error) == (partition, 0), 'offsets error %d' % error
    found = answer.take('i')
    return [answer.take('q') for _ in range(found)]


def commit(connection, partition, offset, note):
    body = string(b'oldest-group') + struct.pack('>i', 1) + string(topic)
    body += struct.pack('>iiq', 1, partition, offset) + string(note)
    answer = connection.ask(OFFSET_COMMIT, body)
    assert answer.take('i') == 1 and answer.string() == topic and answer.take('i') == 1
    assert answer.take('ih') == (partition, 0)


def committed(connection, partition):
    body = string(b'oldest-group') + struct.pack('>i', 1) + string(topic) + struct.pack('>ii', 1, partition)
    answer = connection.ask(OFFSET_FETCH, body)
    assert answer.take('i') == 1 and answer.string() == topic and answer.take('i') == 1
    index, offset = answer.take('iq')
    note, error = answer.string(), answer.take('h')
    # Nothing committed was "unknown topic or partition" to the oldest clients, and an offset of -1.
    assert index == partition and error in (0, UNKNOWN_TOPIC), (index, error)
    return offset, note


def consume(connection, partition, offset):
    """As SimpleConsumer: begins with a small buffer and doubles it when not even one message fits."""
    buffer = 64
    seen = []
    while True:
        high_watermark, content = fetch(connection, partition, offset, buffer)
        assert len(content) <= buffer, 'more bytes than were asked for'
        before = offset
        for at, key, value in messages_of(content):
            if at < offset:
                continue
            assert at == offset, 'offset %d, expected %d' % (at, offset)
            seen.append((key, value))
            offset += 1
        if offset >= high_watermark:
            return offset, seen
        if offset == before:
            assert content, 'nothing of a message that is there'
            buffer *= 2
            assert buffer < 64 << 20


connection = Connection()
partitions = metadata(connection)
partition = partitions[0]
# Whichever broker is asked: the old API commits without it, but asks when it is told to.
answer = connection.ask(CONSUMER_METADATA, string(b'oldest-group'))
assert answer.take('h') in (0, 15), 'no coordinator'

expected = []
for start in range(0, count, 50):
    batch = [(b'k%d' % n if n % 3 else None, b'v%d' % n * (1 + n % 40)) for n in range(start, min(count, start + 50))]
    plain = message_set(message(key, value) for key, value in batch)
    content = plain if codec == 'none' else message_set([message(None, gzip.compress(plain), GZIP)])
    assert produce(connection, partition, content) == start
    expected += batch

assert offsets(connection, partition, -2, 1) == [0]
assert offsets(connection, partition, -1, 1) == [count]
assert offsets(connection, partition, -1, 10)[-1] == 0
assert committed(connection, partition) == (-1, b'') or committed(connection, partition)[0] == -1

end, seen = consume(connection, partition, 0)
assert seen == expected and end == count
commit(connection, partition, count // 2, b'half')
assert committed(Connection(), partition) == (count // 2, b'half')
end, rest = consume(Connection(), partition, committed(connection, partition)[0])
assert rest == expected[count // 2:]
commit(connection, partition, end, None)
assert committed(connection, partition)[0] == count
print('oldest api saw', len(seen))
