// The page as a user meets it: examples, inputs, two tokens, sizes, keyboard, screen readers, and what it lacks.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import {
  CLAIMS,
  file,
  helpers,
  html,
  jwt,
  KEY,
  open,
  ready,
  SECRET,
  SESSION,
  start,
  target,
  vectors,
} from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const screenshots = join(target, 'wasm/screenshots');

let chromium;
before(async () => {
  mkdirSync(screenshots, { recursive: true });
  chromium = await start();
});
after(() => chromium.stop());

/** A page that can be used, with the helpers in it. */
async function used(options) {
  const opened = await ready(chromium, options);
  await opened.page.evaluate(helpers);
  return opened;
}

const read = (page) => page.evaluate(() => globalThis.user.read());
const fill = (page, input) => page.evaluate((input) => globalThis.user.fill(input), input);
const click = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Whatever could stretch a page, at the longest that is read. */
function nastiest() {
  const hostile = `\0\u202e\u200f${'W'.repeat(3000)}\ud800${'שלום עליכם '.repeat(50)}${'Z\u0334\u0351\u0346\u0363'.repeat(200)}\u2028\u2029\ufeff`;
  const claims = {
    ...CLAIMS,
    role: hostile,
    connection_data: '\u00a0'.repeat(200),
    [`name ${'n'.repeat(2000)}`]: [['nested'.repeat(300)]],
    [hostile.slice(-500)]: hostile.slice(-500),
  };
  for (let count = 0; count < 300; count += 1) claims[`f${count}`] = count;
  return jwt(claims);
}

