// What the class accepts, refuses and shows.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { inspect } from 'node:util';
import vm from 'node:vm';
import * as esm from 'tokmint';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  INSTALLED,
  isPortable,
  project,
  SESSION_ID,
  thrown,
  vectors,
} from './support.mjs';

const { OpenTok, TokmintError, inspectToken } = esm;
const require = createRequire(import.meta.url);
const generate = (options) => project.generateToken(SESSION_ID, options);
const NOW = 1700000000;
const FIXED = { createTime: NOW, nonce: 1 };

test('import and require give the same classes', () => {
  const cjs = require('tokmint');
  assert.deepEqual(Object.keys(cjs).sort(), Object.keys(esm).sort());
  assert.equal(cjs.OpenTok, OpenTok);
  assert.equal(cjs.TokmintError, TokmintError);
  assert.equal(cjs.Session, esm.Session);
  assert.equal(cjs.inspectToken, inspectToken);
  assert.ok(thrown(() => new cjs.OpenTok('x', 'y')) instanceof TokmintError);
});

test('an error is an Error with a code, a number and a stack that starts at the caller', () => {
  for (const [call, code, number] of [
    [() => new OpenTok('x', API_SECRET), 'invalid_api_key', 100],
    [() => generate({ role: 'admin' }), 'invalid_role', 300],
    [() => project.verifyToken('x'), 'malformed_token', 400],
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof TokmintError && error instanceof Error);
    assert.deepEqual([error.name, error.code, error.number], ['TokmintError', code, number]);
    assert.match(String(error), /^TokmintError: the /);
    assert.match(error.stack.split('\n')[1], /api\.test\.mjs/);
    assert.deepEqual(Object.keys(error), ['code', 'number']);
  }
});

test('the API key may be an integer', () => {
  assert.equal(new OpenTok(123456, API_SECRET).apiKey, API_KEY);
  assert.equal(new OpenTok(123456, API_SECRET).generateToken(SESSION_ID, FIXED), generate(FIXED));
  for (const key of [1.5, NaN, Infinity, 2 ** 53, 123456n, null, undefined, {}, ['123456']]) {
    assert.ok(thrown(() => new OpenTok(key, API_SECRET)) instanceof TypeError, String(key));
  }
  assert.equal(thrown(() => new OpenTok(-5, API_SECRET)).code, 'invalid_api_key');
  for (const secret of [undefined, null, 5, Buffer.from(API_SECRET), new String(API_SECRET)]) {
    assert.ok(thrown(() => new OpenTok(API_KEY, secret)) instanceof TypeError);
  }
  assert.ok(thrown(() => OpenTok(API_KEY, API_SECRET)) instanceof TypeError);
});

test('wrong types are TypeErrors that name the option and never show the value', () => {
  const wrong = {
    role: [5, null, ['moderator'], {}],
    expireTime: [NaN, Infinity, -Infinity, '1700003600', new Date(NaN), null, 5n, {}, [], true],
    expiresIn: [NaN, -Infinity, '3600', null, new Date()],
    data: [5, null, {}, [], true, Buffer.from('x')],
    initialLayoutClassList: [
      'focus',
      null,
      {},
      [5],
      ['focus', null],
      ['focus', undefined],
      new Set(['focus']),
      new Array(5),
      Object.assign(['focus'], { length: 2 ** 32 - 1 }),
    ],
    tokenFormat: [1, true, null],
    createTime: [NaN, '0', null, Symbol('0')],
    nonce: [NaN, 0.5, 2 ** 32 + 0.5, '1', null, 1n, new Date()],
    jti: [5, null, {}, [], Buffer.from('x')],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const error = thrown(() => generate({ [name]: value }));
      assert.ok(error instanceof TypeError, `${name}: ${inspect(value)}: ${error}`);
      assert.match(error.message, new RegExp(`^${name}`));
    }
  }
  for (const [name, value] of [
    ['now', '0'],
    ['now', NaN],
    ['leeway', Infinity],
    ['leeway', '0'],
    ['sessionId', 5],
  ]) {
    const error = thrown(() => project.verifyToken(generate(), { [name]: value }));
    assert.ok(error instanceof TypeError);
    assert.match(error.message, new RegExp(`^${name}`));
  }
  for (const sessionId of [undefined, null, 5, {}, [SESSION_ID]]) {
    assert.match(thrown(() => project.generateToken(sessionId)).message, /^sessionId must be a string/);
    assert.match(thrown(() => project.verifyToken(sessionId)).message, /^token must be a string/);
  }
  const message = thrown(() => generate({ expireTime: 'a private string' })).message;
  assert.equal(message, 'expireTime must be a finite number of Unix seconds, or a valid Date, but is a string');
  assert.match(thrown(() => generate({ expireTime: new Date(NaN) })).message, /but is NaN$/);
});

