// SPDX-License-Identifier: Apache-2.0
// kafka-node: produces records, reads half of them in a group, and resumes where the group stopped.
//   node kafka_node.js BOOTSTRAP TOPIC COUNT COMPRESSION ("none" or "gzip")
'use strict';
const kafka = require('kafka-node');

const [kafkaHost, topic, countText, compression] = process.argv.slice(2);
const count = Number(countText);
const PATIENCE_MS = 60000;
const PORTION = 100;

const within = (promise, what) => Promise.race([
  promise,
  new Promise((resolve, reject) => setTimeout(() => reject(new Error(what() + ' took too long')), PATIENCE_MS).unref()),
]);

function produce() {
  return new Promise((resolve, reject) => {
    const client = new kafka.KafkaClient({ kafkaHost });
    const producer = new kafka.Producer(client, { requireAcks: 1 });
    producer.on('error', reject);
    producer.on('ready', () => {
      client.createTopics([{ topic, partitions: 1, replicationFactor: 1 }], (error) => {
        if (error) return reject(error);
        const send = (from) => {
          if (from >= count) return client.close(() => resolve());
          const messages = [];
          for (let n = from; n < Math.min(count, from + PORTION); n++) {
            messages.push(new kafka.KeyedMessage('k' + n, 'v' + n));
          }
          const attributes = compression === 'gzip' ? 1 : 0;
          producer.send([{ topic, partition: 0, messages, attributes }], (failed, answer) => {
            if (failed) return reject(failed);
            if (answer[topic][0] !== from) return reject(new Error('offset ' + JSON.stringify(answer)));
            send(from + PORTION);
          });
        };
        send(0);
      });
    });
  });
}

/** Reads so many records as a new member of the group and commits exactly those. */
function read(wanted) {
  const values = [];
  let last = -1;
  const reading = new Promise((resolve, reject) => {
    const group = new kafka.ConsumerGroup({
      kafkaHost, groupId: 'group-of-' + topic, fromOffset: 'earliest', autoCommit: false, sessionTimeout: 15000,
      fetchMaxBytes: 8192, protocol: ['roundrobin'],
    }, topic);
    group.on('error', reject);
    group.on('message', (message) => {
      if (values.length >= wanted) return;
      if (last >= 0 && message.offset !== last + 1) reject(new Error(`offset ${message.offset} after ${last}`));
      last = message.offset;
      values.push(message.value);
      if (values.length === wanted) {
        const commits = [{ topic, partition: 0, offset: last + 1, metadata: 'by kafka-node' }];
        group.sendOffsetCommitRequest(commits, (error) => {
          if (error) return reject(error);
          group.close(false, () => resolve(values));
        });
      }
    });
  });
  return within(reading, () => `${values.length} of ${wanted} records`);
}

async function main() {
  await within(produce(), () => 'producing');
  const first = await read(Math.floor(count / 2));
  const second = await read(count - first.length);
  const all = new Set([...first, ...second]);
  if (all.size !== count) throw new Error(`${first.length} and ${second.length} records, but ${all.size} different ones`);
  console.log('kafka-node saw', all.size);
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