test('the build is small, and gives the same bytes again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokmint-page-'));
  try {
    const output = join(folder, 'page.html');
    const build = join(import.meta.dirname, '../build.mjs');
    const module = join(target, 'wasm/tokmint.wasm');
    const { status, stderr } = spawnSync(process.execPath, [build, module, output], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.ok(readFileSync(output, 'utf8') === html, 'other bytes');
    const base64 = readFileSync(module).toString('base64');
    assert.ok(html.includes(base64));
    assert.ok(html.length - base64.length < 64_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('it works from a file, asks for nothing, and stores nothing', async () => {
  for (const address of [pathToFileURL(file).href, chromium.url]) {
    const { page, context, seen } = await ready(chromium, { address });
    await page.evaluate(helpers);
    const asked = chromium.asked.length;
    for (const name of await page.locator('#examples button').allTextContents()) await click(page, name);
    await page.locator('summary', { hasText: 'JSON of the first' }).click();
    await page.getByRole('button', { name: 'Copy JSON' }).first().click();
    await click(page, 'Valid');
    await page.getByRole('button', { name: 'Copy JSON' }).waitFor();
    const stored = await page.evaluate(async () => [
      ...Object.keys({ ...localStorage, ...sessionStorage }),
      ...(await indexedDB.databases()),
      ...((await globalThis.caches?.keys?.()) ?? []),
      document.cookie,
      location.hash + location.search,
    ]);
    assert.deepEqual(
      stored.filter((item) => item !== ''),
      [],
    );
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(seen, []);
    assert.equal(chromium.asked.length, asked);
    // What was typed is not there after a reload.
    await fill(page, { token: 'x', project: [KEY, SECRET], sessionId: 'x', now: 1 });
    await page.reload();
    await page.locator('#main').waitFor();
    const inputs = page.locator('textarea, input:not([type=radio], [type=checkbox])');
    const values = () => inputs.evaluateAll((all) => all.map(({ value }) => value).filter(Boolean));
    assert.deepEqual(await values(), []);
    // Nor is it in the page that a browser keeps for its back button.
    await page.evaluate(helpers);
    await fill(page, { token: 'x', project: [KEY, SECRET], sessionId: 'x', now: 1 });
    assert.equal((await values()).length, 5);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    assert.deepEqual(await values(), []);
    assert.deepEqual((await read(page)).verdict, []);
    await context.close();
  }
});

const EXAMPLES = {
  Valid: ['Accepted', []],
  Expired: ['Refused', ['token_expired']],
  Truncated: ['Refused', ['truncated']],
  'Wrong secret': ['Refused', ['invalid_signature']],
  'Quoted secret': ['Not refused, signature unchecked', []],
  'Other session': ['Refused', ['token_of_other_session']],
  'Other project': ['Refused', ['token_of_other_project', 'session_of_other_project']],
  Milliseconds: ['Refused', ['milliseconds']],
  'Unknown role': ['Refused', ['unknown_role']],
  Quoted: ['Refused', ['quotes_around']],
  'URL-encoded': ['Refused', ['url_encoded']],
  'T1 without expiry': ['Accepted', ['default_expiry']],
  'REST token': ['Refused', ['rest_token']],
  'Session ID': ['Refused', ['session_id_as_token']],
  Application: ['Accepted', []],
};

test('every example shows the fault that it is named after', async () => {
  const { page, context, seen } = await used();
  const names = await page.locator('#examples button').allTextContents();
  assert.deepEqual(names, [...Object.keys(EXAMPLES), 'Two tokens']);
  for (const [name, [verdict, codes]] of Object.entries(EXAMPLES)) {
    await click(page, name);
    const shown = await read(page);
    assert.deepEqual([shown.verdict, shown.codes], [[verdict], codes], name);
    assert.ok(shown.announcement.startsWith(verdict));
    const isFaulty = name === 'Quoted secret';
    assert.equal(shown.faults.length, isFaulty ? 1 : 0);
    if (isFaulty) assert.match(shown.faults[0], /^invalid_api_secret: .+ quotation mark/);
  }
  assert.deepEqual(seen, []);
  await context.close();
});

test('times are in UTC, in local time and from the time of the inspection', async () => {
  const { page, context } = await used();
  await fill(page, { token: jwt({ ...CLAIMS, nbf: 1700000000 }), now: '2023-11-14T23:20:00+01:00' });
  const { times } = await read(page);
  assert.deepEqual(times, [
    ['Created', '2023-11-14 22:13:20 UTC, 6 min 40 s ago', '14 Nov 2023, 23:13:20 CET'],
    ['Not valid before', '2023-11-14 22:13:20 UTC, 6 min 40 s ago', '14 Nov 2023, 23:13:20 CET'],
    ['Expires', '2023-11-14 23:13:20 UTC, in 53 min 20 s', '15 Nov 2023, 00:13:20 CET'],
    ['Remaining lifetime', '3,200 seconds'],
    ['Inspected at', '2023-11-14 22:20:00 UTC', '14 Nov 2023, 23:20:00 CET'],
  ]);
  await fill(page, { token: jwt({ ...CLAIMS, exp: 9e15 }), now: 'tomorrow' });
  const beyond = await read(page);
  assert.match(beyond.times[1][1], /^Unix time 9000000000000000, in /);
  assert.deepEqual(beyond.faults, ['This is not a time, so the current time is used.']);
  for (const [now, isTime] of [
    ['2028-02-29T23:59:59+02:00', true],
    ['0000-01-01T00:00:00Z', true],
    ['2030-02-29T12:00:00Z', false],
    ['2030-02-30T12:00:00+01:00', false],
    ['2030-04-31T12:00:00Z', false],
    ['2030-01-01T24:00:00Z', false],
    ['2030-01-01T23:59:60Z', false],
    ['2030-13-01T12:00:00Z', false],
  ]) {
    await fill(page, { token: 'x', now });
    assert.equal((await read(page)).faults.length, isTime ? 0 : 1, now);
  }
  await context.close();
});

test('credentials and session are checked, and refused in the words of the core', async () => {
  const { page, context } = await used();
  const [vector] = vectors('inspect.json').vectors;
  const { public_key: publicKey, private_key: privateKey } = vectors('keys.json').keys.main;
  const faults = async (input) => {
    await fill(page, { token: vector.token, now: vector.options.now, ...input });
    const { faults, says, verdict } = await read(page);
    return [verdict[0], Object.fromEntries(says).Signature, ...faults];
  };
  const unchecked = ['Not refused, signature unchecked', 'unchecked'];
  assert.deepEqual(await faults({ project: [KEY, SECRET] }), ['Accepted', 'valid']);
  assert.deepEqual(await faults({ project: [KEY, SECRET.replace('1', '2')] }), ['Refused', 'invalid']);
  assert.deepEqual(await faults({ project: [KEY, ''] }), [
    ...unchecked,
    'The signature is checked once both are given.',
  ]);
  const expected = [
    [{ project: [`${KEY}x`, SECRET] }, /^invalid_api_key: /],
    [{ project: [KEY, `${SECRET} `] }, /^invalid_api_secret: /],
    [{ application: ['no UUID', publicKey] }, /^invalid_application_id: /],
    [{ application: ['a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9', privateKey] }, /^invalid_public_key: .*private key/],
    [{ application: ['a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9', 'x'] }, /^invalid_public_key: /],
  ];
  for (const [input, sentence] of expected) {
    const [verdict, signature, fault, ...others] = await faults(input);
    assert.deepEqual([verdict, signature, ...others], unchecked);
    assert.match(fault, sentence);
    assert.match((await read(page)).sentence[0], /because the credentials are refused/);
  }
  assert.deepEqual(await faults({ project: [KEY, SECRET], sessionId: SESSION }), ['Accepted', 'valid']);
  assert.deepEqual(await faults({ project: [KEY, SECRET], sessionId: `${SESSION}x` }), ['Refused', 'valid']);
  await page.evaluate((input) => globalThis.user.fill({ ...input, sessionId: '\ud800' }), { token: vector.token });
  const lone = await read(page);
  assert.match(lone.faults[0], /^invalid_utf8: /);
  assert.deepEqual(lone.nothing, ['Nothing was inspected: see the session ID.']);
  await context.close();
});

test('what is dropped on an input goes there and nowhere else', async () => {
  const { page, context } = await used();
  await fill(page, { token: jwt(CLAIMS), project: [KEY, 'x'] });
  const dropFile = (id, text) =>
    page.evaluate(
      ([id, text]) => globalThis.user.dropOn(document.getElementById(id), { file: new File([text], 'x') }),
      [id, text],
    );
  await dropFile('api-secret', `${SECRET}\n`);
  await page.locator('#credentials-note', { hasText: 'such as a line feed' }).waitFor();
  await dropFile('api-secret', SECRET);
  await page.locator('dd', { hasText: /^valid$/ }).waitFor();
  assert.equal(await page.locator('#token').inputValue(), jwt(CLAIMS));
  await dropFile('api-secret', 'x'.repeat(200_000));
  await page.locator('#credentials-note', { hasText: 'This is too long for this field' }).waitFor();
  assert.equal(await page.locator('#api-secret').inputValue(), SECRET);
  // Text is left to the browser.
  const isPrevented = (id) =>
    page.evaluate((id) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/plain', 'secret');
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.getElementById(id).dispatchEvent(event);
      return event.defaultPrevented;
    }, id);
  for (const id of ['api-key', 'api-secret', 'public-key', 'session-id', 'now'])
    assert.ok(!(await isPrevented(id)), id);
  assert.equal(await page.locator('#token').inputValue(), jwt(CLAIMS));
  assert.ok(await isPrevented('result'));
  assert.equal(await page.locator('#token').inputValue(), 'secret');
  await context.close();
});

test('a line feed in an input of one line is refused, not dropped', async () => {
  const { page, context } = await used({ permissions: ['clipboard-read', 'clipboard-write'] });
  const paste = async (id, text) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.locator(id).focus();
    for (const key of ['Control+A', 'Control+V']) await page.keyboard.press(key);
    return read(page);
  };
  const input = { token: jwt(CLAIMS), project: [KEY, SECRET], sessionId: SESSION, now: 1700000060 };
  for (const [id, code, text] of [
    ['#api-key', 'invalid_api_key', KEY],
    ['#api-secret', 'invalid_api_secret', SECRET],
  ]) {
    await fill(page, input);
    assert.deepEqual((await read(page)).verdict, ['Accepted']);
    const { faults } = await paste(id, `${text}\n`);
    assert.match(faults.join(), new RegExp(`^${code}: `));
    await page.keyboard.press('Backspace');
    await page.keyboard.type(text.at(-1));
    assert.deepEqual((await read(page)).verdict, ['Accepted']);
    await page.evaluate(
      ([id, text]) => globalThis.user.dropOn(document.querySelector(id), { 'text/plain': text }),
      [id, `\n${text}`],
    );
    assert.match((await read(page)).faults.join(), new RegExp(`^${code}: `));
  }
  await fill(page, input);
  assert.deepEqual((await paste('#session-id', `${SESSION}\n`)).codes, ['token_of_other_session']);
  assert.deepEqual((await paste('#session-id', SESSION)).codes, []);
  await context.close();
});

test('a file that is read slowly undoes nothing, and only the first of several is read', async () => {
  const { page, context } = await used();
  /** Drops a file, does something else, lets the file be read, and returns what the input holds. */
  const during = (id, action, text) =>
    page.evaluate(
      async ([id, action, text]) => {
        const { user } = globalThis;
        const input = document.getElementById(id);
        user.fill({ token: 'before', project: ['1', 'before'] });
        let finish;
        const { arrayBuffer } = File.prototype;
        File.prototype.arrayBuffer = () =>
          new Promise((resolve) => {
            finish = () => resolve(new TextEncoder().encode('slow').buffer);
          });
        user.dropOn(input, { file: new File(['slow'], 'x') });
        File.prototype.arrayBuffer = arrayBuffer;
        if (action === 'type') user.type(id, text);
        else if (action === 'drop') user.dropOn(input, { file: new File([text], 'x') });
        else if (action === 'click') document.getElementById(text).click();
        while (action === 'drop' && input.value !== text) await new Promise((resolve) => setTimeout(resolve, 1));
        finish();
        // The file is taken before a timer ends.
        await new Promise((resolve) => setTimeout(resolve, 10));
        return input.value;
      },
      [id, action, text],
    );
  for (const id of ['token', 'api-secret']) {
    assert.equal(await during(id, 'type', 'typed'), 'typed');
    assert.equal(await during(id, 'drop', 'dropped'), 'dropped');
    assert.equal(await during(id, 'click', 'clear'), '');
    assert.equal(await during(id, 'click', 'again'), 'slow');
  }
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    for (const text of ['first', 'second']) dataTransfer.items.add(new File([text], text));
    document.getElementById('token').dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
  });
  await page.locator('#token-note', { hasText: 'Only the first of the files was read.' }).waitFor();
  assert.equal(await page.locator('#token').inputValue(), 'first');
  await context.close();
});

