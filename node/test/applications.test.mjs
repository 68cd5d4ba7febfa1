// Credentials of applications: what they accept, refuse and show. Bytes are compared by the vectors.

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import vm from 'node:vm';
import { OpenTok, TokmintError } from 'tokmint';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  application,
  isPortable,
  PRIVATE_KEY,
  PUBLIC_KEY,
  project,
  SESSION_ID,
  thrown,
  verifier,
} from './support.mjs';

const NOW = 1700000000;
const JTI = 'd412fd8f-921c-4b35-bdcd-bf2d39bb20ed';
const JWK = { kty: 'RSA', alg: 'RS256', ...createPublicKey(PUBLIC_KEY).export({ format: 'jwk' }) };

test('exactly one of the two IDs is there', () => {
  assert.deepEqual([project.apiKey, project.applicationId], [API_KEY, undefined]);
  for (const opentok of [application, verifier]) {
    assert.ok(opentok instanceof OpenTok);
    assert.deepEqual([opentok.apiKey, opentok.applicationId], [undefined, APPLICATION_ID]);
  }
  assert.equal(OpenTok.forApplication(APPLICATION_ID.toUpperCase(), PRIVATE_KEY).applicationId, APPLICATION_ID);
  assert.deepEqual([typeof application.apiKey, typeof project.applicationId], ['undefined', 'undefined']);
});

test('a token of an application is read by both of its credentials, and has exactly the documented fields', () => {
  const token = application.generateToken(APPLICATION_SESSION_ID, {
    role: 'moderator',
    data: 'é\u{1f600}',
    initialLayoutClassList: ['focus', 'main'],
    createTime: NOW,
    expiresIn: 60,
    jti: JTI,
  });
  const expected = {
    format: 'jwt',
    applicationId: APPLICATION_ID,
    sessionId: APPLICATION_SESSION_ID,
    role: 'moderator',
    createTime: NOW,
    expireTime: NOW + 60,
    data: 'é\u{1f600}',
    initialLayoutClassList: ['focus', 'main'],
    nonce: JTI,
  };
  for (const opentok of [application, verifier]) {
    assert.deepEqual(opentok.verifyToken(token, { now: NOW, sessionId: APPLICATION_SESSION_ID }), expected);
    const inspection = opentok.inspectToken(token, { now: NOW });
    assert.deepEqual([inspection.signature, inspection.isRefused, inspection.token], ['valid', false, expected]);
  }
  const seen = project.inspectToken(token, { now: NOW });
  assert.deepEqual([seen.isRefused, seen.token], [true, expected]);
  assert.ok(!('applicationId' in project.verifyToken(project.generateToken(SESSION_ID))));
});

test('default tokens differ, and each has a random UUID', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const tokens = Array.from({ length: 20 }, () =>
    application.generateToken(APPLICATION_SESSION_ID, { createTime: NOW }),
  );
  const nonces = tokens.map((token) => verifier.verifyToken(token, { now: NOW }).nonce);
  assert.equal(new Set(nonces).size, nonces.length);
  for (const nonce of nonces) assert.match(nonce, uuid);
});

test('a verifier generates nothing', () => {
  for (const call of [
    () => verifier.generateToken(APPLICATION_SESSION_ID),
    () => verifier.generateToken(APPLICATION_SESSION_ID, { expiresIn: 0 }),
    () => verifier.generateRestToken(),
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof TokmintError);
    assert.deepEqual([error.code, error.number], ['no_private_key', 105]);
  }
});

test('a token for REST calls has the claims of its kind', () => {
  const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  const options = { createTime: new Date(NOW * 1000 + 500), jti: JTI };
  assert.deepEqual(claims(project.generateRestToken(options)), {
    iss: API_KEY,
    ist: 'project',
    iat: NOW,
    exp: NOW + 180,
    jti: JTI,
  });
  assert.deepEqual(claims(application.generateRestToken({ ...options, expiresIn: 60.9 })), {
    application_id: APPLICATION_ID,
    iat: NOW,
    jti: JTI,
    exp: NOW + 60,
  });
  for (const [opentok, lifetime] of [
    [project, 180],
    [application, 900],
  ]) {
    const { iat, exp, jti } = claims(opentok.generateRestToken());
    assert.ok(Math.abs(iat - Date.now() / 1000) < 5);
    assert.equal(exp - iat, lifetime);
    assert.notEqual(jti, claims(opentok.generateRestToken({ jti: undefined })).jti);
  }
});

