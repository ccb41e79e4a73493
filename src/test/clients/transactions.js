// SPDX-License-Identifier: Apache-2.0
// kafkajs: transactions that commit and abort, a copy of a topic with the group's offsets in them, and a fenced producer.
//   node transactions.js BOOTSTRAP TOPIC COUNT
'use strict';
const { Kafka, logLevel } = require('kafkajs');

const [bootstrap, topic, countText] = process.argv.slice(2);
const count = Number(countText);
const kafka = new Kafka({ clientId: 'kaon-test', brokers: [bootstrap], logLevel: logLevel.NOTHING });
const PATIENCE_MS = 60000;
const copies = topic + '-copies';
const group = 'copiers-of-' + topic;

async function producer(id) {
  const made = kafka.producer({ transactionalId: id, maxInFlightRequests: 1, idempotent: true });
  await made.connect();
  return made;
}

/** Reads each record until `wanted` are seen; `work` is awaited for each. */
async function read(from, groupId, wanted, work) {
  const consumer = kafka.consumer({ groupId, readUncommitted: false });
  let seen = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [from], fromBeginning: true });
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`saw ${seen} of ${wanted} of ${from}`)), PATIENCE_MS);
    consumer.run({
      autoCommit: false,
      eachMessage: async (payload) => {
        if (seen >= wanted) return;
        await work(payload);
        seen++;
        if (seen === wanted) {
          clearTimeout(timer);
          resolve();
        }
      },
    }).catch(reject);
  });
  await consumer.disconnect();
}

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1 }, { topic: copies, numPartitions: 1 }], waitForLeaders: true,
  });
  const source = await producer('source-' + topic);
  for (let n = 0; n < count; n += 10) {
    const aborted = await source.transaction();
    await aborted.send({ topic, messages: [{ value: 'aborted' }] });
    await aborted.abort();
    const committed = await source.transaction();
    const messages = Array.from({ length: 10 }, (_, m) => ({ value: `v${n + m}` }));
    await committed.send({ topic, messages });
    await committed.commit();
  }
  await source.disconnect();

  const copier = await producer('copier-' + topic);
  let tries = 0;
  await read(topic, group, count, async ({ partition, message }) => {
    const offset = (BigInt(message.offset) + 1n).toString();
    const offsets = { consumerGroupId: group, topics: [{ topic, partitions: [{ partition, offset }] }] };
    for (let done = false; !done;) {
      const transaction = await copier.transaction();
      await transaction.send({ topic: copies, messages: [{ value: message.value }] });
      await transaction.sendOffsets(offsets);
      done = tries++ % 4 !== 1;
      await (done ? transaction.commit() : transaction.abort());
    }
  });

  const seen = [];
  await read(copies, 'readers-of-' + copies, count, async ({ message }) => { seen.push(message.value.toString()); });
  seen.forEach((value, n) => {
    if (value !== `v${n}`) throw new Error(`copy ${n} is ${value}`);
  });
  const last = await admin.fetchTopicOffsets(topic);
  const committed = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  // The transaction's marker follows the last record.
  if (Number(committed[0].partitions[0].offset) !== Number(last[0].offset) - 1) {
    throw new Error(`committed ${JSON.stringify(committed)} of ${JSON.stringify(last)}`);
  }

  const next = await producer('copier-' + topic);
  await (await next.transaction()).abort();
  let refused = 'nothing';
  try {
    const late = await copier.transaction();
    await late.send({ topic: copies, messages: [{ value: 'late' }] });
    await late.commit();
  } catch (error) {
    refused = error.type || error.message;
  }
  await next.disconnect();
  await copier.disconnect();
  await admin.disconnect();
  console.log('kafkajs copied', seen.length, 'and the fenced producer got', refused);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
