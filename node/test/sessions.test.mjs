// Sessions and batches. The self-test also generates the token of every vector with them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';
import fc from 'fast-check';
import { OpenTok, Session, TokmintError } from 'tokmint';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_SESSION_ID,
  application,
  project,
  SESSION_ID,
  thrown,
  verifier,
} from './support.mjs';

const NOW = 1700000000;
const FIXED = { createTime: NOW, nonce: 1 };
const OTHER_SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX5-fg';
const session = project.session(SESSION_ID);
const createTimeOf = (token) => project.inspectToken(token).createTime;

/** What a call returns or throws, in a form to compare. */
function outcome(call) {
  let result;
  try {
    result = call();
  } catch (error) {
    result = error;
  }
  return result instanceof Error ? [result.name, result.code, result.message] : result;
}

test('a session and a batch give the token or the error of generateToken', () => {
  const unit = fc.constantFrom('a', 'é', '€', '\u{1f600}', '\ud800', '\0', ' ');
  const options = fc.record(
    {
      role: fc.constantFrom('publisher', 'moderator', 'admin', 5),
      expireTime: fc.constantFrom(NOW, NOW + 60, NOW + 60.5, NaN),
      expiresIn: fc.constantFrom(60, 0, 2592001),
      data: fc.oneof(fc.string({ unit, maxLength: 5 }), fc.constantFrom('x'.repeat(1000), 'x'.repeat(1001))),
      initialLayoutClassList: fc.array(fc.string({ unit, maxLength: 3 }), { maxLength: 3 }),
      tokenFormat: fc.constantFrom('jwt', 't1', 'T1'),
      createTime: fc.constantFrom(NOW, -1),
      nonce: fc.constantFrom(1, -1, 0.5),
      jti: fc.constantFrom('d412fd8f-921c-4b35-bdcd-bf2d39bb20ed', 'x'),
      unknown: fc.constant(5),
    },
    { requiredKeys: ['createTime', 'nonce'] },
  );
  // Half of the items have no fault, and some follow one with which they share a prefix.
  const plain = fc.record({ data: fc.constantFrom('', 'a', 'b'), tokenFormat: fc.constantFrom('jwt', 't1') });
  const item = fc.oneof(
    options,
    plain.map((given) => ({ ...FIXED, ...given })),
  );
  let refused = 0;
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), (list) => {
      const expected = list.map((given) => outcome(() => project.generateToken(SESSION_ID, given)));
      assert.deepEqual(
        list.map((given) => outcome(() => session.generateToken(given))),
        expected,
      );
      assert.deepEqual(
        [...session.generateTokens(list)].map((result) => outcome(() => result)),
        expected,
      );
      refused += expected.filter(Array.isArray).length;
    }),
    { numRuns: 1000 },
  );
  assert.ok(refused > 100);
});

test('a session of an application is one of RS256, and that of a verifier generates nothing', () => {
  const options = { createTime: NOW, jti: 'd412fd8f-921c-4b35-bdcd-bf2d39bb20ed' };
  const token = application.generateToken(APPLICATION_SESSION_ID, options);
  const prepared = application.session(APPLICATION_SESSION_ID);
  assert.equal(prepared.generateToken(options), token);
  assert.deepEqual([...prepared.generateTokens([options, options])], [token, token]);
  const reader = verifier.session(APPLICATION_SESSION_ID);
  assert.equal(reader.verifyToken(token, { now: NOW }).nonce, options.jti);
  assert.equal(thrown(() => reader.generateToken()).code, 'no_private_key');
  assert.deepEqual(
    [...reader.generateTokens([{}, {}])].map(({ code }) => code),
    ['no_private_key', 'no_private_key'],
  );
});

test('a session that is no session of the credentials is refused, at the caller', () => {
  for (const [call, code, number] of [
    [() => project.session('x'), 'invalid_session_id', 200],
    [() => project.session('\ud800'), 'invalid_utf8', 901],
    [() => application.session(SESSION_ID), 'session_of_other_project', 201],
    [() => verifier.session(SESSION_ID), 'session_of_other_project', 201],
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof TokmintError);
    assert.deepEqual([error.code, error.number], [code, number]);
    assert.match(error.stack.split('\n')[1], /sessions\.test\.mjs/);
  }
  for (const sessionId of [undefined, null, 5, {}, new String(SESSION_ID)])
    assert.match(thrown(() => project.session(sessionId)).message, /^sessionId must be a string, but is /);
  assert.equal(thrown(() => project.session(SESSION_ID, {})).message, 'session takes a session ID only');
});

