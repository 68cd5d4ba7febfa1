// The self-test in the installed package.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { API_KEY, API_SECRET, INSTALLED, vectors } from './support.mjs';

const FILES = ['generate', 'verify', 'errors', 'inspect', 'rest', 'keys'];

test('the self-test runs every vector of the repository', () => {
  const count = FILES.map((file) => vectors(`${file}.json`))
    .map(({ vectors, keys }) => (vectors ?? Object.keys(keys)).length)
    .reduce((a, b) => a + b);
  assert.ok(count >= 2100);
  for (const file of FILES) {
    const packed = JSON.parse(gunzipSync(readFileSync(join(INSTALLED, 'vectors', `${file}.json.gz`))));
    assert.deepEqual(packed, vectors(`${file}.json`));
  }
  const { status, stdout, stderr } = spawnSync('npx', ['tokmint', 'self-test'], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.match(stdout, new RegExp(`: ${count} of ${count} vectors passed\n$`));
  assert.equal(status, 0);
});

/** Runs the self-test of a copy of the package, in which a file of vectors is other than it was. */
function runSpoiled(file, spoil) {
  const copy = `spoiled-${file}`;
  cpSync(INSTALLED, copy, { recursive: true });
  const path = join(copy, 'vectors', `${file}.json.gz`);
  const vectors = JSON.parse(gunzipSync(readFileSync(path)));
  const spoiled = spoil(vectors) ?? vectors;
  writeFileSync(path, gzipSync(JSON.stringify(spoiled)));
  return spawnSync(process.execPath, [join(copy, 'cli.js'), 'self-test'], { encoding: 'utf8' });
}

test('the self-test fails for a file without vectors', () => {
  for (const file of FILES) {
    const { status, stderr } = runSpoiled(file, ({ keys }) => (file === 'keys' ? { keys: {} } : { keys, vectors: [] }));
    assert.equal(status, 1, file);
    assert.match(stderr, new RegExp(`^FAILED ${file}.json: it has no vectors$`, 'm'));
  }
});

test('the self-test fails for each kind of vector that does not hold', () => {
  for (const [file, spoil] of [
    ['generate', (vector) => (vector.token += 'A')],
    ['generate', (vector) => (vector.options.nonce += 1)],
    ['verify', (vector) => (vector.expected.expire_time += 1)],
    ['errors', (vector) => (vector.number += 1)],
    ['inspect', (vector) => vector.expected.findings.push('token_expired')],
    ['inspect', (vector) => (vector.expected.remaining_lifetime += 1)],
    ['errors', (vector) => Object.assign(vector, { api_key: API_KEY, api_secret: API_SECRET })],
    ['rest', (vector) => (vector.options.create_time += 1)],
    ['keys', (pair, keys) => (pair.public_key = keys.other.public_key)],
  ]) {
    let failing;
    const { status, stderr } = runSpoiled(file, ({ keys, vectors }) => {
      const [name, vector] = keys ? Object.entries(keys)[0] : [vectors[0].name, vectors[0]];
      failing = name;
      spoil(vector, keys);
    });
    assert.equal(status, 1, file);
    assert.match(stderr, new RegExp(`^FAILED ${file}.json: ${failing}: `, 'm'));
  }
});
