// The examples that people copy.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { API_KEY, API_SECRET, project, REPOSITORY, SESSION_ID } from './support.mjs';

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
  assert.deepEqual(counts, [2, 4]);
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
