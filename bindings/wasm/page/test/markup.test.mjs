// Whatever is pasted stays text: no element, attribute, script, dialog, window, request or navigation comes of it.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { CLAIMS, helpers, html, jwt, KEY, open, ready, SECRET, SESSION, start } from './browser.mjs';

let chromium;
before(async () => {
  chromium = await start();
});
after(() => chromium.stop());

const PAYLOADS = [
  '<script>xss()</script>',
  '</script><script>xss()</script>',
  '</textarea><script>xss()</script>',
  '</style><img src=x onerror=xss()>',
  '"><img src=x onerror=xss()>',
  "'><svg/onload=xss()>",
  '<img src=x onerror="xss()">',
  '<svg><script>xss()</script></svg>',
  '<svg><animate onbegin=xss() attributeName=x dur=1s>',
  '<math><mtext></p><style><!--</style><img src=x onerror=xss()>',
  '<iframe srcdoc="<script>parent.xss()</script>"></iframe>',
  '<iframe src="javascript:parent.xss()"></iframe>',
  '<object data="javascript:xss()"></object><embed src="javascript:xss()">',
  '<a href="javascript:xss()" autofocus onfocus=xss()>click</a>',
  '<form action="javascript:xss()"><input type=submit autofocus onfocus=xss()></form>',
  '<body onload=xss()><details open ontoggle=xss()>',
  '<video><source onerror=xss()></video><audio src=x onerror=xss()>',
  '<meta http-equiv=refresh content="0;url=javascript:xss()"><base href="https://example.com/">',
  '<link rel=stylesheet href="https://example.com/x.css"><style>@import "https://example.com/x.css";</style>',
  '<template><script>xss()</script></template><noscript><p title="</noscript><img src=x onerror=xss()>">',
  '<!--><img src=x onerror=xss()>-->',
  '<![CDATA[><img src=x onerror=xss()>]]>',
  '<x onclick=xss() style="position:fixed;inset:0">x</x>',
  'javascript:xss()',
  'data:text/html,<script>xss()</script>',
  "';xss();//",
  '"-xss()-"',
  '`\x24{xss()}`',
  '{{constructor.constructor("xss()")()}}',
  '\\x3cimg src=x onerror=xss()\\x3e',
  '\\u003cscript\\u003exss()\\u003c/script\\u003e',
  '&lt;img src=x onerror=xss()&gt;&#60;script&#62;xss()&#60;/script&#62;',
  '%3Cscript%3Exss()%3C/script%3E',
  '<scr\0ipt>xss()</scr\0ipt>',
  '\u202e<img src=x onerror=xss()>\u2028xss()\u2029',
  '\ufeff<script>xss()</script>',
  '+ADw-script+AD4-xss()+ADw-/script+AD4-',
  '__proto__',
  'constructor',
  '$& $` $1 {{script}} POLICY',
];

const base64url = (text) => Buffer.from(text).toString('base64url');

function t1(fields, head = `partner_id=${KEY}`) {
  const data = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const signature = createHmac('sha1', SECRET).update(data).digest('hex');
  return `T1==${Buffer.from(`${head}&sig=${signature}:${data}`).toString('base64')}`;
}

const FIELDS = { session_id: SESSION, create_time: 1700000000, expire_time: 1700003600, role: 'publisher', nonce: 1 };

/** Inputs with the payload in one place each. */
function inputs(payload) {
  const project = [KEY, SECRET];
  const jwts = Object.keys(CLAIMS).map((name) => jwt({ ...CLAIMS, [name]: payload }));
  const headers = ['kid', 'typ', 'alg', 'cty', 'crit', payload].map((name) => jwt(CLAIMS, { [name]: payload }));
  const t1s = Object.keys(FIELDS).flatMap((name) => [
    t1({ ...FIELDS, [name]: payload }),
    t1({ ...FIELDS, [name]: encodeURIComponent(payload) }),
  ]);
  const tokens = [
    payload,
    `${payload}${jwt(CLAIMS)}`,
    jwt(CLAIMS).replaceAll('.', `.${payload}`),
    ...jwts,
    ...headers,
    jwt({ ...CLAIMS, [payload]: { [payload]: [payload] } }),
    ...t1s,
    t1({ ...FIELDS, [payload]: payload, connection_data: payload }),
    t1(FIELDS, payload),
    `1_${base64url(`1~${payload}~~${payload}~${payload}~`)}`,
    jwt({ ...CLAIMS, session_id: `1_${base64url(`1~${payload}~~1547080521136~x~`)}` }),
  ];
  const valid = jwt(CLAIMS);
  return [
    ...tokens.map((token) => ({ token, project, now: 1700000060 })),
    { token: tokens[0], second: tokens[1], project },
    { token: valid, second: jwt({ ...CLAIMS, [payload]: payload }), project },
    { token: valid, project: [payload, SECRET] },
    { token: valid, project: [KEY, payload] },
    { token: valid, application: [payload, payload] },
    { token: valid, project, sessionId: payload },
    { token: valid, project, now: payload },
  ];
}

/** In the page: what is there beyond the elements and attributes of a clean page. */
function watch() {
  globalThis.fired = 0;
  globalThis.xss = () => {
    globalThis.fired += 1;
  };
  const examples = [...document.querySelectorAll('#examples button')];
  const kinds = () =>
    Array.from(document.querySelectorAll('*'), (node) => [node.localName, ...node.getAttributeNames()].join(' '));
  const known = new Set(kinds());
  for (const example of examples) {
    example.click();
    for (const kind of kinds()) known.add(kind);
  }
  document.getElementById('clear').click();
  globalThis.foreign = () => [
    ...kinds().filter((kind) => !known.has(kind)),
    ...Array.from(document.querySelectorAll('[href]'), (node) => node.getAttribute('href')).filter(
      (target) => target !== '#result',
    ),
  ];
}