test('an error of a session starts at the caller', () => {
  for (const call of [
    () => session.generateToken({ role: 'admin' }),
    () => session.verifyToken('x'),
    () =>
      [...session.generateTokens([{ role: 'admin' }])].forEach((error) => {
        throw error;
      }),
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof TokmintError);
    assert.match(error.stack, /sessions\.test\.mjs/);
    assert.doesNotMatch(error.stack, /generateToken |verifyToken |tokenOrError/);
  }
});

test('a session verifies its own tokens and those of no other session', () => {
  const token = session.generateToken({ ...FIXED, expiresIn: 60, data: 'x' });
  const verified = session.verifyToken(token, { now: new Date(NOW * 1000) });
  assert.deepEqual(verified, project.verifyToken(token, { now: NOW, sessionId: SESSION_ID }));
  assert.equal(session.verifyToken(token, { now: NOW + 65, leeway: 10 }).sessionId, SESSION_ID);
  const other = project.session(OTHER_SESSION_ID);
  const refused = (call) => thrown(call).code;
  assert.equal(
    refused(() => other.verifyToken(token, { now: NOW })),
    'token_of_other_session',
  );
  assert.equal(
    refused(() => session.verifyToken(other.generateToken())),
    'token_of_other_session',
  );
  assert.equal(
    refused(() => session.verifyToken(token, { now: NOW + 65 })),
    'token_expired',
  );
  assert.equal(
    refused(() => session.verifyToken('x'.repeat(1e6))),
    'token_too_long',
  );
  assert.equal(
    thrown(() => session.verifyToken(token, { sessionId: SESSION_ID })).message,
    'verifyToken of a Session has no option "sessionId"',
  );
  assert.match(thrown(() => session.verifyToken()).message, /^token must be a string/);
  assert.ok(thrown(() => session.verifyToken(token, {}, 0)) instanceof TypeError);
});

test('a batch has one result for each item, and no fault stops it', () => {
  const items = [
    {},
    { role: 'admin' },
    { expiresIn: '60' },
    null,
    { rolle: 'x' },
    undefined,
    { data: 'x'.repeat(1001) },
  ];
  const results = [...session.generateTokens([...items, { data: 'last' }])];
  assert.deepEqual(
    results.map((result) => (typeof result === 'string' ? 'token' : (result.code ?? result.name))),
    ['token', 'invalid_role', 'TypeError', 'TypeError', 'TypeError', 'token', 'data_too_long', 'token'],
  );
  assert.equal(session.verifyToken(results.at(-1)).data, 'last');
  assert.equal(results[2].message, 'expiresIn must be a finite number of seconds, but is a string');
  assert.equal(results[4].message, 'generateToken has no option "rolle"');
  assert.deepEqual([...session.generateTokens([])], []);
});

test('a batch takes any iterable, and nothing else', () => {
  function* generator() {
    yield { data: '0' };
    yield { data: '1' };
  }
  const list = [...generator()];
  for (const iterable of [
    list,
    generator(),
    new Set(list),
    new Map([
      [0, list[0]],
      [1, list[1]],
    ]).values(),
  ]) {
    const data = Array.from(session.generateTokens(iterable), (token) => session.verifyToken(token).data);
    assert.deepEqual(data, ['0', '1']);
  }
  for (const [value, kind] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [{ data: 'x' }, 'an object'],
    ['abc', 'a string'],
    [5, 'a number'],
    [(async function* () {})(), 'an object (AsyncGenerator)'],
  ]) {
    const error = thrown(() => session.generateTokens(value));
    assert.ok(error instanceof TypeError);
    assert.equal(error.message, `options must be an iterable of options, but is ${kind}`);
  }
  assert.ok(thrown(() => session.generateTokens([], {})) instanceof TypeError);
});

test('a batch reads the clock once, when it is made', () => {
  const seconds = () => Math.floor(Date.now() / 1000);
  const before = seconds();
  const batch = session.generateTokens([{}, {}, { createTime: NOW }, { tokenFormat: 't1' }]);
  const after = seconds();
  while (seconds() === after);
  const times = Array.from(batch, createTimeOf);
  assert.ok(before <= times[0] && times[0] <= after, `${before} ${times[0]} ${after}`);
  assert.deepEqual(times, [times[0], times[0], NOW, times[0]]);
});

