// Every file of tests/vectors through the installed package.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectToken, OpenTok, TokmintError } from 'tokmint';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  inspectVector,
  key,
  owner,
  project,
  spelled,
  string,
  thrown,
  vectors,
} from './support.mjs';

/** The codes that a vector's token is found to have. */
const codes = ({ findings }) => findings.map(({ code }) => code);
const refusals = ({ findings }) => findings.filter(({ severity }) => severity === 'refused').length;

/** The lines of the text form that show times, which it leaves out before 1970 and after the year 9999. */
function times({ createTime, notBefore, expireTime }) {
  return Object.entries({ 'created at': createTime, 'not before': notBefore, 'expires at': expireTime })
    .filter(([, time]) => time !== null && time >= 0 && time < 253402300800)
    .map(([name, time]) => `${name}: ${new Date(time * 1000).toISOString().replace('.000Z', 'Z')}`);
}

test('an inspection says the same in every form and agrees with verify', () => {
  const { vectors: inspected } = vectors('inspect.json');
  assert.ok(inspected.length >= 700);
  const severities = new Map();
  for (const vector of inspected) {
    const inspection = inspectVector(vector);
    const { format, signature, header, fields, token, remainingLifetime, findings } = inspection;
    // Core's own text, rebuilt from the values that crossed one by one.
    const printable = (line) => line.replace(/[^\x20-\x7e]|\\u\{\w+\}|\\[nrt0]/gu, '?').replace(/\?+/g, '?');
    const lines = [
      `format: ${format ?? 'unknown'}`,
      `signature: ${signature}`,
      ...header.map(({ name, value }) => `header ${name}: ${value}`),
      ...fields.map(({ name, value }) => `field ${name}: ${value}`),
      ...times(inspection),
      ...(remainingLifetime === null ? [] : [`remaining lifetime: ${remainingLifetime} s`]),
      ...(findings.length > 0 ? [] : ['no findings']),
      ...findings.map(
        ({ severity, code, message, serverMessage }) =>
          `${severity} ${code}: ${message}${serverMessage === null ? '' : ` (the server says: ${serverMessage})`}`,
      ),
    ];
    assert.deepEqual(inspection.text.trimEnd().split('\n').map(printable), lines.map(printable), vector.name);
    assert.deepEqual(JSON.parse(JSON.stringify(inspection)), inspection);
    assert.equal(inspection.isRefused, refusals(inspection) > 0);
    for (const { code, severity, message } of findings) {
      assert.ok(message.length > 0);
      assert.equal(severities.get(code) ?? severity, severity);
      severities.set(code, severity);
    }
    if ((vector.api_key ?? vector.application_id) === undefined) continue;
    const { now, session_id: sessionId } = vector.options;
    const verify = () => owner(vector).verifyToken(string(vector.token), { now, sessionId });
    if (inspection.isRefused) assert.ok(thrown(verify) instanceof TokmintError, vector.name);
    else assert.deepEqual(verify(), token, vector.name);
  }
  assert.ok(severities.size >= 70);
  assert.deepEqual(new Set(severities.values()), new Set(['refused', 'warning', 'note']));
});

test('nothing is refused in a valid token, and something in every other', () => {
  const inspected = (vector, token, now) =>
    owner(vector).inspectToken(string(token), {
      now,
      sessionId: vector.options.session_id && string(vector.options.session_id),
    });
  for (const vector of vectors('generate.json').vectors) {
    assert.equal(refusals(inspected(vector, vector.token, vector.options.create_time)), 0, vector.name);
  }
  for (const vector of vectors('verify.json').vectors.filter(({ options }) => !options.leeway)) {
    assert.equal(refusals(inspected(vector, vector.token, vector.options.now)), 0, vector.name);
  }
  const refused = vectors('errors.json').vectors.filter(({ call, options }) => call === 'verify' && !options.leeway);
  assert.ok(refused.length >= 400);
  for (const vector of refused)
    assert.ok(refusals(inspected(vector, vector.token, vector.options.now)) > 0, vector.name);
});

/** Cases that tokmint decides otherwise than the file, each explained in the README of the vectors. */
const OTHERWISE = new Map([['gen-data-1000-emoji', 'reject']]);

/** The credentials of a case: of an application, a verifier, or the test project. */
function holder({ application_id: id, private_key_pem: privateKey, public_key_pem: publicKey, api_key, secret }) {
  if (id === undefined) return new OpenTok(api_key ?? API_KEY, secret ?? API_SECRET);
  return privateKey ? OpenTok.forApplication(id, privateKey) : OpenTok.verifier(id, publicKey);
}

const isRs256 = (token) => Buffer.from(token.split('.', 1)[0], 'base64url').toString().includes('"alg":"RS256"');

function verifyCase({ input, context }) {
  const token = string(input, context);
  if (isRs256(token))
    assert.equal(thrown(() => project.verifyToken(token, { now: context.now })).code, 'unsupported_algorithm');
  try {
    holder(context).verifyToken(token, { now: context.now });
    return 'accept';
  } catch (error) {
    assert.ok(error instanceof TokmintError, String(error));
    return 'reject';
  }
}

function generateCase({ input, context }) {
  const {
    session_id: sessionId,
    format,
    expire_time: expireTime,
    initial_layout_class_list: initialLayoutClassList,
    data,
    ...rest
  } = input;
  const options = { ...rest, tokenFormat: format, initialLayoutClassList, createTime: context.now };
  if (data !== undefined) options.data = string(data);
  if (expireTime !== undefined) options.expireTime = expireTime.float === 'nan' ? NaN : expireTime;
  try {
    const opentok = holder(context);
    const token = opentok.generateToken(string(sessionId), options);
    assert.equal(opentok.verifyToken(token, { now: context.now }).data, options.data ?? '');
    return 'accept';
  } catch (error) {
    if (Number.isNaN(options.expireTime)) assert.ok(error instanceof TypeError);
    else assert.ok(error instanceof TokmintError, String(error));
    return 'reject';
  }
}