test('no payload in any input or field becomes more than text', async () => {
  const { page, seen } = await ready(chromium);
  await page.evaluate(helpers);
  await page.evaluate(watch);
  const all = PAYLOADS.flatMap((payload) => inputs(payload).map((input) => ({ payload, input })));
  const found = await page.evaluate((all) => {
    const problems = [];
    for (const { payload, input } of all) {
      globalThis.user.fill(input);
      const foreign = globalThis.foreign();
      if (foreign.length > 0) problems.push({ payload, input, foreign });
      const { verdict, nothing } = globalThis.user.read();
      if (verdict.length + nothing.length === 0) problems.push({ payload, input, nothing: 'shown' });
    }
    return problems;
  }, all);
  assert.deepEqual(found, []);
  // Handlers of images and frames would fire later.
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => globalThis.fired), 0);
  assert.deepEqual(seen, []);
});

test('files and markup that are dropped, and markup that is pasted, are text', async () => {
  const { page, seen } = await ready(chromium);
  // Whoever copies markup has it parsed, so that somebody else copies here.
  const copier = await chromium.browser.newPage({
    permissions: ['clipboard-read', 'clipboard-write'],
    bypassCSP: true,
  });
  await copier.goto(chromium.url);
  await page.evaluate(helpers);
  await page.evaluate(watch);
  const problems = [];
  const check = async (where, expected) => {
    const { codes, nothing } = await page.evaluate(() => globalThis.user.read());
    const foreign = await page.evaluate(() => globalThis.foreign());
    const area = await page.locator('#token').inputValue();
    if (foreign.length > 0 || nothing.length > 0 || codes.length === 0 || area !== expected)
      problems.push({ where, expected, area, foreign, codes });
  };
  for (const payload of PAYLOADS) {
    await page.evaluate(
      (payload) => globalThis.user.dropOn(document.body, { 'text/plain': payload, 'text/html': `<b>${payload}</b>` }),
      payload,
    );
    await check('drop', payload);
    await page.evaluate(async (payload) => {
      document.getElementById('clear').click();
      const file = new File([payload], payload.replaceAll('/', '_'), { type: 'text/html' });
      globalThis.user.dropOn(document.getElementById('examples'), { file });
      // Reading a file takes turns of the event loop.
      while (document.querySelector('.verdict') === null) await new Promise((resolve) => setTimeout(resolve, 1));
    }, payload);
    await check('file', payload);
    // The clipboard cannot hold these two.
    const pasted = payload.replaceAll(/[\0\ufeff]/g, '');
    await page.locator('#clear').click();
    await copier.evaluate(async (payload) => {
      const item = new ClipboardItem({
        'text/html': new Blob([`<b>${payload}</b>`], { type: 'text/html' }),
        'text/plain': new Blob([payload], { type: 'text/plain' }),
      });
      await navigator.clipboard.write([item]);
    }, pasted);
    await page.locator('#token').focus();
    await page.keyboard.press('Control+V');
    await check('paste', pasted);
  }
  assert.deepEqual(problems, []);
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => globalThis.fired), 0);
  assert.deepEqual(seen, []);
});

test('the policy stops what would be in the page all the same', async () => {
  const seeded = html
    .replace(
      '</header>',
      '</header><img src="/image"><p style="color: red" onclick="seeded()" id="styled">x</p><script>seeded = 1</script>',
    )
    .replace(
      '</title>',
      '</title><link rel="stylesheet" href="/style.css"><script src="/script.js"></script><base href="/elsewhere/">',
    );
  const other = await start(seeded);
  try {
    const { page, seen } = await open(other);
    await page.locator('#main').waitFor();
    const done = await page.evaluate(async () => {
      const tried = {};
      tried.script = typeof globalThis.seeded;
      tried.style = document.getElementById('styled').style.color;
      tried.base = document.baseURI === location.href;
      tried.fetch = await fetch('/fetch').then(
        () => 'fetched',
        () => 'refused',
      );
      tried.beacon = new Promise((resolve) => {
        new WebSocket(`ws://${location.host}/socket`).onerror = () => resolve('refused');
      });
      tried.beacon = await tried.beacon;
      try {
        document.body.innerHTML = '<p>markup</p>';
        tried.markup = 'made';
      } catch {
        tried.markup = 'refused';
      }
      try {
        tried.eval = Reflect.construct(Function, ['return 1'])();
      } catch {
        tried.eval = 'refused';
      }
      return tried;
    });
    const refused = { fetch: 'refused', beacon: 'refused', markup: 'refused', eval: 'refused' };
    assert.deepEqual(done, { script: 'undefined', style: '', base: true, ...refused });
    assert.deepEqual(other.asked, ['GET /']);
    const violations = seen.filter((text) => text.startsWith('violation ')).join('\n');
    for (const directive of [
      'script-src-elem',
      'script-src-elem',
      'style-src-elem',
      'style-src-attr',
      'img-src',
      'base-uri',
      'connect-src',
    ])
      assert.match(violations, new RegExp(directive));
  } finally {
    await other.stop();
  }
});
