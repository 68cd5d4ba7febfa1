// `tokmint/opentok` beside the package `opentok` that it extends: the same calls, with tokens of tokmint.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import Official from 'opentok';
import { TokmintError } from 'tokmint';
import OpenTok from 'tokmint/opentok';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  INSTALLED,
  PRIVATE_KEY,
  PUBLIC_KEY,
  project,
  REPOSITORY,
  SESSION_ID,
  thrown,
  verifier,
} from './support.mjs';

const require = createRequire(import.meta.url);
const SESSION_OF_OTHER_PROJECT = '1_MX42NTQzMjF-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const DAY = 24 * 60 * 60;
const SOON = Math.floor(Date.now() / 1000) + 3600;
const opentok = new OpenTok(API_KEY, API_SECRET);
const peer = new Official(API_KEY, API_SECRET);

/** What a token of either says, without what differs in each token. */
function said(token) {
  const isT1 = token.startsWith('T1==');
  const fields = isT1
    ? Object.fromEntries(new URLSearchParams(Buffer.from(token.slice(4), 'base64').toString().split(/:(.*)/s)[1]))
    : jsonwebtoken.verify(token, API_SECRET, { algorithms: ['HS256'], issuer: API_KEY });
  const expires = Number(isT1 ? fields.expire_time : fields.exp);
  const lifetime = expires - Number(isT1 ? fields.create_time : fields.iat);
  return {
    format: token.slice(0, 4),
    sessionId: fields.session_id,
    role: fields.role,
    data: fields.connection_data ?? '',
    classes: fields.initial_layout_class_list ?? '',
    // The SDK rounds the time of issue to the nearest second in one place, and down in another.
    expires: Math.abs(lifetime - DAY) <= 1 ? 'in 24 hours' : expires,
  };
}

/** The SDK writes the expiry twice into a JWT. */
const isOfTokmint = (token) => !('expire_time' in jsonwebtoken.decode(token));

