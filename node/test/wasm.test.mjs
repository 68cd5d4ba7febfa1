// The WebAssembly module behind the same JavaScript: its errors, and what happens when the host or the module fails.
// That it gives the same tokens is tested by the files that run a second time without the native binary.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as tokmint from 'tokmint';
import { hashOfRequests } from './requests.mjs';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  INSTALLED,
  PRIVATE_KEY,
  PUBLIC_KEY,
  SESSION_ID,
  thrown,
  vectors,
} from './support.mjs';

const require = createRequire(import.meta.url);
const makeApi = require(join(INSTALLED, 'api.js'));
const instantiate = require(join(INSTALLED, 'wasm.js'));
const runVectors = require(join(INSTALLED, 'run-vectors.js'));
const native = require(join(INSTALLED, 'native.js'));
const released = new WebAssembly.Module(readFileSync(join(INSTALLED, 'tokmint.wasm')));
const portable = makeApi(instantiate(released));

/** The module, in an instance whose exports are replaced by those that `change` returns. */
function changed(module, change) {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    get exports() {
      return { ...super.exports, ...change(super.exports) };
    }
  };
  try {
    return instantiate(module);
  } finally {
    WebAssembly.Instance = Instance;
  }
}

test('the module is the one that is embedded, imports a clock and randomness, and is small', () => {
  const bytes = readFileSync(join(INSTALLED, 'tokmint.wasm'));
  assert.equal(require(join(INSTALLED, 'wasm-base64.js')), bytes.toString('base64'));
  assert.deepEqual(
    WebAssembly.Module.imports(released).map(({ module, name }) => `${module}.${name}`),
    ['host.now', 'host.random'],
  );
  assert.ok(!bytes.includes('a deliberate panic'));
});

test('it has the functions of the native binary but for the command line, and two more', () => {
  const functions = instantiate(released);
  const { runCommandLine, ...others } = native;
  assert.equal(typeof runCommandLine, 'function');
  assert.deepEqual(
    Object.keys(functions).sort(),
    [...Object.keys(others), 'inspectTokenJson', 'sessionIdParts'].sort(),
  );
  assert.equal(functions.version(), native.version());
  assert.deepEqual(functions.errorNumbers(), native.errorNumbers());
  const json = JSON.parse(functions.inspectTokenJson(undefined, 'x', 0, undefined));
  assert.equal(json.findings[0].code, 'malformed_token');
  assert.equal(functions.sessionIdParts(SESSION_ID)[0], API_KEY);
});

/** The message of every error that the vectors give, in their order. */
function messages({ TokmintError, ...api }) {
  const all = [];
  const recorded = {
    [Symbol.hasInstance](error) {
      all.push([error.code, error.message]);
      return error instanceof TokmintError;
    },
  };
  // One vector of each other file, which has no errors: RSA takes long in the module.
  const read = (name) => {
    const file = vectors(`${name}.json`);
    return ['errors', 'verify', 'keys'].includes(name) ? file : { ...file, vectors: file.vectors.slice(0, 1) };
  };
  assert.deepEqual(runVectors({ ...api, TokmintError: recorded }, read).run().failed, []);
  return all;
}

test('every error of the vectors has the message that native code gives it', () => {
  const [ours, theirs] = [messages(portable), messages(tokmint)];
  assert.ok(ours.length >= 1000);
  assert.deepEqual(ours, theirs);
});

test('10,000 requests return the same bytes as native code', async () => {
  const keys = { privateKey: PRIVATE_KEY, publicKey: PUBLIC_KEY };
  const [ours, theirs] = [await hashOfRequests(portable, keys), await hashOfRequests(tokmint, keys)];
  assert.equal(ours.requests, 10_000);
  assert.ok(ours.refused > 1000 && ours.refused < 5000);
  assert.deepEqual(ours, theirs);
});

test('every length of a string arrives whole', () => {
  const opentok = new portable.OpenTok(API_KEY, API_SECRET);
  const fixed = { createTime: 1_700_000_000, nonce: 1 };
  const project = new tokmint.OpenTok(API_KEY, API_SECRET);
  for (const character of ['x', 'é', '€', '\u{1f600}', '\ufeff', '\ufffd']) {
    for (let length = 0; length * character.length <= 1000; length = length < 70 ? length + 1 : length * 2) {
      // ASCII in front of the rest, and alone.
      const data = `x${character.repeat(length)}`.slice(0, 1000);
      const options = { ...fixed, data };
      assert.equal(opentok.generateToken(SESSION_ID, options), project.generateToken(SESSION_ID, options));
    }
  }
  for (const data of ['\ud800', `${'x'.repeat(100)}\udc00`, '\ud83d\ud83d\ude00'])
    assert.equal(thrown(() => opentok.generateToken(SESSION_ID, { data })).code, 'invalid_data');
  // A large argument, and the next call after it.
  for (const length of [70_000, 5_000_000]) {
    assert.equal(thrown(() => opentok.generateToken('x'.repeat(length))).code, 'invalid_session_id');
    assert.equal(opentok.apiKey, API_KEY);
  }
});