test('an example that cannot be generated says why', async () => {
  // The module keeps the clock that it starts with.
  const init = () => {
    const { now } = Date;
    globalThis.clock = undefined;
    Date.now = () => globalThis.clock ?? now();
  };
  const { page, context, seen } = await used({ init });
  for (const clock of [2e14, -1e9, Number.NaN]) {
    await page.evaluate((clock) => {
      globalThis.clock = clock;
    }, clock);
    await click(page, 'Other project');
    assert.deepEqual((await read(page)).verdict, ['Refused']);
    await click(page, 'Valid');
    const { nothing, verdict, announcement } = await read(page);
    assert.deepEqual([verdict, announcement], [[], ''], String(clock));
    assert.match(nothing.join(), /^The example cannot be generated\. [a-z_]+: .+/);
  }
  assert.deepEqual(seen, []);
  await context.close();
});

test('a session ID is decoded', async () => {
  const { page, context } = await used();
  const application =
    '2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg';
  const decoded = async (token) => {
    await fill(page, { token });
    return (await read(page)).says.filter(([name]) => /^Session (?!ID$)/.test(name)).map(([, value]) => value);
  };
  const date = 'Sat Mar 15 14:42:23 PDT 2014';
  const first = ['123456', date, `1~123456~~${date}~0.49013025~`];
  assert.deepEqual(await decoded(jwt(CLAIMS)), first);
  assert.deepEqual(await decoded(jwt(CLAIMS).slice(0, 200)), first);
  assert.deepEqual(await decoded(SESSION), first);
  const id = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
  const second = [id, '2023-01-03 09:07:58 UTC', `1~${id}~~1672736878162~n/NxUKnCZV0TRzUJlcmDjCrx~P~~`];
  assert.deepEqual(await decoded(application), second);
  assert.deepEqual(await decoded(jwt({ ...CLAIMS, session_id: 'x' })), []);
  await context.close();
});