/** Creates sessions, for the API key and secret of the tests. */
async function platform() {
  const server = createServer(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += chunk;
    try {
      const claims = jsonwebtoken.verify(request.headers['x-opentok-auth'], API_SECRET, { issuer: API_KEY });
      const preference = new URLSearchParams(form).get('p2p.preference');
      assert.deepEqual([request.url, claims.ist, preference], ['/session/create', 'project', 'disabled']);
      response.setHeader('content-type', 'application/json').end(JSON.stringify([{ session_id: SESSION_ID }]));
    } catch (error) {
      response.writeHead(403).end(error.message);
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return server;
}

for (const [when, name] of [
  ['before', 'opentok'],
  ['after', 'tokmint/opentok'],
]) {
  test(`the sample runs ${when} its import is changed`, async () => {
    const source = readFileSync('programs/opentok-sample.cjs', 'utf8');
    assert.equal(source.split("require('opentok')").length, 2);
    writeFileSync('opentok-sample.cjs', source.replace("require('opentok')", `require('${name}')`));
    const rest = await platform();
    const API_URL = `http://localhost:${rest.address().port}`;
    const env = { ...process.env, API_KEY, API_SECRET, API_URL, SESSION_OF_OTHER_PROJECT };
    const sample = spawn(process.execPath, ['opentok-sample.cjs'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [origin] = await once(createInterface(sample.stdout), 'line');
      const ask = async (visitor) => {
        const response = await fetch(`${origin}/room/1/${visitor}`);
        return [response.status, await response.json()];
      };
      for (const [visitor, format, role, data, classes, lifetime] of [
        ['visitor', 'jwt', 'publisher', '', [], DAY],
        ['host', 'jwt', 'moderator', 'name=Johnny', ['focus'], 7 * DAY],
        ['viewer', 't1', 'subscriber', '', [], DAY],
      ]) {
        const [status, { apiKey, sessionId, token }] = await ask(visitor);
        assert.deepEqual([status, apiKey, sessionId], [200, API_KEY, SESSION_ID]);
        const verified = project.verifyToken(token, { sessionId });
        assert.deepEqual(
          [verified.format, verified.role, verified.data, verified.initialLayoutClassList],
          [format, role, data, classes],
        );
        assert.ok(Math.abs(verified.expireTime - verified.createTime - lifetime) <= 1);
        if (format === 'jwt') assert.equal(isOfTokmint(token), when === 'after');
      }
      const [status, { error }] = await ask('stranger');
      assert.deepEqual([status, typeof error], [400, 'string']);
    } finally {
      sample.kill();
      rest.close();
    }
  });
}

class Options {
  data = null;
  get role() {
    return 'moderator';
  }
}

test('what the SDK takes gives a token that says the same', () => {
  for (const [options, generateT1Token] of [
    [],
    [undefined, undefined],
    [null],
    [false, false],
    [{}, true],
    [{}, 1],
    [{ role: 'moderator', data: 'name=Johnny', initialLayoutClassList: ['focus', 'small'], expireTime: SOON }],
    [{ role: 'publisheronly', data: 'ä ß&=+', initialLayoutClassList: ['größe'] }, true],
    [{ role: undefined, expireTime: undefined }],
    [{ data: null, expireTime: null, initialLayoutClassList: null }],
    [Object.freeze({ data: null, expireTime: String(SOON) })],
    [{ data: '', initialLayoutClassList: '' }],
    [{ data: 0, initialLayoutClassList: [] }],
    [{ initialLayoutClassList: 'focus' }],
    [{ initialLayoutClassList: 'focus small' }, true],
    [{ expireTime: String(SOON) }],
    [{ expireTime: SOON + 0.3 }],
    [{ expireTime: ` ${SOON}.3 ` }],
    [Object.assign(Object.create(null), { role: 'subscriber' })],
    [new Options()],
  ]) {
    const token = opentok.generateToken(SESSION_ID, options, generateT1Token);
    assert.deepEqual(said(token), said(peer.generateToken(SESSION_ID, options, generateT1Token)), options);
    project.verifyToken(token, { sessionId: SESSION_ID });
  }
});

test('it does what the SDK documents, where the SDK does something else', () => {
  // Rounded to the nearest second; ignored.
  assert.equal(said(opentok.generateToken(SESSION_ID, { expireTime: SOON + 0.9 })).expires, SOON);
  assert.equal(said(opentok.generateToken(SESSION_ID, { expireTime: new Date(SOON * 1000) })).expires, SOON);
});

test('options of tokmint can be used as well, and are not changed', () => {
  const options = Object.freeze({ expiresIn: 60, data: null, tokenFormat: 't1' });
  const token = project.verifyToken(opentok.generateToken(SESSION_ID, options));
  assert.deepEqual([token.format, token.expireTime - token.createTime], ['t1', 60]);
});

test('the session that createSession makes generates tokens of tokmint', async () => {
  const rest = await platform();
  try {
    const client = OpenTok(API_KEY, API_SECRET, { apiUrl: `http://localhost:${rest.address().port}` });
    const session = await new Promise((resolve, reject) => {
      client.createSession({ mediaMode: 'routed' }, (error, made) => (error ? reject(error) : resolve(made)));
    });
    const token = session.generateToken({ role: 'moderator' });
    assert.ok(isOfTokmint(token));
    assert.deepEqual(said(token), said(opentok.generateToken(SESSION_ID, { role: 'moderator' })));
  } finally {
    rest.close();
  }
});

const LINK = / \(opentok may accept it: https:\/\/github\.com\/tokmint\/tokmint\/blob\/main\/(docs\/\S+)#(\S+)\)$/;

test('what tokmint refuses on purpose stays refused', () => {
  const refusedByBoth = [
    ['session_of_other_project', {}, SESSION_OF_OTHER_PROJECT],
    ['session_of_other_project', {}, APPLICATION_SESSION_ID],
    ['invalid_session_id', {}, 'no session'],
    ['invalid_role', { role: 'admin' }],
    ['invalid_role', { role: '' }],
    ['invalid_expire_time', { expireTime: 0 }],
    ['invalid_expire_time', { expireTime: '' }],
    ['data_too_long', { data: 'x'.repeat(1025) }],
    ['layout_class_list_too_long', { initialLayoutClassList: 'x'.repeat(1025) }],
  ];
  const signedByTheSdk = [
    ['invalid_session_id', {}, SESSION_ID.replace('MX', 'M!X')],
    ['invalid_expire_time', { expireTime: SOON + 31 * DAY }],
    ['invalid_expire_time', { expireTime: Date.now() + 3600 * 1000 }],
    ['invalid_expire_time', { expireTime: String(SOON * 1000) }],
    ['data_too_long', { data: 'x'.repeat(1001) }],
    ['invalid_data', { data: '\ud800' }],
    ['layout_class_list_too_long', { initialLayoutClassList: 'x'.repeat(1001) }],
    ['invalid_layout_class', { initialLayoutClassList: ['a b'] }],
    ['invalid_layout_class', { initialLayoutClassList: 'a  b' }],
    ['invalid_layout_class', { initialLayoutClassList: [''] }],
  ];
  for (const [, options, sessionId] of refusedByBoth)
    assert.throws(() => peer.generateToken(sessionId ?? SESSION_ID, options), Error);
  for (const [, options, sessionId] of signedByTheSdk)
    assert.equal(typeof peer.generateToken(sessionId ?? SESSION_ID, options), 'string');
  for (const [code, options, sessionId = SESSION_ID] of [...refusedByBoth, ...signedByTheSdk]) {
    const error = thrown(() => opentok.generateToken(sessionId, options));
    assert.ok(error instanceof TokmintError && error instanceof Error);
    assert.equal(error.code, code);
    assert.match(error.message, LINK);
    assert.ok(error.stack.startsWith(`TokmintError: ${error.message}\n`), error.stack);
    // The caller is the first.
    assert.match(error.stack.split('\n')[1], /opentok\.test\.mjs/);
    assert.ok(!error.stack.includes(API_SECRET));
  }
});

test('a wrong type is a TypeError', () => {
  const refusedByBoth = [
    [{}, null],
    [{}, 5],
    [{ role: null }, SESSION_ID],
    [{ data: {} }, SESSION_ID],
    [{ data: 5 }, SESSION_ID],
  ];
  // The SDK ignores what it does not know, and signs what is no time.
  const signedByTheSdk = [
    [{ initialLayoutClassList: [null] }],
    [{ expireTime: 'tomorrow' }],
    [{ expireTime: Number.NaN }],
    [{ expireTime: Number.POSITIVE_INFINITY }],
    [{ expireTime: true }],
    [{ expireTime: new Date(Number.NaN) }],
    [{ initialLayoutClassList: 5 }],
    [{ expire: SOON }],
    [{ expire_time: SOON }],
    [{ session_id: SESSION_OF_OTHER_PROJECT }],
    ['moderator'],
    [new Date()],
    [['moderator']],
    [Promise.resolve({ role: 'moderator' })],
  ];
  for (const call of refusedByBoth) assert.throws(() => peer.generateToken(...call.toReversed()), Error);
  for (const [options] of signedByTheSdk) assert.equal(typeof peer.generateToken(SESSION_ID, options), 'string');
  for (const [options, sessionId = SESSION_ID] of [...refusedByBoth, ...signedByTheSdk]) {
    const error = thrown(() => opentok.generateToken(sessionId, options));
    assert.equal(error.constructor, TypeError, String(error));
    assert.match(error.message, LINK);
  }
});

test('errors lead to the document that explains them', () => {
  const [, path, anchor] = thrown(() => opentok.generateToken('')).message.match(LINK);
  const headings = readFileSync(join(REPOSITORY, path), 'utf8').matchAll(/^## (.+)$/gm);
  assert.ok([...headings].map(([, heading]) => heading.toLowerCase().replaceAll(' ', '-')).includes(anchor));
});

test('a polluted prototype grants nothing', () => {
  for (const [name, value] of Object.entries({ role: 'moderator', data: 'x', tokenFormat: 't1' })) {
    Object.prototype[name] = value;
    try {
      assert.deepEqual(said(opentok.generateToken(SESSION_ID, {})), said(project.generateToken(SESSION_ID)));
    } finally {
      delete Object.prototype[name];
    }
  }
});

test('tokens of an application', () => {
  const application = new OpenTok(APPLICATION_ID, PRIVATE_KEY);
  const options = { role: 'moderator', data: 'name=Johnny', initialLayoutClassList: ['focus'], expireTime: SOON };
  const token = application.generateToken(APPLICATION_SESSION_ID, options);
  const claims = jsonwebtoken.verify(token, PUBLIC_KEY, { algorithms: ['RS256'] });
  // The SDK ignores the expiry.
  assert.deepEqual([claims.application_id, claims.sub, claims.exp], [APPLICATION_ID, 'video', SOON]);
  const verified = verifier.verifyToken(token, { sessionId: APPLICATION_SESSION_ID });
  assert.deepEqual(
    [verified.role, verified.data, verified.initialLayoutClassList],
    ['moderator', 'name=Johnny', ['focus']],
  );
  for (const [code, ...call] of [
    ['session_of_other_project', SESSION_ID],
    ['unsupported_option', APPLICATION_SESSION_ID, {}, true],
    ['invalid_role', APPLICATION_SESSION_ID, { role: 'admin' }],
  ]) {
    assert.equal(thrown(() => application.generateToken(...call)).code, code);
    assert.equal(typeof new Official(APPLICATION_ID, PRIVATE_KEY).generateToken(...call), 'string');
  }
});

test('the class is that of the SDK, with another generateToken', () => {
  assert.equal(require('tokmint/opentok'), OpenTok);
  const called = OpenTok(123456, API_SECRET, { timeout: 5 });
  for (const client of [called, new OpenTok(123456, API_SECRET, { timeout: 5 })]) {
    assert.ok(client instanceof OpenTok && client instanceof Official);
    assert.deepEqual(Object.keys(client), Object.keys(peer));
    assert.deepEqual([client.apiKey, client.constructor, client.client.c.request.timeout], [API_KEY, OpenTok, 5]);
    assert.equal(said(client.generateToken(SESSION_ID)).sessionId, SESSION_ID);
  }
  class Own extends OpenTok {
    own = 5;
  }
  const own = new Own(API_KEY, API_SECRET);
  assert.ok(own instanceof Own && isOfTokmint(own.generateToken(SESSION_ID)));
  // A program may use both.
  assert.ok(!isOfTokmint(peer.generateToken(SESSION_ID)));
  const errors = Object.keys(Official).filter((name) => name.endsWith('Error'));
  assert.ok(errors.length > 5);
  for (const name of errors) assert.equal(OpenTok[name], Official[name]);
  assert.throws(() => new OpenTok(API_KEY), /Invalid arguments when initializing OpenTok/);
});

test('changed credentials are used, and wrong ones refused with the first token', () => {
  const rotated = new OpenTok(API_KEY, API_SECRET);
  rotated.generateToken(SESSION_ID);
  rotated.apiSecret = 'another secret';
  assert.ok(jsonwebtoken.verify(rotated.generateToken(SESSION_ID), 'another secret'));
  for (const secret of ['', ` ${API_SECRET}`, PRIVATE_KEY]) {
    const refusing = new OpenTok(API_KEY, secret);
    assert.equal(thrown(() => refusing.generateToken(SESSION_ID)).code, 'invalid_api_secret');
    assert.equal(typeof new Official(API_KEY, secret).generateToken(SESSION_ID, {}, true), 'string');
  }
});

test('it says what is missing, and takes older versions of the SDK', () => {
  // Where no package opentok can be found.
  const folder = mkdtempSync(join(tmpdir(), 'tokmint-opentok-'));
  const run = () => {
    const script = `try {
        const OpenTok = require('tokmint/opentok');
        console.log(OpenTok('${API_KEY}', '${API_SECRET}').generateToken('${SESSION_ID}'));
      } catch ({ code, message }) { console.log(code + ': ' + message.split('\\n')[0]) }`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual([stderr, status], ['', 0]);
    return stdout.trim();
  };
  try {
    cpSync(INSTALLED, join(folder, 'node_modules/tokmint'), { recursive: true });
    assert.match(run(), /^MODULE_NOT_FOUND: tokmint\/opentok extends the package opentok, .*`npm install opentok`/);
    mkdirSync(join(folder, 'node_modules/opentok'));
    const write = (source) => writeFileSync(join(folder, 'node_modules/opentok/index.js'), source);
    write("require('no-such-package');");
    assert.equal(run(), "MODULE_NOT_FOUND: Cannot find module 'no-such-package'");
    // Before 2.21: no application and no JWT.
    write(`module.exports = function OpenTok(apiKey, apiSecret) {
      Object.assign(this, { apiKey, apiSecret, client: { c: { apiKey, apiSecret } } });
    };`);
    assert.equal(said(run()).format, 'T1==');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('its types are those of the SDK, from modules and from CommonJS', () => {
  const program = `
    const opentok = new OpenTok('1', '2', { timeout: 5 });
    opentok.createSession({ mediaMode: 'routed' }, (error, session?: OpenTok.Session) => {
      const options: OpenTok.TokenOptions = { role: 'moderator', expireTime: 5 };
      const token: string = opentok.generateToken(session!.sessionId, options);
      void [error?.message, token];
      // @ts-expect-error: no such role
      opentok.generateToken(session!.sessionId, { role: 'admin' });
    });`;
  writeFileSync('opentok.mts', `import OpenTok from 'tokmint/opentok';${program}`);
  writeFileSync('opentok.cts', `import OpenTok = require('tokmint/opentok');${program}`);
  const options = [
    '--strict',
    '--noEmit',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2022',
  ];
  const { status, stdout } = spawnSync('npx', ['tsc', ...options, 'opentok.mts', 'opentok.cts'], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