test('unknown options are named', () => {
  for (const name of ['expire', 'expire_time', 'session_id', 'sessionId', 'api_key', 'ROLE', '__proto__x', 'ttl']) {
    const error = thrown(() => generate({ [name]: 'x' }));
    assert.ok(error instanceof TypeError);
    assert.equal(error.message, `generateToken has no option "${name}"`);
    assert.equal(
      thrown(() => project.verifyToken('x', { [`${name}_`]: 'x' })).message,
      `verifyToken has no option "${name}_"`,
    );
  }
  // From JSON, this is a property of its own.
  assert.match(
    thrown(() => generate(JSON.parse('{"__proto__": {"role": "moderator"}}'))).message,
    /no option "__proto__"/,
  );
});

test('options are a plain object, of any realm, or an instance of a class', async () => {
  const role = (options) => project.verifyToken(generate(options)).role;
  for (const [options, kind] of [
    [null, 'null'],
    [5, 'a number'],
    ['x', 'a string'],
    [true, 'a boolean'],
    [() => {}, 'a function'],
    [[], 'an object (Array)'],
    [new Date(), 'an object (Date)'],
    [new Map([['role', 'moderator']]), 'an object (Map)'],
    [Promise.resolve({ role: 'moderator' }), 'an object (Promise)'],
  ]) {
    const error = thrown(() => generate(options));
    assert.ok(error instanceof TypeError, inspect(options));
    assert.equal(error.message, `options must be a plain object, but is ${kind}`);
  }
  class Fields {
    role = 'moderator';
    data = undefined;
    toJSON() {}
  }
  class Getters {
    #role = 'moderator';
    get role() {
      return this.#role;
    }
    set role(role) {
      this.#role = role;
    }
  }
  class Override extends Getters {
    get role() {
      return 'subscriber';
    }
  }
  for (const options of [
    { __proto__: null, role: 'moderator' },
    await import('data:text/javascript,export const role = "moderator"'),
    vm.runInNewContext('({ role: "moderator" })'),
    vm.runInNewContext('new (class { get role() { return "moderator" } })()'),
    new Proxy({ role: 'moderator' }, {}),
    new Fields(),
    new Getters(),
  ]) {
    assert.equal(role(options), 'moderator', inspect(options));
  }
  assert.equal(role(new Override()), 'subscriber');
  assert.equal(role(Object.assign(Object.create(new Fields()), { role: 'subscriber', data: 'x' })), 'subscriber');
  assert.equal(role(undefined), 'publisher');
  assert.equal(role({ role: undefined, expireTime: undefined }), 'publisher');
  assert.equal(thrown(() => generate(Object.create({ role: 'moderator' }))).message, 'options inherit "role"');
  assert.equal(thrown(() => generate(project)).message, 'generateToken has no option "apiKey"');
});