test('a Uint8Array that lies about its length, and one of shared memory, are read as they are', () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(PUBLIC_KEY.length));
  bytes.set(Buffer.from(PUBLIC_KEY));
  const id = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
  for (const length of [0, 1, 1e9]) {
    Object.defineProperty(bytes, 'length', { value: length, configurable: true });
    assert.equal(portable.OpenTok.verifier(id, bytes).applicationId, id);
  }
});

test('arguments for which there is no memory are refused, and the next call works', () => {
  let isFull = true;
  const { OpenTok } = makeApi(
    changed(released, ({ reserve }) => ({ reserve: (length) => (isFull && length > 1000 ? 0 : reserve(length)) })),
  );
  const opentok = new OpenTok(API_KEY, API_SECRET);
  const error = thrown(() => opentok.generateToken(SESSION_ID, { data: 'x'.repeat(1000) }));
  assert.deepEqual([error.name, error.code], ['TokmintError', 'invalid_size']);
  isFull = false;
  assert.ok(opentok.generateToken(SESSION_ID, { data: 'x'.repeat(1000) }));
});

test('after a panic every call is refused, without the module, and other instances work', () => {
  const panicking = new WebAssembly.Module(readFileSync('panic.wasm'));
  for (const call of [
    ({ OpenTok }) => new OpenTok(API_KEY, 'panic'),
    ({ OpenTok }) => OpenTok.verifier('x', 'panic'),
    (_, opentok) => opentok.session('panic'),
    (_, opentok) => opentok.generateToken(SESSION_ID, { jti: 'panic' }),
    (_, opentok) => opentok.generateRestToken({ jti: 'panic' }),
    (_, opentok) => opentok.verifyToken('x', { sessionId: 'panic' }),
    ({ inspectToken }) => inspectToken('x', { sessionId: 'panic' }),
  ]) {
    let entered = 0;
    let memory;
    const count =
      (run) =>
      (...values) => {
        entered += 1;
        return run(...values);
      };
    const counted = ({ memory: own, __data_end, __heap_base, ...functions }) => {
      memory = own;
      return Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, count(run)]));
    };
    const api = makeApi(changed(panicking, counted));
    const opentok = new api.OpenTok(API_KEY, API_SECRET);
    const session = opentok.session(SESSION_ID);
    const refused = (again) => {
      const error = thrown(again);
      assert.ok(error instanceof api.TokmintError, String(error));
      assert.deepEqual([error.code, error.number], ['panic', 999]);
      assert.match(error.message, /^the WebAssembly module of tokmint failed, which is a defect of tokmint/);
    };
    refused(() => call(api, opentok));
    const before = entered;
    // What it held is wiped.
    assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 0));
    for (const again of [
      () => new api.OpenTok(API_KEY, API_SECRET),
      () => opentok.generateToken(SESSION_ID),
      () => session.generateToken(),
      () => session.sessionId,
      () => api.inspectToken('x'),
    ])
      refused(again);
    assert.equal(entered, before);
  }
  assert.equal(new portable.OpenTok(API_KEY, API_SECRET).apiKey, API_KEY);
});

test('the end of the stack within the module is a panic too', () => {
  const { OpenTok } = makeApi(
    changed(released, () => ({
      generate_token() {
        throw new RangeError('Maximum call stack size exceeded');
      },
    })),
  );
  const opentok = new OpenTok(API_KEY, API_SECRET);
  for (const call of [() => opentok.generateToken(SESSION_ID), () => opentok.apiKey])
    assert.equal(thrown(call).code, 'panic');
});

