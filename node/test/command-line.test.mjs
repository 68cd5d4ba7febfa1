// `npx tokmint`, which is the Rust program: it prints what the documentation shows, and ends as a program does. All tests
// of the program run with it too: set TOKMINT_COMMAND to node_modules/.bin/tokmint and run
// `cargo test -p tokmint-cli --test command_line`.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { API_KEY, API_SECRET, INSTALLED, project, REPOSITORY, SESSION_ID } from './support.mjs';

const FOLDER = join(import.meta.dirname, 'node_modules/.bin');
const COMMAND = join(FOLDER, 'tokmint');
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TOKMINT_')));

/** Each call of a page with the settings above it, and what the page says that it prints. */
function transcripts(page) {
  const blocks = readFileSync(join(REPOSITORY, 'docs', page), 'utf8').split('```\n');
  const calls = [];
  let settings = '';
  for (const block of blocks.filter((_, index) => index % 2 === 1)) {
    const [, line, output] = block.match(/^\$ (.*)\n([\s\S]*)$/);
    if (line.startsWith('tokmint ')) calls.push([settings + line, output]);
    else settings += `${line}\n`;
  }
  return calls;
}

test('it prints what the documentation shows', () => {
  for (const [page, count] of [
    ['inspect.md', 6],
    ['compare.md', 2],
  ]) {
    const calls = transcripts(page);
    assert.equal(calls.length, count);
    for (const [call, output] of calls) {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', call], {
        cwd: REPOSITORY,
        env: { ...env, PATH: FOLDER + delimiter + env.PATH },
        encoding: 'utf8',
      });
      assert.deepEqual([stdout, stderr], [output, '']);
      assert.equal(status, Number(/^(refused|lost|changed) /m.test(output)));
    }
  }
});

test('npx runs it: what it generates is a token of this package', () => {
  const { version } = JSON.parse(readFileSync(join(INSTALLED, 'package.json'), 'utf8'));
  assert.equal(spawnSync('npx', ['tokmint', '--version'], { encoding: 'utf8' }).stdout, `tokmint ${version}\n`);
  const args = ['generate', '--secret-stdin', '--api-key', API_KEY, '--session-id', SESSION_ID, '--data', 'größe'];
  const { status, stdout, stderr } = spawnSync('npx', ['tokmint', ...args], { env, input: `${API_SECRET}\n` });
  assert.deepEqual([status, String(stderr)], [0, '']);
  assert.equal(project.verifyToken(String(stdout).trimEnd()).data, 'größe');
});

test('errors of usage are those of the program', () => {
  for (const args of [[], ['self-test', 'x'], ['verify', 'x'], ['--unknown']]) {
    const { status, stdout, stderr } = spawnSync(COMMAND, args, { env, encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /Usage: tokmint|^error: there are no credentials/);
  }
});

test('an argument is what was typed', { skip: process.platform !== 'linux' && 'others have no such arguments' }, () => {
  const call = `${COMMAND} generate --session-id ${SESSION_ID} --data "$(printf 'a\\377')"`;
  const credentials = { TOKMINT_API_KEY: API_KEY, TOKMINT_API_SECRET: API_SECRET };
  const { status, stderr } = spawnSync('sh', ['-c', call], { env: { ...env, ...credentials }, encoding: 'utf8' });
  // With musl, the system does not tell.
  if (process.report.getReport().header.glibcVersionRuntime) {
    assert.equal(status, 1);
    assert.match(stderr, /^tokmint: invalid_data: /);
  }
});

test('a signal ends it while it waits for a token', { timeout: 60_000 }, async () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const pipe = `command-line-${signal}.pipe`;
    spawnSync('mkfifo', [pipe]);
    const child = spawn('sh', ['-c', `exec ${COMMAND} inspect < ${pipe}`], { env });
    const exit = once(child, 'exit');
    const descriptor = openSync(pipe, 'w');
    // A pipe holds 65,536 bytes, and a token has no more: when all are written it has begun to read, and waits for the rest.
    writeSync(descriptor, Buffer.alloc(65_537));
    child.kill(signal);
    assert.deepEqual(await exit, [null, signal]);
    closeSync(descriptor);
    rmSync(pipe);
  }
});

test('a reader that leaves is no error', () => {
  const call = `{ sleep 0.2; ${COMMAND} completions zsh; echo $? >&2; } | true`;
  const { stderr } = spawnSync('sh', ['-c', call], { env, encoding: 'utf8' });
  assert.equal(stderr, '0\n');
});

test('without the binary it says what to do', () => {
  const copy = join(import.meta.dirname, 'command-line-without-binary');
  cpSync(INSTALLED, copy, { recursive: true });
  for (const name of readdirSync(copy).filter((name) => name.endsWith('.node'))) rmSync(join(copy, name));
  const run = (...args) =>
    spawnSync(process.execPath, ['--disable-warning=TOKMINT_WASM', join(copy, 'cli.js'), ...args], {
      encoding: 'utf8',
    });
  const { status, stdout, stderr } = run('inspect', 'x');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^tokmint: here the command line can only do `self-test`, .*\n$/);
  assert.equal(run('self-test').status, 0);
  rmSync(copy, { recursive: true });
});
