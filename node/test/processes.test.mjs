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

test('memory does not grow', () => {
  const growth = JSON.parse(run('--expose-gc', 'programs/memory.mjs'));
  // A leak of 16 bytes a call would be 16 MB of a million calls. What V8 itself keeps varies by some megabytes.
  for (const [name, bytes] of Object.entries(growth)) assert.ok(bytes < 8e6, `${name}: ${bytes} bytes`);
});