/** To be accepted means to be read, whatever else is wrong. */
function inspectCase({ id, input, context }) {
  const token = typeof input === 'object' ? Buffer.from(input.base64, 'base64').toString() : string(input, context);
  const inspection = project.inspectToken(token, { now: context.now });
  const valuesOf = (name) => inspection.fields.filter((field) => field.name === name).map(({ value }) => value);
  if (id === 'ins-bad-signature') assert.deepEqual([inspection.signature, inspection.isRefused], ['invalid', true]);
  if (id === 'ins-big-nonce')
    assert.deepEqual([inspection.token.nonce, ...valuesOf('nonce')], ['9007199254740993', '9007199254740993']);
  if (id === 'ins-nul')
    assert.deepEqual([inspection.token.data, ...valuesOf('connection_data')], ['a\0b', '"a\\u0000b"']);
  if (id === 'ins-dup') assert.deepEqual(valuesOf('role'), ['"publisher"', '"moderator"']);
  if (!codes(inspection).some((code) => code.startsWith('malformed_') || code.startsWith('duplicate_')))
    return 'accept';
  assert.ok(inspection.isRefused && inspection.token === null);
  return 'reject';
}

test('hostile inputs get the declared verdicts', () => {
  const counts = { verify: 0, generate: 0, inspect: 0 };
  for (const attack of vectors('attacks.json').cases) {
    counts[attack.api] += 1;
    const verdict = { verify: verifyCase, generate: generateCase, inspect: inspectCase }[attack.api](attack);
    assert.equal(verdict, OTHERWISE.get(attack.id) ?? attack.expected, `${attack.id}: ${attack.reason}`);
  }
  assert.ok(counts.verify >= 86 && counts.generate >= 18 && counts.inspect >= 5);
});

/** The verdict. The file refuses tokens of applications without a role, which are those of publishers. */
const verdict = ({ format, verify: { expected, because } }) =>
  format === 'jwt_rs256' && because?.join() === 'role' ? 'accept' : expected;

test('tokens of the official SDKs get the declared verdicts', () => {
  const peers = vectors('peer_tokens.json');
  assert.ok(peers.length >= 94);
  for (const peer of peers) {
    const name = `${peer.producer} ${peer.format}: ${peer.name}`;
    const options = { now: peer.verify.now };
    const isOfApplication = peer.format === 'jwt_rs256';
    if (isOfApplication) {
      assert.equal(thrown(() => project.verifyToken(peer.token, options)).code, 'unsupported_algorithm', name);
      assert.ok(project.inspectToken(peer.token, options).isRefused, name);
    }
    const opentok = isOfApplication
      ? OpenTok.verifier(peer.application_id, peer.public_key_pem)
      : new OpenTok(peer.api_key, peer.api_secret);
    assert.equal(opentok.inspectToken(peer.token, options).isRefused, verdict(peer) === 'reject', name);
    assert.equal(inspectToken(peer.token, options).signature, 'unchecked', name);
    if (verdict(peer) === 'reject') {
      assert.ok(thrown(() => opentok.verifyToken(peer.token, options)) instanceof TokmintError, name);
      continue;
    }
    const { role, sessionId, data } = opentok.verifyToken(peer.token, options);
    const said = peer.decoded.claims ?? peer.decoded.fields;
    assert.deepEqual(
      [role, sessionId, data],
      [said.role ?? 'publisher', said.session_id, said.connection_data ?? ''],
      name,
    );
  }
});

test('a token for REST calls is refused as a token for a session, and named', () => {
  for (const vector of vectors('rest.json').vectors) {
    const now = vector.options.create_time;
    assert.ok(thrown(() => owner(vector).verifyToken(vector.token, { now })) instanceof TokmintError, vector.name);
    assert.ok(codes(owner(vector).inspectToken(vector.token, { now })).includes('rest_token'), vector.name);
    const jti = { ...spelled(vector.options), jti: undefined };
    assert.notEqual(owner(vector).generateRestToken(jti), vector.token, vector.name);
  }
});

/** The text that bytes are, if they are UTF-8. */
function text(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {}
}

test('a key is the same as a string, a Buffer and a part of an array', () => {
  const make = { for_application: OpenTok.forApplication, verifier: OpenTok.verifier };
  const forms = (bytes) => {
    const larger = new Uint8Array(bytes.length + 2);
    larger.set(bytes, 1);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    return [bytes, larger.subarray(1, -1), shared, text(bytes)].filter((form) => form !== undefined);
  };
  let refused = 0;
  for (const { call, application_id, key_base64, code, name } of vectors('errors.json').vectors) {
    if (key_base64 === undefined) continue;
    const messages = forms(Buffer.from(key_base64, 'base64')).map((form) => {
      const error = thrown(() => make[call](string(application_id), form));
      assert.equal(error.code, code, name);
      return error.message;
    });
    assert.equal(new Set(messages).size, 1, name);
    refused += 1;
  }
  assert.ok(refused >= 100);
  for (const [name, { private_key: privateKey, public_key: publicKey }] of Object.entries(vectors('keys.json').keys)) {
    for (const form of forms(Buffer.from(key(publicKey))))
      assert.equal(OpenTok.verifier(APPLICATION_ID, form).applicationId, APPLICATION_ID, name);
    if (privateKey === undefined) continue;
    for (const form of forms(Buffer.from(key(privateKey))))
      assert.equal(OpenTok.forApplication(APPLICATION_ID, form).applicationId, APPLICATION_ID, name);
  }
});
