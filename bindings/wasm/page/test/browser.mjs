// Opens the built page in Chromium, watches what it must not do, and talks to it as a user does.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const repository = join(import.meta.dirname, '../../../..');
export const target = process.env.CARGO_TARGET_DIR ?? join(repository, 'target');
export const file = join(repository, 'dist/tokmint-inspector.html');
export const html = readFileSync(file, 'utf8');
export const vectors = (name) => JSON.parse(readFileSync(join(repository, 'tests/vectors', name), 'utf8'));

export const KEY = '123456';
export const SECRET = '1234567890abcdef1234567890abcdef1234567890';
export const SESSION = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';

const base64url = (text) => Buffer.from(text).toString('base64url');

/** The claims of a token that is signed with the test credentials and over for years. */
export const CLAIMS = {
  ...{ session_id: SESSION, role: 'publisher', iat: 1700000000, exp: 1700003600, scope: 'session.connect' },
  ...{ iss: KEY, ist: 'project', nonce: 1, connection_data: 'x', initial_layout_class_list: 'a' },
};

/** Signs a JWT as tokmint never would: with any header and payload, which is JSON or claims. */
export function jwt(payload, header = {}) {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = `${base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT', ...header }))}.${base64url(json)}`;
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`;
}

/** Chromium, and a server that knows one page and records what it is asked for. */
export async function start(content = html, ...flags) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...flags,
    ],
  });
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.url === '/' ? content : '');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const stop = async () => {
    await browser.close();
    server.close();
  };
  return { browser, asked, url, stop };
}

/**
 * Opens the page in a context of its own. `seen` gets every request but that of the page, and every violation of the
 * policy, dialog, navigation, download, window and error.
 */
export async function open({ browser, url }, { init, address = url, ...options } = {}) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const seen = [];
  context.on('request', (request) => {
    if (request.url() !== address || !request.isNavigationRequest()) seen.push(`request of ${request.url()}`);
  });
  const page = await context.newPage();
  context.on('page', () => seen.push('window'));
  page.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('download', () => seen.push('download'));
  page.on('pageerror', (error) => seen.push(`error ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.push(`console ${message.text()}`);
  });
  let navigations = 0;
  page.on('framenavigated', () => {
    navigations += 1;
    if (navigations > 1) seen.push('navigation');
  });
  await context.exposeFunction('violation', (text) => seen.push(`violation ${text}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      globalThis.violation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  if (init) await context.addInitScript(init);
  await page.goto(address);
  return { context, page, seen };
}

/** The same, once the page can be used. */
export async function ready(chromium, options) {
  const opened = await open(chromium, options);
  await opened.page.locator('#main').waitFor();
  await opened.page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  return opened;
}

/** Functions in the page: they fill its inputs by the events of a user's, and read what it shows. */
export function helpers() {
  const byId = (id) => document.getElementById(id);
  const type = (id, text) => {
    byId(id).value = text;
    byId(id).dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  const choose = (kind) => document.querySelector(`input[name=credentials][value=${kind}]`).click();
  const dropOn = (target, content) => {
    const dataTransfer = new DataTransfer();
    for (const [format, text] of Object.entries(content)) {
      if (format === 'file') dataTransfer.items.add(text);
      else dataTransfer.setData(format, text);
    }
    target.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  };
  const fill = ({ token, second, project = ['', ''], application, sessionId = '', now = '' }) => {
    choose(application ? 'application' : project[0] === '' ? 'none' : 'project');
    type('api-key', project[0]);
    type('api-secret', project[1]);
    type('application-id', application?.[0] ?? '');
    type('public-key', application?.[1] ?? '');
    type('session-id', sessionId);
    type('now', String(now));
    if (token !== undefined) dropOn(byId('token'), { 'text/plain': token });
    if (byId('second').hidden !== (second === undefined)) byId('compare').click();
    if (second !== undefined) dropOn(byId('token2'), { 'text/plain': second });
  };
  const texts = (selector) => Array.from(document.querySelectorAll(selector), (node) => node.textContent);
  const part = (title) => {
    const found = Array.from(document.querySelectorAll('.part')).find((node) => node.firstChild.textContent === title);
    return Array.from(found?.querySelectorAll('dl > div') ?? [], (row) => [
      row.firstChild.textContent,
      ...Array.from(row.querySelectorAll('dd'), (value) => value.textContent),
    ]);
  };
  const read = () => ({
    verdict: texts('.verdict h2'),
    sentence: texts('.verdict .sentence'),
    severities: texts('.findings .badge > span:last-child'),
    codes: texts('.findings code'),
    json: texts('.json'),
    times: part('Times'),
    says: part('What it says'),
    header: part('Header, as written'),
    fields: part('Fields, as written'),
    faults: texts('.fault').filter((text) => text !== ''),
    announcement: byId('announcement').textContent,
    nothing: texts('.nothing'),
  });
  globalThis.user = { type, choose, dropOn, fill, read, texts };
}
