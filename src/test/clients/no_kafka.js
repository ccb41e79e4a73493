// SPDX-License-Identifier: Apache-2.0
// no-kafka: produces records, reads half of them, commits, and resumes there.
//   node no_kafka.js BOOTSTRAP TOPIC COUNT COMPRESSION ("none" or "gzip")
'use strict';
const kafka = require('no-kafka');

const [connectionString, topic, countText, compression] = process.argv.slice(2);
const count = Number(countText);
const PATIENCE_MS = 60000;
const codec = compression === 'gzip' ? kafka.COMPRESSION_GZIP : kafka.COMPRESSION_NONE;
const quiet = { logLevel: 1 };

async function produce() {
  const producer = new kafka.Producer({ connectionString, codec, requiredAcks: -1, logger: quiet });
  await producer.init();
  const messages = Array.from({ length: count }, (_, n) => ({
    topic, partition: 0, message: { key: 'k' + n, value: 'v' + n },
  }));
  const results = await producer.send(messages, { batch: { size: 4096, maxWait: 10 }, codec });
  for (const result of results) {
    if (result.error) throw result.error;
  }
  await producer.end();
}

/** Reads from an offset on until so many records are there, and commits behind the last one. */
async function read(consumer, offset, wanted) {
  const values = [];
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`saw ${values.length} of ${wanted}`)), PATIENCE_MS);
    const handler = (messageSet) => {
      for (const one of messageSet) {
        if (one.offset !== offset + values.length) reject(new Error(`offset ${one.offset} out of order`));
        values.push(one.message.value.toString());
        if (values.length === wanted) {
          clearTimeout(timer);
          resolve();
          return;
        }
      }
    };
    consumer.subscribe(topic, 0, { offset }, (set) => {
      if (values.length < wanted) handler(set);
    }).catch(reject);
  });
  await consumer.unsubscribe(topic, 0);
  const [committed] = await consumer.commitOffset([{ topic, partition: 0, offset: offset + wanted, metadata: 'by no-kafka' }]);
  if (committed.error) throw committed.error;
  return values;
}

async function main() {
  await produce();
  const consumer = new kafka.SimpleConsumer({
    connectionString, groupId: 'group-of-' + topic, logger: quiet, recoveryOffset: kafka.EARLIEST_OFFSET,
  });
  await consumer.init();
  const half = Math.floor(count / 2);
  const first = await read(consumer, 0, half);
  const [position] = await consumer.fetchOffset([{ topic, partition: 0 }]);
  if (position.offset !== half) throw new Error('committed ' + JSON.stringify(position));
  const second = await read(consumer, position.offset, count - half);
  const end = await consumer.offset(topic, 0, kafka.LATEST_OFFSET);
  if (end !== count) throw new Error('the log ends at ' + end);
  const all = new Set([...first, ...second]);
  if (all.size !== count) throw new Error(`${all.size} different records`);
  await consumer.end();
  console.log('no-kafka saw', all.size);
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