test('every option is read once, and what its getter throws is passed on', () => {
  const mine = new RangeError('mine');
  const options = { role: 'moderator', data: 'x', expireTime: NOW + 60, initialLayoutClassList: ['a', 'b'], ...FIXED };
  const reads = [];
  const get = (target, name) => {
    reads.push(name);
    return target[name];
  };
  const counted = (object) => new Proxy(object, { get });
  generate(counted(options));
  assert.deepEqual(reads, Object.keys(options));
  reads.length = 0;
  generate({ initialLayoutClassList: counted(['a', 'b']) });
  assert.deepEqual(
    reads.filter((name) => name !== 'length'),
    ['0', '1'],
  );

  class Twice {
    reads = undefined;
    get role() {
      reads.push('role');
      return 'moderator';
    }
  }
  class Thrice extends Twice {
    get role() {
      return super.role;
    }
  }
  reads.length = 0;
  generate(new Thrice());
  assert.deepEqual(reads, ['role']);

  const failing = {
    get: () => {
      throw mine;
    },
  };
  const list = Object.defineProperty(['a'], '1', failing);
  for (const bad of [
    { initialLayoutClassList: list },
    { initialLayoutClassList: new Proxy(['a'], { get: failing.get }) },
    ...Object.keys(options).map((name) => Object.defineProperty({}, name, { ...failing, enumerable: true })),
    new Proxy({}, { ownKeys: failing.get }),
    new Proxy({}, { getPrototypeOf: failing.get }),
  ]) {
    assert.equal(
      thrown(() => generate(bad)),
      mine,
    );
  }
  // A second reading would see another value.
  const values = ['a', 5];
  const changing = Object.defineProperty([0], '0', { get: () => values.shift() });
  assert.deepEqual(project.verifyToken(generate({ initialLayoutClassList: changing })).initialLayoutClassList, ['a']);
});

test('of two faults, the first in the order of all languages is reported', () => {
  const faults = [
    [{ role: 'admin' }, 'invalid_role'],
    [{ tokenFormat: 'x' }, 'invalid_token_format'],
    [{ data: '\ud800' }, 'invalid_data'],
    [{ expireTime: -1 }, 'invalid_expire_time'],
  ];
  for (const [index, [fault, code]] of faults.entries()) {
    for (const [later] of faults.slice(index)) assert.equal(thrown(() => generate({ ...later, ...fault })).code, code);
  }
  for (const sessionId of ['x', '\ud800']) {
    assert.equal(thrown(() => project.generateToken(sessionId, { data: '\ud800' })).code, 'invalid_data');
  }
  // A wrong type comes before them all.
  assert.ok(thrown(() => generate({ role: 'admin', nonce: '1' })) instanceof TypeError);
});

test('a polluted prototype grants nothing', () => {
  Object.prototype.role = 'moderator';
  Object.prototype.now = 0;
  try {
    assert.equal(project.verifyToken(generate({ data: 'x' }), {}).role, 'publisher');
  } finally {
    delete Object.prototype.role;
    delete Object.prototype.now;
  }
});

test('a third argument, with which other packages choose the format, is refused', () => {
  assert.match(thrown(() => project.generateToken(SESSION_ID, {}, true)).message, /tokenFormat: 't1'/);
  assert.ok(thrown(() => project.verifyToken(generate(), {}, 0)) instanceof TypeError);
});

test('times are seconds or Dates, and fractions of a second are rounded down', () => {
  const expiry = (expireTime) => project.verifyToken(generate({ ...FIXED, expireTime }), { now: NOW }).expireTime;
  class Late extends Date {
    getTime() {
      return 'never';
    }
  }
  for (const time of [
    NOW + 60,
    NOW + 60.9,
    new Date((NOW + 60) * 1000),
    new Date((NOW + 60) * 1000 + 999),
    new Late((NOW + 60) * 1000),
    vm.runInNewContext(`new Date(${(NOW + 60) * 1000})`),
  ]) {
    assert.equal(expiry(time), NOW + 60);
  }
  for (const createTime of [NOW + 0.5, new Date(NOW * 1000 + 500)])
    assert.equal(generate({ createTime, nonce: 1 }), generate(FIXED));
  for (const now of [NOW, NOW + 0.999, new Date(NOW * 1000 + 999)]) {
    assert.equal(project.verifyToken(generate(FIXED), { now }).createTime, NOW);
  }
  // biome-ignore lint/complexity/useDateNow: this is how the README of opentok has it
  const week = project.verifyToken(generate({ expireTime: new Date().getTime() / 1000 + 7 * 24 * 60 * 60 }));
  assert.ok(Math.abs(week.expireTime - week.createTime - 7 * 24 * 60 * 60) <= 1);
  // Before 1970, down is away from zero.
  for (const createTime of [new Date(-1), -0.5])
    assert.equal(thrown(() => generate({ createTime })).code, 'invalid_create_time');
});

