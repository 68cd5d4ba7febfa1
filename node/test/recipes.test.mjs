// The web applications in `examples`, run as docs/recipes.md says, against a stand-in of the REST API.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import jsonwebtoken from 'jsonwebtoken';
import {
  API_KEY,
  API_SECRET,
  APPLICATION_ID,
  APPLICATION_SESSION_ID,
  PRIVATE_KEY,
  PUBLIC_KEY,
  platform,
  project,
  REPOSITORY,
  SESSION_ID,
  verifier,
} from './support.mjs';

const SESSION_OF_OTHER_PROJECT = '1_MX42NTQzMjF-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const ACCESS_TOKENS = JSON.stringify({ 'token-of-ada': 'ada', 'token-of-bob': 'bob', 'token-of-eve': 'eve' });
const PROJECT = {
  credentials: project,
  env: { TOKMINT_API_KEY: API_KEY, TOKMINT_API_SECRET: API_SECRET },
  id: API_KEY,
  sessionId: SESSION_ID,
  key: API_SECRET,
  algorithm: 'HS256',
  issuer: { iss: API_KEY, ist: 'project' },
};
const APPLICATION = {
  credentials: verifier,
  env: { TOKMINT_APPLICATION_ID: APPLICATION_ID, TOKMINT_PRIVATE_KEY: PRIVATE_KEY },
  id: APPLICATION_ID,
  sessionId: APPLICATION_SESSION_ID,
  key: PUBLIC_KEY,
  algorithm: 'RS256',
  issuer: { application_id: APPLICATION_ID },
};
const SECRETS = [API_SECRET, PRIVATE_KEY.split('\n')[5], 'token-of-ada', 'eyJ'];
const SERVERS = ['express.mjs', 'fastify.mjs', 'nest.js'];
const long = !process.env.TOKMINT_LONG && 'it is part of `make test-node-long`';

before(() => {
  cpSync(join(REPOSITORY, 'node/examples'), '.', { recursive: true });
  // As the head of nest.ts says, and with all that the compiler checks.
  const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata'];
  const options = [...decorators, '--module', 'nodenext', '--target', 'es2022', '--strict', '--skipLibCheck'];
  const tsc = spawnSync(process.execPath, [
    'node_modules/typescript/bin/tsc',
    ...options,
    '--types',
    'node',
    'nest.ts',
  ]);
  assert.equal(tsc.status, 0, tsc.stdout);
});

