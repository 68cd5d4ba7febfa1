// Generates TOKENS tokens with the sessions of eight threads, half of them in batches, and prints how many nonces there
// are, how many differ, and by how many bytes the process grew after each thread had generated a fifth of its tokens.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { OpenTok } from 'tokmint';

const THREADS = 8;
const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';

if (isMainThread) {
  const count = Math.floor(Number(process.argv[2]) / THREADS);
  // Every page is touched before the memory is measured.
  const nonces = new Float64Array(new SharedArrayBuffer(8 * count * THREADS)).fill(-1);
  const workers = Array.from({ length: THREADS }, (_, thread) => {
    const mine = nonces.subarray(thread * count, (thread + 1) * count);
    return new Worker(new URL(import.meta.url), { workerData: { mine, isBatch: thread % 2 === 1 } });
  });
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const warm = process.memoryUsage.rss();
  for (const worker of workers) worker.postMessage('go on');
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const growth = process.memoryUsage.rss() - warm;
  for (const worker of workers) worker.postMessage('end');
  const all = nonces.toSorted();
  const different = all.filter((nonce, i) => nonce >= 0 && nonce !== all[i - 1]).length;
  console.log(JSON.stringify({ tokens: all.length, different, growth }));
} else {
  const { mine, isBatch } = workerData;
  const session = new OpenTok('123456', '1234567890abcdef1234567890abcdef1234567890').session(SESSION_ID);
  function* endless() {
    for (;;) yield { role: 'moderator', data: 'x' };
  }
  const batch = session.generateTokens(endless());
  const generate = () => (isBatch ? batch.next().value : session.generateToken({ role: 'moderator', data: 'x' }));
  const nonce = () => JSON.parse(Buffer.from(generate().split('.')[1], 'base64url')).nonce;
  const warm = Math.floor(mine.length / 5);
  for (let i = 0; i < warm; i += 1) mine[i] = nonce();
  parentPort.postMessage('warm');
  await once(parentPort, 'message');
  for (let i = warm; i < mine.length; i += 1) mine[i] = nonce();
  parentPort.postMessage('done');
  await once(parentPort, 'message');
}
