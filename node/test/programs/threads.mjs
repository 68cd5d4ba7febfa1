// ROUNDS times: starts 20 threads that load tokmint and sign, and terminates them while they are busy.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const ROUNDS = Number(process.argv[2]);
let ended = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const workers = Array.from({ length: 20 }, () => new Worker(new URL('./thread.cjs', import.meta.url)));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  await Promise.all(
    workers.map(async (worker) => {
      worker.postMessage('go');
      const [message] = await once(worker, 'message');
      if (message === 'busy' && (await worker.terminate()) === 1) ended += 1;
    }),
  );
}
console.log(ended);
