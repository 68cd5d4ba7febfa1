// 10,000 requests to the module in Chromium return what they return in Node.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashOfRequests } from '../../../../node/test/requests.mjs';
import { repository, start, target, vectors } from './browser.mjs';

const path = (name) => join(repository, 'node', name);
const module = readFileSync(join(target, 'wasm/tokmint.wasm'));
const { private_key: privateKey, public_key: publicKey } = vectors('keys.json').keys.main;
const keys = { privateKey, publicKey };

async function inChromium() {
  const chromium = await start('<!doctype html><title>requests</title>');
  try {
    const page = await chromium.browser.newPage();
    await page.goto(chromium.url);
    const sources = ['wasm.js', 'api.js', 'test/requests.mjs'].map((name) => readFileSync(path(name), 'utf8'));
    return await page.evaluate(
      async ([base64, [wasm, api, requests], keys]) => {
        const required = (source) => {
          const module = {};
          new Function('module', source)(module);
          return module.exports;
        };
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const native = required(wasm)(await WebAssembly.compile(bytes));
        const { hashOfRequests } = await import(URL.createObjectURL(new Blob([requests], { type: 'text/javascript' })));
        return hashOfRequests(required(api)(native), keys);
      },
      [module.toString('base64'), sources, keys],
    );
  } finally {
    await chromium.stop();
  }
}

test('one hash of 10,000 requests is equal in Chromium and in Node', async (context) => {
  const require = createRequire(import.meta.url);
  const native = require(path('wasm.js'))(new WebAssembly.Module(module));
  const expected = await hashOfRequests(require(path('api.js'))(native), keys);
  assert.equal(expected.requests, 10_000);
  // Those have a code and a number.
  assert.ok(expected.refused > 1000 && expected.refused < 9000);
  context.diagnostic(expected.hash);
  assert.deepEqual(await inChromium(), expected);
});