test('fake timers are not seen, but a Date of theirs is taken', () => {
  mock.timers.enable({ apis: ['Date'], now: NOW * 1000 });
  try {
    assert.notEqual(project.verifyToken(generate()).createTime, NOW);
    const token = generate({ createTime: new Date() });
    assert.equal(project.verifyToken(token, { now: new Date() }).createTime, NOW);
    assert.equal(thrown(() => project.verifyToken(token)).code, 'token_expired');
  } finally {
    mock.timers.reset();
  }
});

test('durations are rounded down', () => {
  const token = generate({ ...FIXED, expiresIn: 60.9 });
  const { createTime, expireTime } = project.verifyToken(token, { now: NOW });
  assert.equal(expireTime - createTime, 60);
  assert.equal(thrown(() => generate({ expiresIn: 0.9 })).code, 'invalid_expire_time');
  const after = (now, leeway) => () => project.verifyToken(token, { now, leeway });
  assert.equal(after(NOW + 60, 1.9)().createTime, NOW);
  assert.equal(thrown(after(NOW + 61, 1.9)).code, 'token_expired');
  assert.equal(thrown(after(NOW, -0.5)).code, 'invalid_leeway');
});

test('integers of any size reach the core, which refuses them', () => {
  for (const huge of [Date.now(), 2 ** 53, 1e18, 2 ** 63, 1e300, Number.MAX_VALUE]) {
    assert.match(thrown(() => generate({ expireTime: huge })).message, /looks like milliseconds/, String(huge));
    assert.equal(thrown(() => generate({ expiresIn: huge })).code, 'invalid_expire_time');
    if (huge >= 2 ** 53) assert.equal(thrown(() => generate({ nonce: huge })).code, 'invalid_nonce');
    assert.equal(thrown(() => generate({ createTime: huge })).code, 'invalid_create_time');
    assert.equal(thrown(() => project.verifyToken(generate(), { now: huge })).code, 'token_expired');
    assert.equal(thrown(() => project.verifyToken(generate(), { leeway: huge })).code, 'invalid_leeway');
    assert.equal(thrown(() => generate({ expireTime: -huge })).code, 'invalid_expire_time');
    assert.equal(thrown(() => generate({ nonce: -huge })).code, 'invalid_nonce');
    assert.equal(thrown(() => project.verifyToken(generate(), { now: -huge })).code, 'token_not_yet_valid');
  }
});

test('strings are never repaired', () => {
  const lone = ['\ud800', 'a\udc00', '\ud800x', 'é\udc00\ud800', `${'x'.repeat(2000)}\ud800`, `\ufffd${'\ud83d'}`];
  for (const string of lone) {
    assert.equal(thrown(() => generate({ data: string })).code, 'invalid_data');
    for (const call of [
      () => new OpenTok(string, API_SECRET),
      () => new OpenTok(API_KEY, string),
      () => project.generateToken(string),
      () => generate({ role: string }),
      () => generate({ tokenFormat: string }),
      () => generate({ jti: string }),
      () => generate({ initialLayoutClassList: ['focus', string] }),
      () => project.verifyToken(string),
      () => project.verifyToken(generate(), { sessionId: string }),
    ]) {
      const error = thrown(call);
      assert.deepEqual([error.code, error.number], ['invalid_utf8', 901]);
    }
  }
  for (const data of [
    '\ufffd',
    'a\ufffdb',
    '\u{1f600}\ufffd',
    '\ufeff',
    '\0',
    'x\0y',
    '\u{10ffff}',
    'e\u0301',
    '\u2028',
  ]) {
    for (const tokenFormat of ['jwt', 't1'])
      assert.equal(project.verifyToken(generate({ data, tokenFormat })).data, data);
  }
});

test('strings of every length cross whole', () => {
  // The native code keeps up to 1024 bytes on the stack: around that limit, every length and every width of character.
  for (const character of ['x', 'é', '€', '\u{1f600}']) {
    for (let bytes = 980; bytes <= 1100; bytes += 1) {
      const width = Buffer.byteLength(character);
      const data = 'a'.repeat(bytes % width) + character.repeat(Math.floor(bytes / width));
      if (data.length > 1000) continue;
      assert.equal(project.verifyToken(generate({ data })).data, data);
    }
  }
  const longest = '€'.repeat(1000);
  assert.equal(project.verifyToken(generate({ data: longest })).data, longest);
  // A secret shows each byte: one more or less gives another signature. Its limit is 1024 bytes.
  for (let length = 1000; length < 1024; length += 1) {
    const token = new OpenTok(API_KEY, 'x'.repeat(length)).generateToken(SESSION_ID);
    assert.equal(new OpenTok(API_KEY, 'x'.repeat(length)).verifyToken(token).apiKey, API_KEY);
    assert.equal(
      thrown(() => new OpenTok(API_KEY, 'x'.repeat(length + 1)).verifyToken(token)).code,
      'invalid_signature',
    );
  }
});