test('options of a token for REST calls are checked as those of other calls', () => {
  const rest = (...args) => thrown(() => application.generateRestToken(...args));
  for (const [args, message] of [
    [[null], /^options must be a plain object, but is null$/],
    [[APPLICATION_SESSION_ID], /^options must be a plain object, but is a string$/],
    [[{}, {}], /^generateRestToken takes options only$/],
    [[{ expireTime: NOW }], /^generateRestToken has no option "expireTime"$/],
    [[{ role: 'moderator' }], /^generateRestToken has no option "role"$/],
    [[{ expiresIn: '60' }], /^expiresIn must be a finite number of seconds, but is a string$/],
    [[{ expiresIn: NaN }], /^expiresIn must be/],
    [[{ createTime: '0' }], /^createTime must be/],
    [[{ jti: 5 }], /^jti must be a string, but is a number$/],
    [[{ jti: null }], /^jti must be a string, but is null$/],
  ]) {
    const error = rest(...args);
    assert.ok(error instanceof TypeError, inspect(args));
    assert.match(error.message, message);
  }
  for (const [options, code] of [
    [{ expiresIn: 0 }, 'invalid_expire_time'],
    [{ expiresIn: 86401 }, 'invalid_expire_time'],
    [{ createTime: -1 }, 'invalid_create_time'],
    [{ createTime: 1e300 }, 'invalid_create_time'],
    [{ jti: JTI.toUpperCase() }, 'invalid_jti'],
    [{ jti: '\ud800' }, 'invalid_utf8'],
  ]) {
    assert.equal(rest(options).code, code);
  }
});

test('an option of the other kind of credentials is refused', () => {
  for (const [call, name] of [
    [() => application.generateToken(APPLICATION_SESSION_ID, { tokenFormat: 't1' }), /t1/],
    [() => application.generateToken(APPLICATION_SESSION_ID, { nonce: 1 }), /nonce/],
    [() => project.generateToken(SESSION_ID, { jti: JTI }), /jti/],
  ]) {
    const error = thrown(call);
    assert.deepEqual([error.code, error.number], ['unsupported_option', 310]);
    assert.match(error.message, name);
  }
  assert.ok(thrown(() => project.generateToken(SESSION_ID, { jti: 5 })) instanceof TypeError);
});

test('a key object is a TypeError that says how to export it', async () => {
  const [privateObject, publicObject] = [createPrivateKey(PRIVATE_KEY), createPublicKey(PUBLIC_KEY)];
  const webKey = await webcrypto.subtle.importKey('jwk', JWK, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
    'verify',
  ]);
  const message = (call) => {
    const error = thrown(call);
    assert.ok(error instanceof TypeError);
    return error.message;
  };
  assert.equal(
    message(() => OpenTok.forApplication(APPLICATION_ID, privateObject)),
    'privateKey must be a string or a Uint8Array, but is an object (KeyObject); ' +
      "export it as PEM, with key.export({ type: 'pkcs8', format: 'pem' })",
  );
  assert.equal(
    message(() => OpenTok.verifier(APPLICATION_ID, publicObject)),
    'publicKey must be a string or a Uint8Array, but is an object (KeyObject); ' +
      "export it as PEM, with key.export({ type: 'spki', format: 'pem' })",
  );
  assert.equal(
    message(() => OpenTok.verifier(APPLICATION_ID, webKey)),
    'publicKey must be a string or a Uint8Array, but is an object (CryptoKey); ' +
      "export it as PEM, with crypto.KeyObject.from(key).export({ type: 'spki', format: 'pem' })",
  );
  // What the sentences say, and the other exports.
  const token = application.generateToken(APPLICATION_SESSION_ID);
  for (const [type, format] of [
    ['pkcs8', 'pem'],
    ['pkcs8', 'der'],
    ['pkcs1', 'pem'],
    ['pkcs1', 'der'],
  ]) {
    const opentok = OpenTok.forApplication(APPLICATION_ID, privateObject.export({ type, format }));
    assert.equal(opentok.verifyToken(token).applicationId, APPLICATION_ID);
    const publicType = type === 'pkcs8' ? 'spki' : type;
    const reader = OpenTok.verifier(APPLICATION_ID, publicObject.export({ type: publicType, format }));
    assert.equal(reader.verifyToken(token).applicationId, APPLICATION_ID);
  }
});

