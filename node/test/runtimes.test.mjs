// The installed package in every runtime that loads Node-API binaries.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const isLong = Boolean(process.env.TOKMINT_LONG);

/** The binary in a package that npm chose for this machine; no install script has put it anywhere else. */
function binary(scope, ...path) {
  return join('node_modules', scope, readdirSync(join('node_modules', scope))[0], ...path);
}

for (const [name, program] of [
  ['Node', () => [process.execPath]],
  ['Bun', () => [binary('@oven', 'bin/bun')]],
  ['Deno', () => [binary('@deno', 'deno'), 'run', '--allow-ffi', '--allow-read']],
]) {
  const skip = name !== 'Node' && !isLong && 'installing it takes 100 MB: run `make test-node-long`';
  test(`${name} runs the vectors and behaves as the others do`, { skip }, () => {
    const [path, ...options] = program();
    for (const [args, expected] of [
      [['programs/runtime.mjs'], /^alike\n$/],
      [['node_modules/tokmint/self-test.js', '--self-test'], /: (\d+) of \1 vectors passed\n$/],
    ]) {
      const { status, stdout, stderr } = spawnSync(path, [...options, ...args], { encoding: 'utf8' });
      assert.match(stdout, expected, stderr);
      assert.equal(status, 0);
    }
  });
}
