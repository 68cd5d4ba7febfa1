// Every file of tests/vectors through the installed package.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { OpenTok, TokmintError } from 'tokmint';
import { API_KEY, API_SECRET, INSTALLED, project, text, thrown, vectors } from './support.mjs';

const FILES = ['generate', 'verify', 'errors'];

test('the self-test runs every vector of the repository', () => {
  const count = FILES.map((file) => vectors(`${file}.json`).vectors.length).reduce((a, b) => a + b);
  assert.ok(count >= 540);
  for (const file of FILES) {
    const packed = JSON.parse(gunzipSync(readFileSync(join(INSTALLED, 'vectors', `${file}.json.gz`))));
    assert.deepEqual(packed, vectors(`${file}.json`));
  }
  const { status, stdout, stderr } = spawnSync('npx', ['tokmint', '--self-test'], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.match(stdout, new RegExp(`: ${count} of ${count} vectors passed\n$`));
  assert.equal(status, 0);
});

test('the self-test fails for each kind of vector that does not hold', () => {
  for (const [file, spoil] of [
    ['generate', (vector) => (vector.token += 'A')],
    ['generate', (vector) => (vector.options.nonce += 1)],
    ['verify', (vector) => (vector.expected.expire_time += 1)],
    ['errors', (vector) => (vector.number += 1)],
    ['errors', (vector) => Object.assign(vector, { api_key: API_KEY, api_secret: API_SECRET })],
  ]) {
    const copy = `spoiled-${file}`;
    cpSync(INSTALLED, copy, { recursive: true });
    const path = join(copy, 'vectors', `${file}.json.gz`);
    const spoiled = JSON.parse(gunzipSync(readFileSync(path)));
    spoil(spoiled.vectors[0]);
    writeFileSync(path, gzipSync(JSON.stringify(spoiled)));
    const { status, stderr } = spawnSync(process.execPath, [join(copy, 'self-test.js'), '--self-test'], { encoding: 'utf8' });
    assert.equal(status, 1, file);
    assert.match(stderr, new RegExp(`^FAILED ${file}.json: ${spoiled.vectors[0].name}`));
  }
});

test('the self-test does nothing unless asked', () => {
  for (const args of [[], ['--help'], ['--self-test', 'x']]) {
    const { status, stdout } = spawnSync(process.execPath, [join(INSTALLED, 'self-test.js'), ...args], { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
  }
});

/** Cases that tokmint decides otherwise than the file, each explained in the README of the vectors. */
const OTHERWISE = new Map([['gen-data-1000-emoji', 'reject'], ['ok-rs256', 'reject']]);

const isRs256 = (token) => Buffer.from(token.split('.', 1)[0], 'base64url').toString().includes('"alg":"RS256"');

function verifyCase({ input, context }) {
  const token = text(input, context);
  try {
    project.verifyToken(token, { now: context.now });
    return 'accept';
  } catch (error) {
    assert.ok(error instanceof TokmintError, String(error));
    if (isRs256(token)) assert.equal(error.code, 'unsupported_algorithm');
    return 'reject';
  }
}

function generateCase({ input, context }) {
  const {
    session_id: sessionId, format, expire_time: expireTime, initial_layout_class_list: initialLayoutClassList, data, ...rest
  } = input;
  const options = { ...rest, tokenFormat: format, initialLayoutClassList, createTime: context.now };
  if (data !== undefined) options.data = text(data);
  if (expireTime !== undefined) options.expireTime = expireTime.float === 'nan' ? NaN : expireTime;
  try {
    // There are no application credentials: such a case runs against the test project.
    const opentok = new OpenTok(context.api_key ?? API_KEY, context.secret ?? API_SECRET);
    const token = opentok.generateToken(text(sessionId), options);
    assert.equal(opentok.verifyToken(token, { now: context.now }).data, options.data ?? '');
    return 'accept';
  } catch (error) {
    if (Number.isNaN(options.expireTime)) assert.ok(error instanceof TypeError);
    else assert.ok(error instanceof TokmintError, String(error));
    return 'reject';
  }
}

test('hostile inputs are answered as declared', () => {
  const counts = { verify: 0, generate: 0, inspect: 0 };
  for (const attack of vectors('attacks.json').cases) {
    counts[attack.api] += 1;
    if (attack.api === 'inspect') continue; // There is no inspect yet.
    const verdict = { verify: verifyCase, generate: generateCase }[attack.api](attack);
    assert.equal(verdict, OTHERWISE.get(attack.id) ?? attack.expected, `${attack.id}: ${attack.reason}`);
  }
  assert.deepEqual(counts, { verify: 86, generate: 18, inspect: 5 });
});

test('tokens of the official SDKs are answered as declared', () => {
  const peers = vectors('peer_tokens.json');
  assert.equal(peers.length, 94);
  for (const peer of peers) {
    const name = `${peer.producer} ${peer.format}: ${peer.name}`;
    const options = { now: peer.verify.now };
    if (peer.format === 'jwt_rs256') {
      assert.equal(thrown(() => project.verifyToken(peer.token, options)).code, 'unsupported_algorithm', name);
      continue;
    }
    const opentok = new OpenTok(peer.api_key, peer.api_secret);
    if (peer.verify.expected === 'reject') {
      assert.ok(thrown(() => opentok.verifyToken(peer.token, options)) instanceof TokmintError, name);
      continue;
    }
    const { role, sessionId, data } = opentok.verifyToken(peer.token, options);
    const said = peer.decoded.claims ?? peer.decoded.fields;
    assert.deepEqual([role, sessionId, data], [said.role, said.session_id, said.connection_data ?? ''], name);
  }
});