test('keys and IDs of other types are TypeErrors that never show the value', () => {
  const bytes = Buffer.from(PRIVATE_KEY);
  for (const make of [OpenTok.forApplication, OpenTok.verifier]) {
    const name = make === OpenTok.verifier ? 'publicKey' : 'privateKey';
    for (const [key, kind] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [5, 'a number'],
      [{ key: PRIVATE_KEY, passphrase: 'x' }, 'an object'],
      [new String(PRIVATE_KEY), 'an object (String)'],
      [[PRIVATE_KEY], 'an object (Array)'],
      [[...bytes], 'an object (Array)'],
      [new URL('file:///private.key'), 'an object (URL)'],
      [bytes.buffer, 'an object (ArrayBuffer)'],
      [new DataView(bytes.buffer), 'an object (DataView)'],
      [new Uint16Array(8), 'an object (Uint16Array)'],
      [new Uint8ClampedArray(8), 'an object (Uint8ClampedArray)'],
      [Promise.resolve(PRIVATE_KEY), 'an object (Promise)'],
      [new Proxy(bytes, {}), 'an object'],
    ]) {
      const error = thrown(() => make(APPLICATION_ID, key));
      assert.ok(error instanceof TypeError, kind);
      assert.ok(
        error.message.startsWith(`${name} must be a string or a Uint8Array, but is ${kind}`),
        `${kind}: ${error.message}`,
      );
    }
    for (const id of [undefined, null, 5, {}, new String(APPLICATION_ID)]) {
      const error = thrown(() => make(id, PRIVATE_KEY));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, /^applicationId must be a string/);
    }
    for (const [id, key] of [
      ['\ud800', PRIVATE_KEY],
      [APPLICATION_ID, `${PRIVATE_KEY}\udc00`],
    ]) {
      const error = thrown(() => make(id, key));
      assert.deepEqual([error.code, error.number], ['invalid_utf8', 901]);
    }
  }
});

test('a refused key is an error whose stack starts at the caller', () => {
  for (const [call, code, number] of [
    [() => OpenTok.forApplication('x', PRIVATE_KEY), 'invalid_application_id', 102],
    [() => OpenTok.forApplication(APPLICATION_ID, './private.key'), 'invalid_private_key', 103],
    [() => OpenTok.forApplication(APPLICATION_ID, PUBLIC_KEY), 'invalid_private_key', 103],
    [() => OpenTok.verifier('x', PUBLIC_KEY), 'invalid_application_id', 102],
    [() => OpenTok.verifier(APPLICATION_ID, PRIVATE_KEY), 'invalid_public_key', 104],
    // Nothing is guessed from the form of a string.
    [() => new OpenTok(APPLICATION_ID, PRIVATE_KEY), 'invalid_api_key', 100],
    [() => new OpenTok(API_KEY, PRIVATE_KEY), 'invalid_api_secret', 101],
  ]) {
    const error = thrown(call);
    assert.ok(error instanceof TokmintError);
    assert.deepEqual([error.code, error.number], [code, number]);
    assert.match(error.stack.split('\n')[1], /applications\.test\.mjs/);
  }
});