test('layout classes cross one by one', () => {
  const classes = (initialLayoutClassList) =>
    project.verifyToken(generate({ initialLayoutClassList })).initialLayoutClassList;
  for (const list of [
    [],
    ['a'],
    ['a', 'b', 'c'],
    Array.from({ length: 200 }, (_, i) => `${i}`),
    ['日本', '\u{1f600}'],
  ]) {
    assert.deepEqual(classes(list), list);
  }
  for (const [list, index] of [
    [['a b'], 0],
    [['a', 'b\0c'], 1],
    [['\0'], 0],
    [['a\0', 'b'], 0],
    [['a', ''], 1],
    [[''], 0],
    [['a', 'b\n'], 1],
  ]) {
    const error = thrown(() => classes(list));
    assert.equal(error.code, 'invalid_layout_class', inspect(list));
    assert.match(error.message, new RegExp(`at index ${index} `));
  }
  const frozen = Object.freeze(['a', 'b']);
  assert.deepEqual(classes(frozen), ['a', 'b']);
});

test('a verified token has exactly the documented fields', () => {
  const before = Math.floor(Date.now() / 1000);
  const { createTime, ...fields } = project.verifyToken(generate({ data: 'x', nonce: 2 ** 53 - 1, expiresIn: 60 }));
  assert.deepEqual(fields, {
    format: 'jwt',
    apiKey: API_KEY,
    sessionId: SESSION_ID,
    role: 'publisher',
    expireTime: createTime + 60,
    data: 'x',
    initialLayoutClassList: [],
    nonce: '9007199254740991',
  });
  assert.ok(before <= createTime && createTime <= Date.now() / 1000);
});

/** The method and the function. */
const INSPECT = [(...args) => project.inspectToken(...args), inspectToken];

test('an inspection has exactly the documented fields', () => {
  const token = generate({ ...FIXED, expiresIn: 60 });
  const field = (name, value) => ({ name, value: JSON.stringify(value) });
  const { text, ...inspection } = project.inspectToken(` ${token}`, { now: NOW + 65 });
  assert.deepEqual(inspection, {
    format: 'jwt',
    signature: 'valid',
    header: [field('alg', 'HS256'), field('typ', 'JWT')],
    fields: [
      field('session_id', SESSION_ID),
      field('role', 'publisher'),
      field('iat', NOW),
      field('exp', NOW + 60),
      field('scope', 'session.connect'),
      field('iss', API_KEY),
      field('ist', 'project'),
      field('nonce', 1),
    ],
    token: project.verifyToken(token, { now: NOW }),
    now: NOW + 65,
    createTime: NOW,
    expireTime: NOW + 60,
    notBefore: null,
    remainingLifetime: -5,
    findings: [
      { code: 'white_space_around', severity: 'refused', message: inspection.findings[0].message, serverMessage: null },
      {
        code: 'token_expired',
        severity: 'refused',
        message: 'the token expired 5 s ago; generate a new one',
        serverMessage: 'token has expired',
      },
    ],
    isRefused: true,
  });
  assert.match(text, /^format: jwt\nsignature: valid\n/);
  assert.deepEqual(
    inspectToken('').findings.map(({ code }) => code),
    ['no_token'],
  );
});

