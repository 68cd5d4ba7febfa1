// Generates tokens in the primary and in four workers of a cluster at once, and prints how many there are and how many
// differ. Times and options are the same for all, so that nothing but the nonce tells tokens apart.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { OpenTok } from 'tokmint';

const TOKENS = 50_000;
const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const opentok = new OpenTok('123456', '1234567890abcdef1234567890abcdef1234567890');
const generate = () =>
  Array.from({ length: TOKENS }, () => opentok.generateToken(SESSION_ID, { createTime: 1700000000 }));

if (cluster.isPrimary) {
  const tokens = generate();
  const workers = Array.from({ length: 4 }, () => cluster.fork());
  for (const [list] of await Promise.all(workers.map((worker) => once(worker, 'message')))) tokens.push(...list);
  for (const worker of workers) worker.disconnect();
  console.log(tokens.length, new Set(tokens).size);
} else {
  process.send(generate());
}