test('a batch takes an item when its token is asked for, and closes the iterator of its caller', () => {
  const events = [];
  function* items() {
    try {
      for (let i = 0; ; i += 1) {
        events.push(i);
        yield { data: `${i}` };
      }
    } finally {
      events.push('closed');
    }
  }
  const batch = session.generateTokens(items());
  assert.equal(batch[Symbol.iterator](), batch);
  assert.deepEqual(events, []);
  assert.equal(session.verifyToken(batch.next().value).data, '0');
  assert.deepEqual(events, [0]);
  assert.equal(session.verifyToken(batch.next().value).data, '1');
  assert.deepEqual(batch.return(), { value: undefined, done: true });
  assert.deepEqual(events, [0, 1, 'closed']);
  assert.deepEqual(batch.next(), { value: undefined, done: true });
  events.length = 0;
  for (const token of session.generateTokens(items())) {
    assert.equal(typeof token, 'string');
    break;
  }
  assert.deepEqual(events, [0, 'closed']);
});

test('what the iterator of the caller throws is passed on, and what an item throws is its result', () => {
  const mine = new RangeError('mine');
  const throwing = (value) => ({
    get role() {
      throw value;
    },
  });
  function* items() {
    yield {};
    yield throwing(mine);
    throw mine;
  }
  const batch = session.generateTokens(items());
  assert.equal(typeof batch.next().value, 'string');
  assert.equal(batch.next().value, mine);
  assert.equal(
    thrown(() => batch.next()),
    mine,
  );
  assert.deepEqual(batch.next(), { value: undefined, done: true });
  // It would pass for a token.
  assert.equal(
    thrown(() => [...session.generateTokens([throwing('a string')])]),
    'a string',
  );
});

test('a session outlives its OpenTok', async () => {
  setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc');
  const make = () => {
    const opentok = new OpenTok(API_KEY, API_SECRET);
    const batch = opentok.session(SESSION_ID).generateTokens([FIXED, FIXED, FIXED]);
    return [new WeakRef(opentok), opentok.session(SESSION_ID), batch];
  };
  const [opentok, prepared, batch] = make();
  for (let i = 0; i < 10; i += 1) {
    // A WeakRef holds on for the rest of the turn, and finalizers run in turns of their own.
    await new Promise(setImmediate);
    gc();
  }
  assert.equal(opentok.deref(), undefined);
  const token = project.generateToken(SESSION_ID, FIXED);
  assert.equal(prepared.generateToken(FIXED), token);
  assert.equal(prepared.verifyToken(token, { now: NOW }).apiKey, API_KEY);
  assert.deepEqual([...batch], [token, token, token]);
});

test('a session shows its ID and no secret, and nobody else makes one', () => {
  const secret = 'f1c9-do-not-show-7be2a8d603';
  const prepared = new OpenTok(API_KEY, secret).session(SESSION_ID);
  assert.equal(prepared.sessionId, SESSION_ID);
  assert.ok(prepared instanceof Session);
  const copy = structuredClone(prepared);
  assert.deepEqual([copy instanceof Session, Reflect.ownKeys(copy)], [false, []]);
  const batch = prepared.generateTokens([]);
  for (const shown of [
    inspect(prepared, { showHidden: true, depth: 9, getters: true }),
    inspect(batch, { showHidden: true, depth: 9 }),
    String(prepared),
    JSON.stringify(prepared),
    inspect(copy),
    inspect(Object.getOwnPropertyDescriptors(prepared)),
    inspect(Reflect.ownKeys(prepared)),
    inspect(thrown(() => prepared.generateToken({ role: secret }))),
    inspect([...prepared.generateTokens([{ data: [secret] }, secret])]),
  ]) {
    for (let i = 0; i + 8 <= secret.length; i += 1) assert.ok(!shown.includes(secret.slice(i, i + 8)), shown);
  }
  for (const make of [() => new Session(), () => new Session(project, SESSION_ID), () => new Session(Symbol('handle'))])
    assert.equal(thrown(make).message, 'make a Session with the method session of an OpenTok');
  assert.ok(thrown(() => (prepared.sessionId = 'x')) instanceof TypeError);
  assert.ok(thrown(() => prepared.generateToken({}, {})) instanceof TypeError);
  // As for an OpenTok, or for the other order of arguments.
  assert.match(thrown(() => prepared.generateToken(SESSION_ID)).message, /^options must be a plain object/);
});

test('a method detached from its Session, or called through a Proxy, says so', () => {
  const proxy = new Proxy(session, {});
  for (const member of ['generateToken', 'generateTokens', 'verifyToken', 'sessionId']) {
    for (const call of [() => Session.prototype[member].call?.(project, []), () => proxy[member]?.([])]) {
      const error = thrown(call);
      assert.ok(error instanceof TypeError);
      assert.equal(error.message, `call ${member} on a Session itself: it was detached, or reached through a Proxy`);
    }
  }
});