test('inspect takes what verify takes, and throws for no string', () => {
  const token = generate({ ...FIXED, expiresIn: 3600 });
  for (const inspectIt of INSPECT) {
    const remaining = (now) => inspectIt(token, { now }).remainingLifetime;
    assert.deepEqual([remaining(NOW), remaining(new Date(NOW * 1000 + 999)), remaining(1e300) < 0], [3600, 3600, true]);
    assert.ok(Math.abs(inspectIt(generate()).remainingLifetime - 86400) < 60);
    assert.deepEqual(
      inspectIt(token, undefined).token,
      inspectIt(token, { now: undefined, sessionId: undefined }).token,
    );
    const [finding] = inspectIt(token, { now: NOW, sessionId: `${SESSION_ID}x` }).findings;
    assert.equal(finding.code, 'token_of_other_session');
    for (const string of [
      '\ud800',
      'T1==\udfff',
      `${token}\ud83d`,
      `eyJ\ud800.\udc00.`,
      '\0',
      'x'.repeat(65_537),
      'é€\u{1f600}\ufffd',
    ]) {
      const inspection = inspectIt(string, { now: NOW });
      assert.ok(inspection.isRefused);
      assert.ok(inspection.text.isWellFormed());
    }
    assert.match(inspectIt('é'.repeat(40_000)).findings[0].message, /80000 bytes/);
    const surrogate = thrown(() => inspectIt(token, { sessionId: '\ud800' }));
    assert.deepEqual([surrogate.code, surrogate.number], ['invalid_utf8', 901]);
    assert.match(surrogate.stack.split('\n')[1], /api\.test\.mjs/);
    for (const [args, message] of [
      [[], /^token must be a string/],
      [[null], /^token must be a string/],
      [[Buffer.from(token)], /^token must be a string/],
      [[token, { now: '0' }], /^now must be/],
      [[token, { now: NaN }], /^now must be/],
      [[token, { sessionId: 5 }], /^sessionId must be/],
      [[token, { leeway: 5 }], /^inspectToken has no option "leeway"$/],
      [[token, null], /^options must be a plain object/],
      [[token, {}, 0], /^inspectToken takes a token and options$/],
    ]) {
      const error = thrown(() => inspectIt(...args));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
    }
  }
  Object.prototype.now = 0;
  try {
    assert.equal(project.inspectToken(token, {}).isRefused, true);
  } finally {
    delete Object.prototype.now;
  }
});

test('no form of an inspection shows the secret or the signature', () => {
  for (const tokenFormat of ['jwt', 't1']) {
    const token = generate({ ...FIXED, tokenFormat });
    const signature =
      tokenFormat === 'jwt'
        ? token.split('.')[2]
        : Buffer.from(token.slice(4), 'base64')
            .toString()
            .match(/&sig=(\w{40}):/)[1];
    const changed = `${token.slice(0, -9)}A${token.slice(-8)}`;
    for (const inspection of [project.inspectToken(token), inspectToken(token), project.inspectToken(changed)]) {
      const shown = inspect(inspection, { showHidden: true, depth: 9 }) + JSON.stringify(inspection) + inspection.text;
      for (const hidden of [API_SECRET, signature]) {
        for (let i = 0; i + 8 <= hidden.length; i += 1) assert.ok(!shown.includes(hidden.slice(i, i + 8)));
      }
    }
  }
});

test('a quarter of a gigabyte is refused without being copied', () => {
  const long = 'x'.repeat(2 ** 28);
  const before = process.resourceUsage().maxRSS;
  assert.equal(thrown(() => project.verifyToken(long)).code, 'token_too_long');
  assert.deepEqual(
    project.inspectToken(long).findings.map(({ code }) => code),
    ['token_too_long'],
  );
  assert.match(inspectToken(long).findings[0].message, /268435456 bytes/);
  // In kilobytes. The string is a rope of a few nodes until somebody reads it. The module makes as many zeros.
  assert.ok(isPortable || process.resourceUsage().maxRSS - before < 2 ** 16);
});

