// Tokens of tokmint through other libraries, and theirs through tokmint.

import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import { Auth } from '@vonage/auth';
import { Video } from '@vonage/video';
import fc from 'fast-check';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import PeerOpenTok from 'opentok';
import { TokmintError } from 'tokmint';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  application,
  PRIVATE_KEY,
  PUBLIC_KEY,
  project,
  SESSION_ID,
  thrown,
  verifier,
} from './support.mjs';

const RUNS = 1000;
const peer = new PeerOpenTok(API_KEY, API_SECRET);
const now = () => Math.floor(Date.now() / 1000);

const data = fc.string({ unit: 'binary', maxLength: 500 });
const role = fc.constantFrom('subscriber', 'publisher', 'publisheronly', 'moderator');
const layoutClass = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((string) => /^[^\s\p{Cc}]+$/u.test(string));
const classes = fc.array(layoutClass, { maxLength: 5 });
/** At least a minute, so that no token ends while the test runs. */
const expiresIn = fc.integer({ min: 60, max: 2592000 });
const options = fc.record({ role, data, initialLayoutClassList: classes, expiresIn }, { requiredKeys: [] });

/** What a token must say that was generated with these options. */
const said = ({ role = 'publisher', data = '', initialLayoutClassList = [], expiresIn = 86400 }) => ({
  role,
  data,
  initialLayoutClassList,
  expiresIn,
});

test('verify gives every option back', () => {
  fc.assert(
    fc.property(options, fc.constantFrom(undefined, 'jwt', 't1'), (given, tokenFormat) => {
      const token = project.generateToken(SESSION_ID, { ...given, tokenFormat });
      const { role, data, initialLayoutClassList, createTime, expireTime, format } = project.verifyToken(token);
      assert.deepEqual({ role, data, initialLayoutClassList, expiresIn: expireTime - createTime }, said(given));
      assert.equal(format, tokenFormat ?? 'jwt');
    }),
    { numRuns: RUNS },
  );
});

test('any string is data, or is refused for what it is', () => {
  const units = fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 1100 })
    .map((list) => String.fromCharCode(...list));
  fc.assert(
    fc.property(fc.oneof(units, fc.string({ unit: 'binary', maxLength: 1100 })), (string) => {
      const expected = !string.isWellFormed() ? 'invalid_data' : string.length > 1000 ? 'data_too_long' : undefined;
      if (expected) assert.equal(thrown(() => project.generateToken(SESSION_ID, { data: string })).code, expected);
      else assert.equal(project.verifyToken(project.generateToken(SESSION_ID, { data: string })).data, string);
    }),
    { numRuns: RUNS },
  );
});

test('an edited token is refused, or is another spelling of the same T1 token', () => {
  const tokens = ['jwt', 't1'].map((tokenFormat) => project.generateToken(SESSION_ID, { data: 'x', tokenFormat }));
  fc.assert(
    fc.property(
      fc.constantFrom(...tokens),
      fc.nat(),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.nat({ max: 2 }),
      (token, at, string, cut) => {
        const index = at % (token.length + 1);
        const edited = token.slice(0, index) + string + token.slice(index + cut);
        if (edited === token) return;
        // The head of a T1 token is not signed, and its base64 has two alphabets.
        try {
          assert.deepEqual(project.verifyToken(edited), project.verifyToken(token));
          assert.match(token, /^T1==/);
        } catch (error) {
          assert.ok(error instanceof TokmintError, String(error));
        }
      },
    ),
    { numRuns: 5 * RUNS },
  );
});

test('jsonwebtoken and jose verify our tokens', async () => {
  const key = new TextEncoder().encode(API_SECRET);
  await fc.assert(
    fc.asyncProperty(options, async (given) => {
      const token = project.generateToken(SESSION_ID, given);
      const claims = jsonwebtoken.verify(token, API_SECRET, { algorithms: ['HS256'], issuer: API_KEY });
      const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer: API_KEY });
      assert.deepEqual(payload, claims);
      const { role, data, initialLayoutClassList, expiresIn } = said(given);
      const { iat, exp, nonce, ...rest } = claims;
      assert.ok(Number.isSafeInteger(nonce) && Math.abs(iat - now()) < 5 && exp - iat === expiresIn);
      assert.deepEqual(rest, {
        iss: API_KEY,
        ist: 'project',
        scope: 'session.connect',
        session_id: SESSION_ID,
        role,
        ...(data && { connection_data: data }),
        ...(initialLayoutClassList.length && { initial_layout_class_list: initialLayoutClassList.join(' ') }),
      });
      assert.throws(() => jsonwebtoken.verify(token, `${API_SECRET}x`, { algorithms: ['HS256'] }));
    }),
    { numRuns: RUNS },
  );
});