test('two tokens are compared name by name', async () => {
  const { page, context, seen } = await used();
  const first = jwt({ ...CLAIMS, note: '' });
  const second = jwt({ ...CLAIMS, role: 'moderator', more: 'x' });
  await fill(page, { token: first, second, now: 1700000060 });
  const shown = await read(page);
  assert.equal(shown.verdict.length, 2);
  assert.equal(shown.json.length, 2);
  assert.match(shown.announcement, /^First token: .+ Second token: /);
  const rows = await page
    .locator('tbody tr:has(td)')
    .evaluateAll((all) => all.map((row) => [row.className, ...Array.from(row.children, (cell) => cell.textContent)]));
  const row = (name) => rows.filter(([, title]) => title === name);
  assert.deepEqual(row('role'), [['differs', 'role', '"publisher"', '"moderator"', '≠ differs']]);
  assert.deepEqual(row('note'), [['first', 'note', '""', 'missing', '← only in first']]);
  assert.deepEqual(row('more'), [['second', 'more', 'missing', '"x"', '→ only in second']]);
  assert.deepEqual(row('iss'), [['same', 'iss', '"123456"', '"123456"', '= same']]);
  await page.getByLabel('Hide what is the same').check();
  assert.equal(await page.locator('tr.same:visible').count(), 0);
  assert.ok((await page.locator('tr.differs:visible').count()) > 0);
  // A name that one token has twice is compared in turn.
  await fill(page, { token: jwt('{"a":1,"a":2,"a":3}'), second: jwt('{"a":1,"a":9}') });
  const turns = await page
    .locator('tbody:last-of-type tr:has(td)')
    .evaluateAll((all) => all.map((row) => row.className));
  assert.deepEqual(turns, ['same', 'differs', 'first']);
  await click(page, 'One token only');
  assert.equal((await read(page)).verdict.length, 1);
  await click(page, 'Two tokens');
  assert.deepEqual((await read(page)).verdict, ['Accepted', 'Refused']);
  await click(page, 'Clear');
  assert.equal((await read(page)).verdict.length, 0);
  assert.deepEqual(seen, []);
  await context.close();
});

