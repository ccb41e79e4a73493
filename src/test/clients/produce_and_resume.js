// SPDX-License-Identifier: Apache-2.0
// kafkajs: produces records, reads half of them in a group, and resumes where the group stopped.
//   node produce_and_resume.js BOOTSTRAP TOPIC COUNT COMPRESSION ("none" or "gzip")
'use strict';
const { Kafka, CompressionTypes, logLevel } = require('kafkajs');

const [bootstrap, topic, countText, compression] = process.argv.slice(2);
const count = Number(countText);
const kafka = new Kafka({ clientId: 'kaon-test', brokers: [bootstrap], logLevel: logLevel.ERROR });
const PATIENCE_MS = 60000;

/** Reads so many records as a new member of the group, and commits exactly those. */
async function read(wanted) {
  const consumer = kafka.consumer({ groupId: 'group-of-' + topic });
  const values = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`saw ${values.length} of ${wanted}`)), PATIENCE_MS);
    consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        if (values.length >= wanted) return;
        values.push(message.value.toString());
        const offset = (BigInt(message.offset) + 1n).toString();
        await consumer.commitOffsets([{ topic, partition, offset, metadata: 'by node' }]);
        if (values.length === wanted) {
          clearTimeout(timer);
          resolve();
        }
      },
    }).catch(reject);
  });
  await consumer.disconnect();
  return values;
}

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true });
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const messages = Array.from({ length: count }, (_, n) => ({ key: `k${n}`, value: `v${n}`, headers: { n: `${n}` } }));
  await producer.send({
    topic, messages, acks: -1,
    compression: compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
  });
  await producer.disconnect();

  const first = await read(Math.floor(count / 2));
  const second = await read(count - first.length);
  const all = new Set([...first, ...second]);
  if (all.size !== count) throw new Error(`${first.length} and ${second.length} records, but ${all.size} different ones`);
  const offsets = await admin.fetchOffsets({ groupId: 'group-of-' + topic, topics: [topic] });
  const committed = offsets[0].partitions.reduce((sum, p) => sum + Math.max(0, Number(p.offset)), 0);
  if (committed !== count) throw new Error(`committed ${committed}`);
  await admin.disconnect();
  console.log('node saw', all.size);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