test('tokens of opentok are verified by us', () => {
  const peerOptions = fc.record(
    { role, data, initialLayoutClassList: classes, lifetime: fc.integer({ min: 60, max: 2591999 }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(peerOptions, fc.boolean(), ({ lifetime, ...given }, isT1) => {
      const expireTime = lifetime === undefined ? undefined : now() + lifetime;
      const token = peer.generateToken(SESSION_ID, { ...given, ...(expireTime && { expireTime }) }, isT1);
      const verified = project.verifyToken(token, { sessionId: SESSION_ID });
      const { role, data, initialLayoutClassList } = said(given);
      assert.deepEqual(
        [verified.format, verified.role, verified.data, verified.initialLayoutClassList],
        [isT1 ? 't1' : 'jwt', role, data, initialLayoutClassList],
      );
      if (expireTime) assert.equal(verified.expireTime, expireTime);
    }),
    { numRuns: RUNS },
  );
});

/** Reads a T1 token as the test helpers of opentok do. */
function decodeT1(token) {
  const [, head, body] = Buffer.from(token.slice('T1=='.length), 'base64')
    .toString()
    .match(/^(.*?):(.*)$/s);
  return { ...Object.fromEntries(new URLSearchParams(head)), ...Object.fromEntries(new URLSearchParams(body)), body };
}

test('our T1 tokens read as those of opentok', () => {
  fc.assert(
    fc.property(options, (given) => {
      const { role, data, initialLayoutClassList, expiresIn } = said(given);
      const ours = decodeT1(project.generateToken(SESSION_ID, { ...given, tokenFormat: 't1' }));
      assert.equal(ours.sig, createHmac('sha1', API_SECRET).update(ours.body).digest('hex'));
      const theirs = decodeT1(
        peer.generateToken(SESSION_ID, { role, data, initialLayoutClassList, expireTime: now() + expiresIn - 1 }, true),
      );
      for (const name of ['partner_id', 'session_id', 'role', 'initial_layout_class_list', 'connection_data']) {
        assert.equal(ours[name] || undefined, theirs[name] || undefined, name);
      }
      assert.equal(ours.expire_time - ours.create_time, expiresIn);
    }),
    { numRuns: RUNS },
  );
});

/** RSA takes its time. */
const FEW = { numRuns: 100 };
const vonage = new Video(new Auth({ applicationId: APPLICATION_ID, privateKey: PRIVATE_KEY }));

test('jsonwebtoken and jose verify our tokens of applications', async () => {
  const key = createPublicKey(PUBLIC_KEY);
  await fc.assert(
    fc.asyncProperty(options, async (given) => {
      const token = application.generateToken(APPLICATION_SESSION_ID, given);
      const claims = jsonwebtoken.verify(token, PUBLIC_KEY, { algorithms: ['RS256'] });
      assert.deepEqual((await jwtVerify(token, key, { algorithms: ['RS256'] })).payload, claims);
      const { role, data, initialLayoutClassList, expiresIn } = said(given);
      const { iat, exp, jti, ...rest } = claims;
      assert.ok(jti.length === 36 && Math.abs(iat - now()) < 5 && exp - iat === expiresIn);
      assert.deepEqual(rest, {
        scope: 'session.connect',
        session_id: APPLICATION_SESSION_ID,
        role,
        initial_layout_class_list: initialLayoutClassList.join(' '),
        sub: 'video',
        acl: { paths: { '/session/**': {} } },
        ...(data && { connection_data: data }),
        application_id: APPLICATION_ID,
      });
    }),
    FEW,
  );
});

test('tokens of @vonage/video and of opentok are verified by us, and ours are theirs byte for byte', () => {
  const opentok = new PeerOpenTok(APPLICATION_ID, PRIVATE_KEY);
  const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  fc.assert(
    fc.property(options, ({ expiresIn = 86400, ...given }) => {
      const expireTime = now() + expiresIn;
      const theirs = vonage.generateClientToken(APPLICATION_SESSION_ID, { ...given, expireTime });
      for (const token of [theirs, opentok.generateToken(APPLICATION_SESSION_ID, given)]) {
        const { role, data, initialLayoutClassList, nonce } = verifier.verifyToken(token);
        const { expiresIn: _, ...expected } = said(given);
        assert.deepEqual({ role, data, initialLayoutClassList }, expected);
        assert.equal(nonce, claims(token).jti);
      }
      const { iat, exp, jti } = claims(theirs);
      const same = { ...given, createTime: iat, expireTime: exp, jti };
      assert.equal(application.generateToken(APPLICATION_SESSION_ID, same), theirs);
    }),
    FEW,
  );
});
