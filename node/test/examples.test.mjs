// The examples that people copy.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import jsonwebtoken from 'jsonwebtoken';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  PRIVATE_KEY,
  PUBLIC_KEY,
  project,
  REPOSITORY,
  SESSION_ID,
  verifier,
} from './support.mjs';

test('the examples of the README print what their comments say', () => {
  const examples = [...readFileSync('node_modules/tokmint/README.md', 'utf8').matchAll(/^```js\n(.*?)^```/gms)];
  const counts = examples.map(([, example]) => {
    writeFileSync('readme-example.mjs', example);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['readme-example.mjs'], { encoding: 'utf8' });
    const promised = [...example.matchAll(/^ *console\.log.*\/\/ (.*)$/gm)].map(([, output]) => output);
    assert.equal(stdout, promised.map((line) => `${line}\n`).join(''), stderr);
    assert.equal(status, 0);
    return promised.length;
  });
  assert.deepEqual(counts, [2, 2, 2, 4]);
});

test('the Express example serves tokens', async () => {
  copyFileSync(join(REPOSITORY, 'node/examples/express.mjs'), 'express.mjs');
  const env = { ...process.env, TOKMINT_API_KEY: API_KEY, TOKMINT_API_SECRET: API_SECRET, SESSION_ID, PORT: '0' };
  const server = spawn(process.execPath, ['express.mjs'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  server.stderr.on('data', (chunk) => (stderr += chunk));
  try {
    const [line] = await once(createInterface(server.stdout), 'line');
    const origin = `http://localhost:${line.match(/\d+$/)[0]}`;
    const post = async (path, headers, body) => {
      const response = await fetch(origin + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return [response.status, await response.json()];
    };
    assert.deepEqual(await post('/token', {}), [401, { error: 'who are you?' }]);
    for (const [name, role] of [
      ['ada', 'moderator'],
      ['bob', 'publisher'],
    ]) {
      const [status, { apiKey, sessionId, token }] = await post('/token', { 'x-user': name }, { role: 'moderator' });
      assert.deepEqual([status, apiKey, sessionId], [200, API_KEY, SESSION_ID]);
      const verified = project.verifyToken(token, { sessionId: SESSION_ID });
      assert.deepEqual([verified.role, verified.data], [role, JSON.stringify({ name })]);
      assert.equal(verified.expireTime - verified.createTime, 3600);
      assert.deepEqual(await post('/whoami', {}, { token }), [200, { role, name }]);
    }
    assert.deepEqual(await post('/whoami', {}, { token: 'T1==' }), [403, { error: 'malformed_token' }]);
    // It may come after the response.
    if (!stderr) await once(server.stderr, 'data', { signal: AbortSignal.timeout(60_000) });
    assert.match(stderr, /^the token is malformed/);
    assert.ok(!stderr.includes(API_SECRET));
  } finally {
    server.kill();
  }
});

/** Checks what the platform documents for a call: the one header of these credentials, and the claims in it. */
function authenticate({ headers }) {
  const bearer = headers.authorization?.match(/^Bearer (\S+)$/)?.[1];
  const token = bearer ?? headers['x-opentok-auth'];
  if (!token || (bearer && headers['x-opentok-auth'])) throw new Error('one header of the two');
  const claims = bearer
    ? jsonwebtoken.verify(token, PUBLIC_KEY, { algorithms: ['RS256'] })
    : jsonwebtoken.verify(token, API_SECRET, { algorithms: ['HS256'], issuer: API_KEY });
  const { iat, exp, jti, ...rest } = claims;
  assert.deepEqual(rest, bearer ? { application_id: APPLICATION_ID } : { iss: API_KEY, ist: 'project' });
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs(iat - Date.now() / 1000) < 60);
  // The platform documents at most 5 minutes for projects; tokens of applications live for 15 by default.
  assert.ok(exp - iat > 0 && exp - iat <= (bearer ? 900 : 300));
  return { session_id: bearer ? APPLICATION_SESSION_ID : SESSION_ID };
}

test('the example that creates a session calls the platform as it documents', async () => {
  copyFileSync(join(REPOSITORY, 'node/examples/create-session.mjs'), 'create-session.mjs');
  const source = readFileSync('create-session.mjs', 'utf8');
  for (const url of ['https://video.api.vonage.com', 'https://api.opentok.com']) assert.ok(source.includes(`'${url}'`));
  const calls = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { method, url, headers } = request;
    calls.push([method, url, headers.accept, headers['content-type'].split(';')[0], body]);
    try {
      const session = authenticate(request);
      response.setHeader('content-type', 'application/json').end(JSON.stringify([session]));
    } catch (error) {
      response.writeHead(403).end(error.message);
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const create = async (env) => {
    const API_URL = `http://localhost:${server.address().port}`;
    const child = spawn(process.execPath, ['create-session.mjs'], { env: { ...process.env, API_URL, ...env } });
    const [stdout, stderr, [status]] = await Promise.all([
      child.stdout.setEncoding('utf8').toArray(),
      child.stderr.setEncoding('utf8').toArray(),
      once(child, 'close'),
    ]);
    return { lines: stdout.join('').split('\n'), stderr: stderr.join(''), status };
  };
  try {
    for (const [env, reader, id] of [
      [{ TOKMINT_API_KEY: API_KEY, TOKMINT_API_SECRET: API_SECRET }, project, SESSION_ID],
      [
        // As an env file has it.
        { TOKMINT_APPLICATION_ID: APPLICATION_ID, TOKMINT_PRIVATE_KEY: PRIVATE_KEY.replaceAll('\n', '\\n') },
        verifier,
        APPLICATION_SESSION_ID,
      ],
    ]) {
      const { lines, stderr, status } = await create(env);
      assert.equal(stderr, '');
      assert.deepEqual([status, lines.length, lines[0]], [0, 3, id]);
      assert.equal(reader.verifyToken(lines[1], { sessionId: id }).role, 'moderator');
    }
    const { stderr, status } = await create({ TOKMINT_API_KEY: API_KEY, TOKMINT_API_SECRET: `${API_SECRET}0` });
    assert.match(stderr, /no session was created: 403 invalid signature/);
    assert.equal(status, 1);
    const form = 'application/x-www-form-urlencoded';
    const call = ['POST', '/session/create', 'application/json', form, 'p2p.preference=disabled'];
    assert.deepEqual(calls, [call, call, call]);
  } finally {
    server.close();
  }
});
