// The examples that people copy.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  PRIVATE_KEY,
  platform,
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

test('the example that creates a session calls the platform as it documents', async () => {
  copyFileSync(join(REPOSITORY, 'node/examples/create-session.mjs'), 'create-session.mjs');
  const source = readFileSync('create-session.mjs', 'utf8');
  for (const url of ['https://video.api.vonage.com', 'https://api.opentok.com']) assert.ok(source.includes(`'${url}'`));
  const create = (API_URL, env) =>
    spawnSync(process.execPath, ['create-session.mjs'], { env: { ...process.env, API_URL, ...env }, encoding: 'utf8' });
  const ofProject = { TOKMINT_API_KEY: API_KEY, TOKMINT_API_SECRET: API_SECRET };
  // As an env file has it.
  const privateKey = PRIVATE_KEY.replaceAll('\n', '\\n');
  const ofApplication = { TOKMINT_APPLICATION_ID: APPLICATION_ID, TOKMINT_PRIVATE_KEY: privateKey };
  for (const [env, other, reader, id] of [
    [ofProject, ofApplication, project, SESSION_ID],
    [ofApplication, ofProject, verifier, APPLICATION_SESSION_ID],
  ]) {
    const [server, url] = await platform(reader);
    try {
      const { stdout, stderr, status } = create(url, env);
      const lines = stdout.split('\n');
      assert.equal(stderr, '');
      assert.deepEqual([status, lines.length, lines[0]], [0, 3, id]);
      assert.equal(reader.verifyToken(lines[1], { sessionId: id }).role, 'moderator');
      const refused = create(url, other);
      assert.match(refused.stderr, /no session was created: 403 .*the header of other credentials/);
      assert.deepEqual([refused.status, refused.stdout], [1, '']);
    } finally {
      server.kill();
    }
  }
});
