// Threads, processes and memory, each in a process of its own.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

function run(...args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.deepEqual({ status, signal, stderr }, { status: 0, signal: null, stderr: '' });
  return stdout;
}

test('20 threads at once load tokmint, sign, and are terminated while busy', () => {
  const rounds = process.env.TOKMINT_LONG ? 200 : 30;
  assert.equal(run('programs/threads.mjs', `${rounds}`), `${20 * rounds}\n`);
});

test('a cluster generates no token twice', () => {
  assert.equal(run('programs/cluster.mjs'), '250000 250000\n');
});

test('sessions of 8 threads generate no nonce twice, and memory does not grow with the tokens', () => {
  const tokens = 8 * Math.ceil(Number(process.env.TOKMINT_TOKENS || 200_000) / 8);
  const { growth, ...counts } = JSON.parse(run('programs/session-threads.mjs', `${tokens}`));
  assert.deepEqual(counts, { tokens, different: tokens });
  // V8's heaps of eight threads vary by some megabytes.
  assert.ok(growth < 64e6, `${growth} bytes`);
});

test('memory does not grow', () => {
  const growth = JSON.parse(run('--expose-gc', 'programs/memory.mjs'));
  // A leak of 16 bytes a call would be 16 MB of a million calls. What V8 itself keeps varies by some megabytes.
  for (const [name, bytes] of Object.entries(growth)) assert.ok(bytes < 8e6, `${name}: ${bytes} bytes`);
});