test('nothing that prints an OpenTok or an error shows the secret', () => {
  const secret = 'f1c9-do-not-show-7be2a8d603';
  const opentok = new OpenTok(API_KEY, secret);
  const shown = [
    inspect(opentok, { showHidden: true, depth: 9, getters: true }),
    String(opentok),
    `${opentok}`,
    JSON.stringify(opentok),
    JSON.stringify({ ...opentok }),
    inspect(structuredClone(opentok)),
    inspect(Object.getOwnPropertyDescriptors(opentok)),
    inspect(Reflect.ownKeys(opentok)),
    inspect(Object.assign({}, opentok)),
  ];
  // A careless caller passes the secret in the wrong place.
  for (const call of [
    () => new OpenTok(secret, secret),
    () => new OpenTok(API_KEY, ` ${secret}`),
    () => opentok.generateToken(secret),
    () => opentok.generateToken(SESSION_ID, { role: secret }),
    () => opentok.generateToken(SESSION_ID, { tokenFormat: secret }),
    () => opentok.generateToken(SESSION_ID, { data: [secret] }),
    () => opentok.generateToken(SESSION_ID, secret),
    () => opentok.generateToken(SESSION_ID, { initialLayoutClassList: [`${secret} ${secret}`] }),
    () => opentok.generateToken(SESSION_ID, { expireTime: secret }),
    () => opentok.verifyToken(secret),
    () => opentok.verifyToken(opentok.generateToken(SESSION_ID), { sessionId: secret }),
    () => new OpenTok(secret, 5),
  ]) {
    const error = thrown(call);
    shown.push(error.message, error.stack, inspect(error), JSON.stringify(error));
  }
  for (const string of shown) {
    for (let i = 0; i + 8 <= secret.length; i += 1) assert.ok(!string.includes(secret.slice(i, i + 8)), string);
  }
});

test('a method detached from its OpenTok, or called through a Proxy, says so', () => {
  const { generateToken, generateRestToken, session, verifyToken, inspectToken: detached } = project;
  for (const [member, calls] of Object.entries({
    generateToken: [() => generateToken(SESSION_ID), () => new Proxy(project, {}).generateToken(SESSION_ID)],
    verifyToken: [() => verifyToken('x'), () => OpenTok.prototype.verifyToken.call(Object.create(project), 'x')],
    inspectToken: [() => detached('x'), () => OpenTok.prototype.inspectToken.call({}, 'x')],
    apiKey: [() => OpenTok.prototype.apiKey, () => new Proxy(project, {}).apiKey],
    applicationId: [() => OpenTok.prototype.applicationId, () => new Proxy(project, {}).applicationId],
    session: [() => session(SESSION_ID), () => new Proxy(project, {}).session(SESSION_ID)],
    generateRestToken: [() => generateRestToken(), () => new Proxy(project, {}).generateRestToken()],
  })) {
    for (const call of calls) {
      const error = thrown(call);
      assert.ok(error instanceof TypeError);
      assert.equal(error.message, `call ${member} on an OpenTok itself: it was detached, or reached through a Proxy`);
    }
  }
});

test('who reaches past the class finds errors, not undefined behaviour', () => {
  const native = require(join(INSTALLED, 'native.js'));
  const handle = native.create(API_KEY, API_SECRET);
  const session = native.session(handle, SESSION_ID);
  const batch = native.batch(session);
  const none = [undefined, null, 5, {}, SESSION_ID, project, () => {}];
  for (const [name, handles] of Object.entries({
    apiKey: [...none, session, batch],
    applicationId: [...none, session, batch],
    generateRestToken: [...none, session, batch],
    // Without credentials a token is inspected, too.
    inspectToken: [...none.slice(2), session, batch],
    verifyToken: [...none, batch],
    generateToken: [...none, session, batch],
    session: [...none, session, batch],
    sessionId: [...none, handle, batch],
    batch: [...none, handle, batch],
  })) {
    for (const other of handles) assert.equal(thrown(() => native[name](other, SESSION_ID)).code, 'panic', name);
  }
  for (const key of [undefined, 5, {}, new Uint16Array(8), new ArrayBuffer(8)])
    assert.equal(thrown(() => native.createForApplication(APPLICATION_ID, key)).code, 'panic');
  for (const sessionId of [undefined, 5, {}]) {
    assert.equal(thrown(() => native.generateToken(handle, sessionId)).code, 'panic');
    assert.equal(thrown(() => native.session(handle, sessionId)).code, 'panic');
  }
});

test('the nonces of default tokens differ', () => {
  const tokens = new Set(Array.from({ length: 10000 }, () => generate()));
  assert.equal(tokens.size, 10000);
});

test('the vectors cover every error that an input can provoke', () => {
  const native = require(join(INSTALLED, 'native.js'));
  const all = Object.entries(native.errorNumbers()).filter(([, number]) => number < 500);
  const seen = new Map(vectors('errors.json').vectors.map(({ code, number }) => [code, number]));
  assert.deepEqual([...seen].sort(), all.sort());
});
