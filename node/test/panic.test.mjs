// A deliberate panic, which only a binary built for this test has, is an ordinary error, and the process lives.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  INSTALLED,
  PUBLIC_KEY,
  REPOSITORY,
  SESSION_ID,
  thrown,
} from './support.mjs';

const require = createRequire(import.meta.url);
const binary = readdirSync(INSTALLED).find((name) => name.endsWith('.node'));

test('a panic in any function is an error with the code panic', () => {
  cpSync(INSTALLED, 'panicking', { recursive: true });
  copyFileSync('panic.node', join('panicking', binary));
  const { OpenTok, TokmintError, inspectToken } = require('./panicking/index.js');
  const opentok = new OpenTok(API_KEY, API_SECRET);
  for (const call of [
    () => new OpenTok('panic', API_SECRET),
    () => new OpenTok(API_KEY, 'panic'),
    () => OpenTok.forApplication('panic', PUBLIC_KEY),
    () => OpenTok.forApplication(APPLICATION_ID, 'panic'),
    () => OpenTok.verifier('panic', PUBLIC_KEY),
    () => OpenTok.verifier(APPLICATION_ID, 'panic'),
    () => opentok.generateRestToken({ jti: 'panic' }),
    () => opentok.generateToken('panic'),
    () => opentok.session('panic'),
    () => opentok.session(SESSION_ID).generateToken({ data: 'panic' }),
    () => opentok.session(SESSION_ID).verifyToken('panic'),
    () => opentok.generateToken(SESSION_ID, { role: 'panic' }),
    () => opentok.generateToken(SESSION_ID, { data: 'panic' }),
    () => opentok.generateToken(SESSION_ID, { initialLayoutClassList: ['panic'] }),
    () => opentok.verifyToken('panic'),
    () => opentok.verifyToken(opentok.generateToken(SESSION_ID), { sessionId: 'panic' }),
    () => opentok.inspectToken('panic'),
    () => inspectToken('panic'),
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof TokmintError);
    assert.deepEqual([error.code, error.number], ['panic', 999]);
    assert.equal(error.message, 'the native code of tokmint failed, which is a defect of tokmint: please report it');
    assert.equal(opentok.verifyToken(opentok.generateToken(SESSION_ID, { data: 'alive' })).data, 'alive');
  }
  const batch = opentok.session(SESSION_ID).generateTokens([{ data: 'panic' }, { data: 'alive' }]);
  assert.equal(batch.next().value.code, 'panic');
  assert.equal(opentok.verifyToken(batch.next().value).data, 'alive');

  // Its handles are of the same kind, but not those of the installed binary.
  const [native, other] = [require(join(INSTALLED, 'native.js')), require('./panicking/native.js')];
  const foreign = other.create(API_KEY, API_SECRET);
  assert.equal(other.apiKey(foreign), API_KEY);
  assert.equal(thrown(() => native.apiKey(foreign)).code, 'panic');
});

test('every exported function catches panics', () => {
  const source = readFileSync(join(REPOSITORY, 'bindings/node/src/lib.rs'), 'utf8');
  const attributes = source.match(/#\[napi[^\]]*\]/g);
  const { generateToken, ...native } = require(join(INSTALLED, 'native.js'));
  assert.equal(typeof generateToken, 'function');
  // One is added by hand, and catches panics as the test above shows.
  assert.deepEqual(
    attributes.toSorted(),
    [...Object.keys(native).map(() => '#[napi(catch_unwind)]'), '#[napi(module_exports)]'].sort(),
  );
  const others = readdirSync(join(REPOSITORY, 'bindings/node/src')).filter((name) => name !== 'lib.rs');
  for (const name of others)
    assert.doesNotMatch(readFileSync(join(REPOSITORY, 'bindings/node/src', name), 'utf8'), /#\[napi/);
});

test('the released binary has no deliberate panic, and exports nothing but its registration', () => {
  assert.ok(readFileSync('panic.node').includes('a deliberate panic'));
  assert.ok(!readFileSync(join(INSTALLED, binary)).includes('a deliberate panic'));
  const { stdout } = spawnSync('nm', ['--dynamic', '--defined-only', join(INSTALLED, binary)], { encoding: 'utf8' });
  const symbols = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').at(-1))
    .filter((name) => !name.startsWith('napi_register_module'));
  assert.deepEqual(symbols, []);
});