test('bytes of any realm and of any length are taken', () => {
  const foreign = vm.runInNewContext('Uint8Array').from(Buffer.from(PRIVATE_KEY));
  assert.equal(OpenTok.forApplication(APPLICATION_ID, foreign).applicationId, APPLICATION_ID);
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  for (const empty of [new Uint8Array(), detached, '']) {
    const error = thrown(() => OpenTok.forApplication(APPLICATION_ID, empty));
    assert.match(error.message, /^the private key is empty/);
  }
  // The module would need a copy.
  if (isPortable) return;
  const before = process.resourceUsage().maxRSS;
  const error = thrown(() => OpenTok.verifier(APPLICATION_ID, new Uint8Array(2 ** 31)));
  assert.equal(error.code, 'invalid_public_key');
  assert.match(error.message, /2147483648 bytes/);
  // In kilobytes: nothing was copied, nor touched.
  assert.ok(process.resourceUsage().maxRSS - before < 2 ** 16);
});

test('the key is read once: its bytes may be wiped', () => {
  const bytes = Buffer.from(PRIVATE_KEY);
  const opentok = OpenTok.forApplication(APPLICATION_ID, bytes);
  bytes.fill(0);
  assert.equal(verifier.verifyToken(opentok.generateToken(APPLICATION_SESSION_ID)).applicationId, APPLICATION_ID);
});

test('factories need no class before the dot, and the constructor takes no handle', () => {
  const { forApplication, verifier: makeVerifier } = OpenTok;
  assert.equal(forApplication(APPLICATION_ID, PRIVATE_KEY).applicationId, APPLICATION_ID);
  assert.equal(makeVerifier(APPLICATION_ID, PUBLIC_KEY).applicationId, APPLICATION_ID);
  for (const key of [Symbol('handle'), Symbol.for('handle')])
    assert.ok(thrown(() => new OpenTok(key, application)) instanceof TypeError);
});

test('nothing that prints the credentials or an error shows the key', () => {
  const body = PRIVATE_KEY.split('\n').slice(1, -2).join('');
  const shown = [];
  for (const opentok of [application, verifier]) {
    shown.push(
      inspect(opentok, { showHidden: true, depth: 9, getters: true }),
      String(opentok),
      JSON.stringify(opentok),
      JSON.stringify({ ...opentok }),
      inspect(structuredClone(opentok)),
      inspect(Object.getOwnPropertyDescriptors(opentok)),
      inspect(Reflect.ownKeys(opentok)),
    );
  }
  // A careless caller passes the key in the wrong place, or a damaged one.
  for (const call of [
    () => OpenTok.forApplication(PRIVATE_KEY, APPLICATION_ID),
    () => OpenTok.forApplication(PRIVATE_KEY, PRIVATE_KEY),
    () => OpenTok.forApplication(APPLICATION_ID, [PRIVATE_KEY]),
    () => OpenTok.forApplication(APPLICATION_ID, { key: PRIVATE_KEY }),
    () => OpenTok.forApplication(APPLICATION_ID, body.slice(0, 1000)),
    () => OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY.replace('M', 'N')),
    () => OpenTok.verifier(APPLICATION_ID, PRIVATE_KEY),
    () => new OpenTok(API_KEY, PRIVATE_KEY),
    () => new OpenTok(PRIVATE_KEY, API_SECRET),
    () => application.generateToken(PRIVATE_KEY),
    () => application.generateToken(APPLICATION_SESSION_ID, { jti: PRIVATE_KEY }),
    () => application.generateRestToken({ jti: PRIVATE_KEY }),
    () => application.generateRestToken(PRIVATE_KEY),
    () => application.verifyToken(PRIVATE_KEY),
  ]) {
    const error = thrown(call);
    shown.push(error.message, error.stack, inspect(error), JSON.stringify(error));
  }
  shown.push(inspect(application.inspectToken(PRIVATE_KEY).findings));
  for (const string of shown) {
    for (let i = 0; i + 12 <= body.length; i += 1) assert.ok(!string?.includes(body.slice(i, i + 12)), string);
  }
});
