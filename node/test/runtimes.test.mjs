// The installed package in every runtime. Installing those other than Node takes 700 MB, so they are part of the long run.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import * as esbuild from 'esbuild';
import * as tokmint from 'tokmint';
import { hashOfRequests } from './requests.mjs';
import { API_KEY, API_SECRET, PRIVATE_KEY, PUBLIC_KEY, SESSION_ID } from './support.mjs';

const skip = !process.env.TOKMINT_LONG && 'it is part of `make test-node-long`';

/** The binary in a package that npm chose for this machine; no install script has put it anywhere else. */
function binary(scope, ...path) {
  return join('node_modules', scope, readdirSync(join('node_modules', scope))[0], ...path);
}

/** Checks what programs/everywhere.mjs returned: every vector holds, and the 10,000 requests are those of Node. */
async function check({ count, failed, ...requests }) {
  assert.deepEqual(failed, []);
  assert.ok(count >= 2100);
  assert.deepEqual(requests, await hashOfRequests(tokmint, { privateKey: PRIVATE_KEY, publicKey: PUBLIC_KEY }));
}

/** Runs a program and returns what it printed. */
function run([path, ...options], ...args) {
  const { status, stdout, stderr } = spawnSync(path, [...options, ...args], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

for (const [name, program, isLong] of [
  ['Node', () => [process.execPath]],
  ['Bun', () => [binary('@oven', 'bin/bun')], true],
  // No permission, and no question for one.
  ['Deno', () => [binary('@deno', 'deno'), 'run', '--no-prompt'], true],
]) {
  test(`${name} runs the vectors and behaves as the others do`, { skip: isLong && skip }, async () => {
    await check(JSON.parse(run(program(), 'programs/print-everywhere.mjs')));
    const [path, ...options] = program();
    if (name === 'Deno') options.push('--allow-read');
    assert.equal(run([path, ...options], 'programs/runtime.mjs'), 'alike\n');
  });
}

test('workerd runs the vectors', { skip }, async () => {
  // As wrangler bundles: a module of WebAssembly stays a file of its own.
  await esbuild.build({
    entryPoints: ['programs/worker.mjs'],
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    outdir: 'workerd',
  });
  const { Miniflare } = await import('miniflare');
  const worker = new Miniflare({
    modules: [
      { type: 'ESModule', path: 'workerd/worker.js' },
      { type: 'CompiledWasm', path: 'workerd/tokmint.wasm' },
    ],
    compatibilityDate: '2026-01-01',
  });
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    assert.equal(response.status, 200);
    await check(await response.json());
  } finally {
    await worker.dispose();
  }
});

/** Starts a server of Next.js, asks both routes, and returns what it printed to stderr. */
async function askNext(app, args, env = {}) {
  const options = { cwd: app, env: { ...process.env, PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] };
  const server = spawn(process.execPath, args, options);
  let stderr = '';
  server.stderr.on('data', (chunk) => (stderr += chunk));
  try {
    let origin;
    for await (const line of createInterface(server.stdout)) {
      origin = line.match(/http:\/\/[\w.]+:[1-9]\d+/)?.[0] ?? origin;
      if (/Ready in/.test(line)) break;
    }
    for (const [route, runtime] of [
      ['node', 'undefined'],
      ['edge', 'string'],
    ]) {
      const response = await fetch(`${origin}/${route}`);
      assert.deepEqual([response.status, await response.text()], [200, `publisher jwt ${runtime}`]);
    }
  } finally {
    server.kill();
  }
  return stderr;
}

test('Next.js bundles it for both runtimes, and keeps the binary where it is external', { skip }, async () => {
  const route = (runtime) => `import { OpenTok } from 'tokmint';
    import { inspectToken } from 'tokmint/inspect';
    export const runtime = '${runtime}';
    export const dynamic = 'force-dynamic';
    export function GET() {
      const opentok = new OpenTok('${API_KEY}', '${API_SECRET}');
      const token = opentok.generateToken('${SESSION_ID}');
      return new Response([opentok.verifyToken(token).role, inspectToken(token).format, typeof EdgeRuntime].join(' '));
    }`;
  const page = `'use client';
    import { inspectToken } from 'tokmint/inspect';
    export default () => inspectToken('x').findings[0].code;`;
  const layout = 'export default ({ children }) => <html><body>{children}</body></html>;';
  const next = join(import.meta.dirname, 'node_modules/next/dist/bin/next');
  for (const [app, config] of [
    ['next-app', '{}'],
    ['next-external', "{ output: 'standalone', serverExternalPackages: ['tokmint'] }"],
  ]) {
    for (const [path, content] of [
      ['app/layout.jsx', layout],
      ['app/page.jsx', page],
      ['app/node/route.js', route('nodejs')],
      ['app/edge/route.js', route('edge')],
      ['next.config.mjs', `export default ${config};`],
      ['package.json', '{ "type": "module" }'],
    ]) {
      mkdirSync(join(app, path, '..'), { recursive: true });
      writeFileSync(join(app, path), content);
    }
    const { status, stderr } = spawnSync(process.execPath, [next, 'build'], {
      cwd: app,
      encoding: 'utf8',
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    });
    assert.equal(status, 0, stderr);
  }
  assert.match(readFileSync('next-app/.next/server/app/index.html', 'utf8'), /malformed_token/);
  const warning = await askNext('next-app', [next, 'start', '--port', '0']);
  assert.match(warning, /TOKMINT_WASM.*\nThis is a bundle, which holds no binary\./s);
  // The folder that is to be deployed, elsewhere.
  cpSync('next-external/.next/standalone', 'deployed', { recursive: true });
  const external = await askNext('deployed/next-external', ['server.js'], { HOSTNAME: '127.0.0.1' });
  assert.doesNotMatch(external, /TOKMINT_WASM/);
});