test('hidden characters are shown as escapes, and the JSON is copied as it is', async () => {
  const { page, context } = await used({ permissions: ['clipboard-read', 'clipboard-write'] });
  await fill(page, { token: jwt({ ...CLAIMS, a: '\u202e\u200b\u00a0\u0085\ufe0f', b: 'שלום é 👍', 'c\u2066': 1 }) });
  const { fields, json } = await read(page);
  assert.deepEqual(fields.slice(-3), [
    ['a', '"\\u202e\\u200b\\u00a0\\u0085\\ufe0f"'],
    ['b', '"שלום é 👍"'],
    ['c\\u2066', '1'],
  ]);
  const [result] = await page.locator('#result').allTextContents();
  assert.doesNotMatch(result, /[\u0085\u202e\u2066]/);
  await page.locator('summary', { hasText: 'JSON' }).click();
  await click(page, 'Copy JSON');
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), json[0]);
  assert.deepEqual(Object.keys(JSON.parse(json[0])).at(-1), 'is_refused');
  await context.close();
});

test('what is pasted is inspected exactly, and what is typed after it too', async () => {
  const { page, context } = await used({ permissions: ['clipboard-read', 'clipboard-write'] });
  const paste = async (text, keys = ['Control+V']) => {
    await page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await page.locator('#token').focus();
    for (const key of keys) await page.keyboard.press(key);
    return (await read(page)).codes;
  };
  const good = jwt(CLAIMS);
  const expired = ['token_expired'];
  assert.deepEqual(await paste(good), expired);
  assert.deepEqual(await paste('x', ['Control+A', 'Control+V']), ['malformed_token']);
  // A text area makes one character of the two at the end of a line, which would be short enough.
  assert.deepEqual(await paste('A'.repeat(65_500) + '\r\n'.repeat(30), ['Control+A', 'Control+V']), ['token_too_long']);
  assert.deepEqual(await paste(`${good}\n`, ['Control+A', 'Control+V']), ['white_space_around', ...expired]);
  await page.keyboard.press('Backspace');
  assert.deepEqual((await read(page)).codes, expired);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  assert.deepEqual((await read(page)).verdict, []);
  // An empty file is something to inspect.
  await page.evaluate(async () => {
    globalThis.user.dropOn(document.body, { file: new File([], 'empty') });
    while (document.querySelector('.verdict') === null) await new Promise((resolve) => setTimeout(resolve, 1));
  });
  assert.deepEqual((await read(page)).codes, ['no_token']);
  await page.evaluate(
    (text) => globalThis.user.dropOn(document.body, { file: new File(['\ufeff', text], 'mark') }),
    good,
  );
  await page.locator('.findings code', { hasText: 'white_space_around' }).waitFor();
  await context.close();
});

