// Every vector of inspect.json through the page: it says what the command line says.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLAIMS, helpers, jwt, KEY, ready, SECRET, start, target, vectors } from './browser.mjs';

const program = join(target, 'debug/tokmint');
const { keys } = vectors('keys.json');

/** A string of a vector, as tests/vectors/README.md has it. */
function string(value) {
  if (typeof value === 'string') return value;
  if (value.concat) return value.concat.map(string).join('');
  if (value.utf16) return String.fromCharCode(...value.utf16);
  return value.repeat.repeat(value.times);
}

const cases = vectors('inspect.json').vectors.map((vector) => ({
  name: vector.name,
  expected: vector.expected,
  input: {
    token: string(vector.token),
    project: vector.api_key && [vector.api_key, vector.api_secret],
    application: vector.application_id && [
      vector.application_id,
      keys[vector.public_key ?? vector.private_key].public_key,
    ],
    sessionId: vector.options.session_id && string(vector.options.session_id),
    now: vector.options.now,
  },
}));

/** Beyond the vectors: characters that the command line escapes, and others that it does not. */
const CHARACTERS = '\0\x1b[31m\x7f\x85\u061c\u200b\u200f\u2028\u202e\u2066\ufeff"\\\'é👍שלום\u0334';
for (const [name, claims] of [
  ['data', { ...CLAIMS, connection_data: CHARACTERS }],
  ['a name and its value', { ...CLAIMS, [CHARACTERS]: [CHARACTERS] }],
  ['role', { ...CLAIMS, role: CHARACTERS }],
]) {
  const input = { token: jwt(claims), project: [KEY, SECRET], now: 1700000060 };
  cases.push({ name: `characters: ${name}`, input });
}

/** What the command line prints. */
function printed({ token, project, application, sessionId, now }) {
  const environment = { PATH: process.env.PATH };
  if (project) [environment.TOKMINT_API_KEY, environment.TOKMINT_API_SECRET] = project;
  if (application) [environment.TOKMINT_APPLICATION_ID, environment.TOKMINT_PUBLIC_KEY] = application;
  // An argument cannot hold NUL, and `-` means standard input.
  const isArgument = token !== '-' && !token.includes('\0');
  const session = sessionId === undefined ? [] : ['--session-id', sessionId];
  const options = ['inspect', '--json', '--now', String(now), ...session, ...(isArgument ? ['--', token] : [])];
  const input = isArgument ? '' : `${token}\n`;
  const { error, status, stdout, stderr } = spawnSync(program, options, { env: environment, input, encoding: 'utf8' });
  // Of a process that does not read its input.
  if (error && error.code !== 'EPIPE') throw error;
  if (status > 1) throw new Error(stderr);
  return stdout.replace(/\n$/, '');
}

async function shownByPage(inputs) {
  const chromium = await start();
  try {
    const { page, seen } = await ready(chromium);
    await page.evaluate(helpers);
    const shown = await page.evaluate((all) => {
      return all.map((input) => {
        globalThis.user.fill(input);
        return globalThis.user.read();
      });
    }, inputs);
    return { shown, seen, asked: chromium.asked };
  } finally {
    await chromium.stop();
  }
}

test('every vector gets the verdict, the findings and the JSON of the command line', async () => {
  const lone = cases.filter(({ input }) => !input.token.isWellFormed());
  assert.deepEqual(
    lone.map(({ name }) => name),
    [],
    'a vector that the command line cannot take',
  );
  const { shown, seen, asked } = await shownByPage(cases.map(({ input }) => input));
  assert.equal(shown.length, cases.length);
  const outputs = cases.map(({ input }) => printed(input));

  for (const [index, { name, expected }] of cases.entries()) {
    const page = shown[index];
    const inspection = JSON.parse(outputs[index]);
    const verdicts = { valid: 'Accepted', unchecked: 'Not refused, signature unchecked' };
    const verdict = inspection.is_refused ? 'Refused' : verdicts[inspection.signature];
    assert.deepEqual(page.json, [outputs[index]], name);
    assert.deepEqual(page.verdict, [verdict], name);
    assert.ok(page.announcement.startsWith(`${verdict}: `), name);
    const codes = inspection.findings.map(({ code }) => code);
    assert.deepEqual(page.codes, codes, name);
    if (expected) assert.deepEqual(codes, expected.findings, name);
    const severities = { refused: 'Refused', warning: 'Warning', note: 'Note' };
    assert.deepEqual(
      page.severities,
      inspection.findings.map(({ severity }) => severities[severity]),
      name,
    );
    assert.deepEqual(page.faults, [], name);
    for (const part of ['header', 'fields']) {
      const [rows, written] = [page[part], inspection[part]];
      assert.equal(rows.length, written.length, name);
      for (const [row, field] of written.entries()) {
        // What is shown with escapes is compared by its plain characters.
        const plain = [field.name, field.value || 'empty'].every((value) => /^[ -~]*$/.test(value));
        if (plain) assert.deepEqual(rows[row], [field.name, field.value || 'empty'], name);
      }
    }
  }
  assert.deepEqual(seen, []);
  assert.deepEqual(asked, ['GET /']);
});