test('near the end of the stack a call is a RangeError, and the next one works', () => {
  const opentok = new portable.OpenTok(API_KEY, API_SECRET);
  const token = opentok.generateToken(SESSION_ID);
  const results = new Map();
  for (const call of [
    () => opentok.generateToken(SESSION_ID, { data: 'é'.repeat(900) }),
    () => opentok.generateToken(SESSION_ID, { tokenFormat: 't1' }),
    () => opentok.verifyToken(token),
    () => opentok.inspectToken(`${token}%20`),
    () => opentok.session(SESSION_ID),
    () => new portable.OpenTok(API_KEY, API_SECRET),
  ]) {
    // V8 compiles a function when it runs first, which takes more of the stack.
    call();
    let tries = 0;
    const descend = () => {
      try {
        descend();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      tries += 1;
      if (tries > 600) return;
      let result = 'ok';
      try {
        call();
      } catch (error) {
        result = error.constructor === RangeError ? 'RangeError' : String(error);
      }
      results.set(result, (results.get(result) ?? 0) + 1);
    };
    descend();
  }
  assert.deepEqual([...results.keys()].sort(), ['RangeError', 'ok']);
});

test('a call that is ended from outside leaves nothing to the next one', () => {
  const inner = { createTime: 1_800_000_000, nonce: 6, data: `admin${'é'.repeat(400)}`, role: 'moderator' };
  const options = { createTime: 1_800_000_000, nonce: 5, data: 'user', role: 'subscriber' };
  const expected = new portable.OpenTok(API_KEY, API_SECRET).generateToken(SESSION_ID, options);
  let opentok;
  let ended = 0;
  for (let round = 0; round < 400; round += 1) {
    opentok ??= new (makeApi(instantiate(released)).OpenTok)(API_KEY, API_SECRET);
    const generate = () => opentok.generateToken(SESSION_ID, inner);
    try {
      runInNewContext('for (;;) generate()', { generate }, { timeout: 1 + (round % 3) });
    } catch (error) {
      assert.equal(error.code, 'ERR_SCRIPT_EXECUTION_TIMEOUT');
      ended += 1;
    }
    try {
      assert.equal(opentok.generateToken(SESSION_ID, options), expected);
    } catch (error) {
      // The module was in the middle of a call.
      assert.equal(error.code, 'panic');
      opentok = undefined;
    }
  }
  assert.equal(ended, 400);
});

test('handles are of one instance', () => {
  const [one, other] = [instantiate(released), instantiate(released)];
  const handle = one.create(API_KEY, API_SECRET);
  assert.equal(one.apiKey(handle), API_KEY);
  for (const foreign of [handle, native.create(API_KEY, API_SECRET), {}, Object.create(handle)])
    assert.throws(() => other.apiKey(foreign));
  assert.equal(one.apiKey(handle), API_KEY);
});

/** Runs a program with the module in a process of its own, and returns what it prints. */
function run(program, ...options) {
  const setup = `const portable = () => require('./node_modules/tokmint/api.js')(require('./node_modules/tokmint/embedded.js'));
    const [KEY, SECRET, ID] = ${JSON.stringify([API_KEY, API_SECRET, SESSION_ID])};
    const code = (call) => { try { return typeof call(); } catch (error) { return error.code; } };`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, '-e', setup + program], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
  return JSON.parse(stdout);
}

test('a host without a clock or without randomness is an error with a code', () => {
  const calls = `const { OpenTok } = portable();
    const opentok = new OpenTok(KEY, SECRET);
    const pem = require('node:fs').readFileSync('private.key');
    const application = OpenTok.forApplication('${APPLICATION_ID}', pem);
    const SESSION = '${APPLICATION_SESSION_ID}';
    console.log(JSON.stringify([
      code(() => opentok.generateToken(ID)),
      code(() => opentok.generateToken(ID, { createTime: 1700000000 })),
      code(() => opentok.generateToken(ID, { nonce: 1 })),
      code(() => opentok.verifyToken('x', { now: 1700000000 })),
      code(() => application.generateToken(SESSION, { createTime: 1700000000, jti: '01234567-89ab-4def-8123-456789abcdef' })),
    ]));`;
  assert.deepEqual(run(calls), ['string', 'string', 'string', 'malformed_token', 'string']);
  for (const clock of ['() => NaN', '() => 0', 'undefined', '() => { throw 1 }', '() => -5', '() => Symbol()']) {
    const results = ['system_clock', 'string', 'system_clock', 'malformed_token', 'string'];
    assert.deepEqual(run(`Date.now = ${clock};${calls}`), results, clock);
  }
  for (const crypto of ['undefined', '{}', '{ getRandomValues() { throw 1 } }']) {
    const program = `Object.defineProperty(globalThis, 'crypto', { value: ${crypto} });${calls}`;
    const results = ['system_random', 'system_random', 'string', 'malformed_token', 'system_random'];
    assert.deepEqual(run(program), results, crypto);
  }
});

test('where the module may not be compiled, the error says what a page must allow', () => {
  const program = `WebAssembly.Module = function () { throw new WebAssembly.CompileError('refused'); };
    try { portable(); } catch (error) { console.log(JSON.stringify(error.message)); }`;
  assert.equal(
    run(program),
    'the WebAssembly module of tokmint cannot be compiled here (refused); a page with a Content-Security-Policy must have ' +
      "'wasm-unsafe-eval' in its script-src",
  );
});