/** Starts a server, gives `use` a function that asks it and one that waits for its output, which it returns in the end. */
async function withServer([...command], env, use, options = {}) {
  const server = spawn(process.execPath, command, {
    ...options,
    env: { ...process.env, ACCESS_TOKENS, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'close');
  let output = '';
  server.stderr.on('data', (chunk) => (output += chunk));
  try {
    const port = await new Promise((resolve, reject) => {
      createInterface(server.stdout).on('line', (line) => {
        output += `${line}\n`;
        const found = line.match(/listening on port (\d+)|https?:\/\/\S+?:([1-9]\d+)/);
        if (found) resolve(found[1] ?? found[2]);
      });
      server.on('close', () => reject(new Error(`no server: ${output}`)));
    });
    const request = (...args) => ask((path, init) => fetch(`http://localhost:${port}${path}`, init), ...args);
    await use(request, async (pattern) => {
      for (const deadline = Date.now() + 10_000; !pattern.test(output); await setTimeout(20)) {
        assert.ok(Date.now() < deadline, `${pattern} is not in ${output}`);
      }
    });
  } finally {
    server.kill();
    await ended;
  }
  return output;
}

/** Asks for a token, and returns the status and the text of the response. */
async function ask(send, person, nickname = 'Jürgen', room = 'physics') {
  const response = await send(`/rooms/${room}/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(person && { Authorization: `Bearer token-of-${person}` }) },
    body: JSON.stringify({ nickname }),
  });
  return [response.status, await response.text()];
}

/** Checks what a recipe promises. */
async function checkRecipe(request, url, { credentials, id, sessionId, key, algorithm, issuer }) {
  const sessions = async () => (await fetch(url)).json();
  for (const stranger of [undefined, 'mallory']) assert.equal((await request(stranger))[0], 401);
  assert.equal((await request('eve'))[0], 404);
  assert.equal((await request('ada', 'Ada', 'constructor'))[0], 404);
  assert.equal(await sessions(), 0);

  const people = [
    ['ada', 'moderator'],
    ['bob', 'publisher'],
  ];
  // They come at once, and meet in one session.
  const responses = await Promise.all(people.map(([person]) => request(person)));
  for (const [index, [person, role]] of people.entries()) {
    const [status, text] = responses[index];
    assert.equal(status, 200, text);
    const { token, ...rest } = JSON.parse(text);
    assert.deepEqual(rest, { apiKey: id, sessionId });
    assert.equal(credentials.verifyToken(token, { sessionId }).role, role);
    const { iat, exp, jti, nonce, connection_data, ...claims } = jsonwebtoken.verify(token, key, {
      algorithms: [algorithm],
    });
    assert.equal(exp - iat, 3600);
    assert.deepEqual(JSON.parse(connection_data), { user: person, nickname: 'Jürgen' });
    const expected = { ...issuer, session_id: sessionId, scope: 'session.connect', role };
    for (const [name, value] of Object.entries(expected)) assert.equal(claims[name], value, name);
  }
  assert.equal(await sessions(), 1);

  const [status, text] = await request('ada', 'x'.repeat(1000));
  assert.deepEqual([status, JSON.parse(text)], [400, { error: 'data_too_long' }]);
}

async function checkSilence(request) {
  const [status, text] = await request('ada');
  assert.equal(status, 500);
  assert.doesNotMatch(text, /tokmint|session|project|token|stack|at /);
}

for (const server of SERVERS) {
  for (const kind of [PROJECT, APPLICATION]) {
    test(`${server} serves those who belong to the room with credentials of ${kind.id}`, async () => {
      const [rest, url] = await platform(kind.credentials);
      try {
        const env = { ...kind.env, API_URL: url };
        const output = await withServer([server], env, (request) => checkRecipe(request, url, kind));
        for (const secret of SECRETS) assert.ok(!output.includes(secret));
      } finally {
        rest.kill();
      }
    });
  }

  test(`${server} tells nothing of an error that is not the client's`, async () => {
    const [rest, url] = await platform(project, SESSION_OF_OTHER_PROJECT);
    try {
      const output = await withServer([server], { ...PROJECT.env, API_URL: url }, async (request, logged) => {
        await checkSilence(request);
        await logged(/belongs to another project/);
      });
      for (const secret of SECRETS) assert.ok(!output.includes(secret));
    } finally {
      rest.kill();
    }
    // Nothing listens there any more.
    await withServer([server], { ...PROJECT.env, API_URL: url }, async (request, logged) => {
      await checkSilence(request);
      await logged(/fetch failed/);
    });
  });

  test(`${server} does not start with a bad credential`, () => {
    const env = { ...process.env, ...PROJECT.env, ACCESS_TOKENS, PORT: '0', TOKMINT_API_KEY: 'no key' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [server], {
      env,
      encoding: 'utf8',
      timeout: 30_000,
    });
    assert.equal(status, 1);
    assert.match(stdout + stderr, /the API key/);
    assert.ok(!(stdout + stderr).includes(API_SECRET));
  });
}

test('the route handler of Next.js serves those who belong to the room', async () => {
  const { POST } = await import('./next/app/rooms/[room]/token/route.js');
  const request = (...args) =>
    ask(
      (path, init) => {
        const room = path.split('/')[2];
        return POST(new Request(`http://localhost${path}`, init), { params: Promise.resolve({ room }) });
      },
      ...args,
    );
  const [rest, url] = await platform(project);
  Object.assign(process.env, PROJECT.env, { ACCESS_TOKENS, API_URL: 'http://localhost:1' });
  const logged = [];
  const { error } = console;
  console.error = (...values) => logged.push(values.join(' '));
  try {
    await checkSilence(request);
    process.env.API_URL = url;
    await checkRecipe(request, url, PROJECT);
  } finally {
    console.error = error;
    rest.kill();
  }
  assert.match(logged.join('\n'), /fetch failed/);
});

test('a server of Next.js does not start with a bad credential', () => {
  const program = "const { register } = await import('./next/instrumentation.js'); await register();";
  const env = { ...process.env, ...PROJECT.env, TOKMINT_API_KEY: 'no key', NEXT_RUNTIME: 'nodejs' };
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    env,
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /the API key/);
});

test('Next.js builds and serves the route handler', { skip: long }, async () => {
  const next = join(import.meta.dirname, 'node_modules/next/dist/bin/next');
  // Without credentials.
  const build = spawnSync(process.execPath, [next, 'build'], {
    cwd: 'next',
    encoding: 'utf8',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  assert.equal(build.status, 0, build.stderr);
  const start = [next, 'start', '--port', '0'];
  const [rest, url] = await platform(project);
  try {
    const env = { ...PROJECT.env, API_URL: url };
    const output = await withServer(start, env, (request) => checkRecipe(request, url, PROJECT), { cwd: 'next' });
    assert.doesNotMatch(output, /TOKMINT_WASM/);
  } finally {
    rest.kill();
  }
  const bad = { ...process.env, ...PROJECT.env, TOKMINT_API_KEY: 'no key' };
  const { status, stdout, stderr } = spawnSync(process.execPath, start, {
    cwd: 'next',
    env: bad,
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.match(stdout + stderr, /the API key/);
  assert.equal(status, 1);
});
