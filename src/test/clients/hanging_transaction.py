# SPDX-License-Identifier: Apache-2.0
"""Leaves a transaction in a partition that no coordinator knows: a transactional batch from a producer that never asked
for a transaction. Frames by hand, as no client sends this.

Usage: hanging_transaction.py HOST PORT TOPIC
"""
import socket
import struct
import sys
import time

host, port, topic = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
PRODUCE, INIT_PRODUCER_ID = 0, 22
PRODUCE_VERSION, INIT_VERSION = 3, 0
TRANSACTIONAL = 0x10


def crc32c(content):
    value = 0xffffffff
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82f63b78 if value & 1 else 0)
    return value ^ 0xffffffff


def string(value):
    return struct.pack('>h', len(value)) + value


def varint(value):
    value = value << 1 ^ value >> 63
    out = b''
    while value > 0x7f:
        out += bytes([value & 0x7f | 0x80])
        value >>= 7
    return out + bytes([value])


def batch(producer_id, epoch, timestamp):
    record = b'\0' + varint(0) + varint(0) + varint(-1) + varint(4) + b'hang' + varint(0)
    body = struct.pack('>hiqqqhii', TRANSACTIONAL, 0, timestamp, timestamp, producer_id, epoch, 0, 1)
    body += varint(len(record)) + record
    content = struct.pack('>ibI', -1, 2, crc32c(body)) + body
    return struct.pack('>qi', 0, len(content)) + content


def exactly(connection, size):
    content = b''
    while len(content) < size:
        part = connection.recv(size - len(content))
        assert part, 'the broker closed the connection'
        content += part
    return content


def ask(connection, api, version, body):
    frame = struct.pack('>hhi', api, version, 1) + string(b'hanging') + body
    connection.sendall(struct.pack('>i', len(frame)) + frame)
    return exactly(connection, struct.unpack('>i', exactly(connection, 4))[0])[4:]


with socket.create_connection((host, port), timeout=30) as connection:
    answer = ask(connection, INIT_PRODUCER_ID, INIT_VERSION, struct.pack('>hi', -1, 60000))
    throttle, error, producer_id, epoch = struct.unpack('>ihqh', answer)
    assert error == 0, error
    records = batch(producer_id, epoch, int(time.time() * 1000))
    request = string(b'never-begun') + struct.pack('>hii', -1, 30000, 1) + string(topic)
    request += struct.pack('>iii', 1, 0, len(records)) + records
    answer = ask(connection, PRODUCE, PRODUCE_VERSION, request)
    partition, error, offset = struct.unpack_from('>ihq', answer, 4 + 2 + len(topic) + 4)
    assert partition == 0
    print('producer', producer_id, 'error', error, 'offset', offset)