test('each thread has an instance of its own, and none generates a nonce of another', () => {
  const options = ['--no-addons', '--disable-warning=TOKMINT_WASM'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...options, 'programs/session-threads.mjs', '40000'],
    {
      encoding: 'utf8',
    },
  );
  assert.deepEqual([status, stderr], [0, '']);
  const { tokens, different } = JSON.parse(stdout);
  assert.deepEqual([tokens, different], [40_000, 40_000]);
});

test('what the garbage collector takes is freed in the module too', () => {
  const size = `const { Instance } = WebAssembly;
    let memory;
    WebAssembly.Instance = function (...values) {
      const instance = new Instance(...values);
      memory = instance.exports.memory;
      return instance;
    };
    const { OpenTok } = portable();
    const opentok = new OpenTok(KEY, SECRET);
    const use = async (count) => {
      for (let i = 0; i < count; i += 1) {
        [...opentok.session(ID).generateTokens([{}])];
        new OpenTok(KEY, SECRET);
        if (i % 1000 === 0) {
          gc();
          await new Promise(setImmediate);
        }
      }
      return memory.buffer.byteLength;
    };
    (async () => console.log(JSON.stringify([await use(5000), await use(20_000)])))();`;
  const [warm, after] = run(size, '--expose-gc');
  // The 60,000 handles would take 30 MB.
  assert.equal(after, warm);
});

test('nothing of a secret or a private key stays in memory', () => {
  const results = run(
    `const { Instance } = WebAssembly;
    const buffers = [];
    let memory;
    WebAssembly.Instance = function (...values) {
      const instance = new Instance(...values);
      memory = instance.exports.memory;
      return instance;
    };
    // Where the arguments of long strings are written before they go into the module.
    const { encodeInto } = TextEncoder.prototype;
    TextEncoder.prototype.encodeInto = function (string, bytes) {
      buffers.push(bytes.buffer);
      return encodeInto.call(this, string, bytes);
    };
    const { OpenTok } = portable();
    const pem = require('node:fs').readFileSync('private.key', 'utf8');
    const { d, p, q } = require('node:crypto').createPrivateKey(pem).export({ format: 'jwk' });
    const pad = (byte) => Buffer.from(SECRET).map((secret) => secret ^ byte);
    const numbers = [d, p, q].map((number) => Buffer.from(number, 'base64url'));
    const secrets = {
      secret: [Buffer.from(SECRET), pad(0x36), pad(0x5c)],
      pem: pem.split('\\n').filter((line) => line.length === 64).map((line) => Buffer.from(line)),
      // Any eight bytes of a number, in the order of its digits or of the machine.
      numbers: numbers.flatMap((number) => [number, Buffer.from(number).reverse()]).flatMap((number) =>
        Array.from({ length: number.length / 8 }, (_, index) => number.subarray(8 * index, 8 * index + 8))),
    };
    const found = (buffer) => Object.keys(secrets).filter((name) => secrets[name].some((it) => Buffer.from(buffer).includes(it)));
    const results = {};
    (function use() {
      const opentok = new OpenTok(KEY, SECRET);
      const session = opentok.session(ID);
      const token = opentok.generateToken(ID);
      const list = [...session.generateTokens([{}, {}, {}, { tokenFormat: 't1' }, { tokenFormat: 't1' }])];
      for (const one of [token, session.generateToken(), ...list]) opentok.verifyToken(one);
      opentok.inspectToken(new OpenTok(KEY, SECRET.toUpperCase()).generateToken(ID));
      opentok.generateRestToken();
      const application = OpenTok.forApplication('a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9', pem);
      application.verifyToken(application.generateToken('2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg'));
      // What no handle holds.
      for (const refused of [() => new OpenTok('x', SECRET), () => OpenTok.forApplication('x', pem), () => OpenTok.verifier('a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9', pem)]) code(refused);
      results.seen = found(memory.buffer);
    })();
    results.buffers = buffers.length;
    results.left = buffers.flatMap(found);
    (async () => {
      for (let i = 0; i < 20; i += 1) {
        gc();
        await new Promise(setImmediate);
      }
      results.after = found(memory.buffer);
      console.log(JSON.stringify(results));
    })();`,
    '--expose-gc',
  );
  // What a handle needs is found while it lives, so the search works.
  assert.deepEqual(results, { buffers: results.buffers, seen: ['secret', 'numbers'], left: [], after: [] });
  assert.ok(results.buffers >= 20);
});