test('10 MB are answered, by paste, by drop and from a file', async (context) => {
  const opened = await used({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page, seen } = opened;
  const length = 10 * 1024 * 1024;
  await page.evaluate(async (length) => {
    await navigator.clipboard.writeText('A'.repeat(length));
    addEventListener('paste', () => performance.mark('paste'), { capture: true });
  }, length);
  const ways = {
    paste: async () => {
      await page.locator('#token').focus();
      await page.keyboard.press('Control+V');
    },
    drop: () =>
      page.evaluate((length) => globalThis.user.dropOn(document.body, { 'text/plain': 'é'.repeat(length) }), length),
    file: () =>
      page.evaluate(async (length) => {
        globalThis.user.dropOn(document.body, { file: new File([new Uint8Array(length)], 'large') });
        while (document.querySelector('.verdict') === null) await new Promise((resolve) => setTimeout(resolve, 1));
      }, length),
  };
  for (const [name, way] of Object.entries(ways)) {
    await page.locator('#clear').click();
    const start = performance.now();
    await way();
    const { codes, sentence } = await read(page);
    context.diagnostic(`${name}: ${Math.round(performance.now() - start)} ms`);
    assert.deepEqual(codes, ['token_too_long'], name);
    assert.match(sentence[0], /10485760/);
    assert.equal(
      await page.locator('#token-note').textContent(),
      'Not shown here, but inspected: 10,485,760 characters.',
    );
    assert.equal(await page.locator('#token').inputValue(), '');
  }
  // Text areas take minutes to replace so many lines.
  const lines = 'A\n'.repeat(32_000);
  await page.evaluate((lines) => navigator.clipboard.writeText(lines), lines);
  for (const key of ['Control+V', 'Control+A', 'Control+V']) await page.keyboard.press(key);
  assert.deepEqual((await read(page)).codes, ['white_space_around', 'malformed_token']);
  assert.equal(await page.locator('#token').inputValue(), '');
  await page.evaluate(() =>
    globalThis.user.dropOn(document.body, { file: new File(Array(65).fill(new Uint8Array(1 << 20)), 'huge') }),
  );
  await page.getByText('The file cannot be read, or is too large.').waitFor();
  assert.deepEqual(seen, []);
  await opened.context.close();
});

test('text that browsers draw slowly is inspected, and its field stays empty', async () => {
  const { page, context } = await used();
  const most = 'x'.repeat(99_500) + '\u0e33'.repeat(500);
  for (const [text, isShown] of [
    [`a${'\u0301'.repeat(99_000)}`, false],
    ['\u2067a\u2069'.repeat(33_000), false],
    [`${most.slice(1)}\u0e33`, false],
    [most, true],
  ]) {
    await fill(page, { token: text });
    const { verdict } = await read(page);
    assert.deepEqual(verdict, ['Refused']);
    assert.equal((await page.locator('#token').inputValue()).length, isShown ? text.length : 0);
    const note = await page.locator('#token-note').textContent();
    assert.equal(note, isShown ? '' : `Not shown here, but inspected: ${text.length.toLocaleString('en')} characters.`);
  }
  await context.close();
});

test('the keyboard reaches everything, in order, and leaves it again', async () => {
  const { page, context } = await used();
  await click(page, 'Two tokens');
  await page.evaluate(() => globalThis.user.choose('application'));
  const all = 'a[href], button, input:not([type=radio]), input[type=radio]:checked, textarea, summary';
  const order = await page.locator(all).evaluateAll((nodes) => {
    globalThis.order = nodes.filter((node) => node.checkVisibility({ visibilityProperty: true }));
    return globalThis.order.map((_, index) => index);
  });
  assert.ok(order.length > 30);
  await page.evaluate(() => globalThis.order[0].focus());
  const visited = [0];
  const press = async (key) => {
    await page.keyboard.press(key);
    return page.evaluate(() => {
      const node = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      const isOnScreen = node.getBoundingClientRect().bottom > 0;
      return {
        index: globalThis.order.indexOf(node),
        isMarked: outlineStyle !== 'none' && outlineWidth !== '0px',
        isOnScreen,
      };
    });
  };
  for (const _ of order.slice(1)) {
    const { index, isMarked, isOnScreen } = await press('Tab');
    visited.push(index);
    assert.ok(isMarked && isOnScreen, `the focus on ${index} is visible`);
  }
  assert.deepEqual(visited, order);
  assert.equal((await press('Tab')).index, -1, 'the focus leaves the page');
  const back = [];
  await page.evaluate(() => globalThis.order.at(-1).focus());
  for (const _ of order.slice(1)) back.push((await press('Shift+Tab')).index);
  assert.deepEqual(back, order.slice(0, -1).reverse());
  await context.close();
});

test('everything works without a mouse', async () => {
  const { page, context } = await open(chromium, { viewport: { width: 1280, height: 900 } });
  await page.locator('#main').waitFor();
  await page.evaluate(helpers);
  const type = (text) => page.keyboard.type(text);
  const tab = async (times = 1) => {
    for (let count = 0; count < times; count += 1) await page.keyboard.press('Tab');
  };
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  await tab();
  assert.equal(await focused(), 'Skip to the result');
  await tab();
  assert.equal(await focused(), 'token');
  await type(jwt(CLAIMS));
  assert.deepEqual((await read(page)).codes, ['token_expired']);
  await tab(4);
  assert.match(await focused(), /^Check its signature/);
  await page.keyboard.press('Enter');
  await tab();
  await page.keyboard.press('ArrowRight');
  await tab();
  assert.equal(await focused(), 'api-key');
  await type(KEY);
  await tab();
  assert.equal(await focused(), 'api-secret');
  await type(SECRET);
  const { codes, says } = await read(page);
  assert.deepEqual([codes, Object.fromEntries(says).Signature], [['token_expired'], 'valid']);
  await tab(2);
  assert.equal(await focused(), 'now');
  await type('1700000060');
  assert.deepEqual((await read(page)).verdict, ['Accepted']);
  await tab(2);
  assert.equal(await focused(), 'Valid');
  await page.keyboard.press('Space');
  assert.deepEqual((await read(page)).verdict, ['Accepted']);
  await context.close();
});

test('axe finds nothing, in both colour schemes and in every state', async () => {
  for (const colorScheme of ['light', 'dark']) {
    // axe itself writes markup, which the policy forbids.
    const { page, context } = await used({ colorScheme, bypassCSP: true });
    await page.evaluate(axe);
    const states = [
      () => click(page, 'Clear'),
      ...[...Object.keys(EXAMPLES), 'Two tokens'].map((name) => () => click(page, name)),
      () => fill(page, { token: nastiest(), project: [KEY, ' '], now: 'x' }),
      () => page.evaluate(() => globalThis.user.choose('application')),
    ];
    for (const [index, state] of states.entries()) {
      await state();
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      const violations = await page.evaluate(async () => {
        const rules = { 'color-contrast-enhanced': { enabled: false } };
        const { violations } = await globalThis.axe.run(document, { rules, resultTypes: ['violations'] });
        return violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map(({ html }) => html)
              .slice(0, 3)
              .join(' ')}`,
        );
      });
      assert.deepEqual(violations, [], `${colorScheme}, state ${index}`);
    }
    await context.close();
  }
});

test('a screen reader gets names, roles and states', async () => {
  const { page, context } = await used();
  await click(page, 'Expired');
  const main = await page.locator('main').ariaSnapshot();
  for (const line of [
    'region "What to inspect"',
    'textbox "Token"',
    'button "Compare two tokens"',
    'group "Signature"',
    'radio "API key and secret" [checked]',
    'textbox "API secret"',
    'region "Result"',
    'heading "Refused" [level=2]',
    'heading "Findings" [level=3]',
    'text: Refused',
    'code: token_expired',
  ])
    assert.ok(main.includes(line), `${line} in\n${main}`);
  const status = page.getByRole('status').filter({ hasText: /^Refused: the token expired/ });
  assert.equal(await status.count(), 1);
  assert.equal(await status.getAttribute('aria-live'), 'polite');
  await fill(page, { token: 'x', project: [KEY, `${SECRET} `] });
  const secret = page.getByLabel('API secret', { exact: true });
  assert.equal(await secret.getAttribute('aria-invalid'), 'true');
  assert.match(
    await secret.evaluate((node) => document.getElementById(node.getAttribute('aria-describedby')).textContent),
    /^invalid_api_secret/,
  );
  await context.close();
});

test('nothing overflows and nothing is cut, on any width', async () => {
  const inputs = {
    valid: 'Valid',
    expired: 'Expired',
    truncated: 'Truncated',
    two: 'Two tokens',
    nastiest: { token: nastiest(), project: [KEY, SECRET], sessionId: SESSION.repeat(5), now: 1700000060 },
    'nastiest-two': { token: nastiest(), second: jwt(CLAIMS) },
  };
  for (const [colorScheme, width, zoom] of [
    ['light', 320, 1],
    ['dark', 320, 1],
    ['light', 768, 1],
    ['dark', 768, 1],
    ['light', 1280, 1],
    ['dark', 1280, 1],
    // Zoom by 200 % makes 1280 pixels 640, and text alone may be twice as large too.
    ['light', 640, 2],
  ]) {
    const { page, context } = await used({ colorScheme, viewport: { width, height: 800 } });
    await page.evaluate((zoom) => document.documentElement.style.setProperty('font-size', `${zoom * 100}%`), zoom);
    for (const [name, input] of Object.entries(inputs)) {
      if (typeof input === 'string') await click(page, input);
      else await fill(page, input);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      const outside = await page.evaluate(() => {
        const wide = Array.from(document.querySelectorAll('body *')).filter((node) => {
          const { left, right } = node.getBoundingClientRect();
          const isHidden = node.closest('.unseen, .skip') !== null || !node.checkVisibility();
          const isScrolled = node.matches('textarea, input');
          return (
            !isHidden &&
            (left < 0 ||
              right > innerWidth ||
              (!isScrolled && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline'))
          );
        });
        return [document.documentElement.scrollWidth, ...wide.slice(0, 5).map((node) => node.outerHTML.slice(0, 200))];
      });
      assert.deepEqual(outside, [width], `${name}, ${colorScheme}, ${width}`);
      // Pictures of more take minutes.
      const height = await page.evaluate(() => Math.min(document.documentElement.scrollHeight, 6000));
      await page.setViewportSize({ width, height });
      const zoomed = zoom === 1 ? '' : '-zoomed';
      await page.screenshot({ path: join(screenshots, `${name}-${width}${zoomed}-${colorScheme}.png`) });
    }
    await context.close();
  }
});

test('without WebAssembly or JavaScript, and after a panic, it says so', async () => {
  const lacking = [
    () => Reflect.deleteProperty(globalThis, 'WebAssembly'),
    () => {
      WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('blocked'));
    },
  ];
  for (const init of lacking) {
    const { page, context, seen } = await open(chromium, { init });
    await page
      .getByRole('alert')
      .filter({ hasText: /^This page needs WebAssembly, which this browser lacks or blocks/ })
      .waitFor();
    assert.ok(await page.locator('#main').isHidden());
    assert.deepEqual(seen, []);
    await context.close();
  }

  const silent = await start(html, '--blink-settings=scriptEnabled=false');
  try {
    const page = await silent.browser.newPage();
    await page.goto(silent.url);
    assert.match(
      await page.locator('noscript p').textContent(),
      /^This page needs JavaScript, which is off or blocked here/,
    );
    assert.ok(await page.locator('noscript p').isVisible());
    assert.ok(await page.locator('#main').isHidden());
  } finally {
    await silent.stop();
  }

  const init = () => {
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(Instance, values) {
        const { exports } = new Instance(...values);
        const inspect_token = (length) => {
          if (globalThis.mustTrap) throw new WebAssembly.RuntimeError('unreachable');
          return exports.inspect_token(length);
        };
        return { exports: { ...exports, inspect_token } };
      },
    });
  };
  const trapping = await ready(chromium, { init });
  await trapping.page.evaluate(helpers);
  await fill(trapping.page, { token: 'x' });
  assert.equal((await read(trapping.page)).verdict.length, 1);
  await trapping.page.evaluate(() => {
    globalThis.mustTrap = true;
  });
  await click(trapping.page, 'Inspect again');
  await trapping.page
    .getByRole('alert')
    .filter({ hasText: /Reload this page/ })
    .waitFor();
  assert.ok(await trapping.page.locator('#main').isHidden());
  assert.equal((await read(trapping.page)).verdict.length, 0);
  await trapping.page.reload();
  await trapping.page.locator('#main').waitFor();
  await trapping.context.close();
});
