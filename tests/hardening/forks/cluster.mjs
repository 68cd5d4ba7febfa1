// A cluster that generates tokens, in the primary and in workers, each of which has a process of its own:
// cluster.mjs WORKERS TOKENS FOLDER

import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OpenTok } from 'tokmint';

const [workers, tokens, folder, isGrandchild] = process.argv.slice(2);
const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const createTime = 1_700_000_000;
const opentok = new OpenTok('123456', '1234567890abcdef1234567890abcdef1234567890');
const session = opentok.session(SESSION_ID);

function generate(name) {
  const made = [];
  for (let count = 0; count < tokens / 2; count += 1) {
    made.push(opentok.generateToken(SESSION_ID, { createTime }), session.generateToken({ createTime }));
    made.push(opentok.generateRestToken({ createTime }), opentok.generateRestToken({ createTime }));
  }
  writeFileSync(join(folder, `${name}-${process.pid}`), `${made.join('\n')}\n`);
}

async function ended(child) {
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`a process ended with ${code}`);
}

if (isGrandchild) generate('grandchild');
else if (cluster.isPrimary) {
  const all = Array.from({ length: Number(workers) }, () => ended(cluster.fork().process));
  generate('primary');
  await Promise.all(all);
} else {
  const child = fork(fileURLToPath(import.meta.url), [workers, tokens, folder, 'grandchild']);
  generate('worker');
  await ended(child);
  process.exit(0);
}
