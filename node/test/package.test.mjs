// The package as a package: what is in it, its types, and how it is loaded.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { API_KEY, API_SECRET, APPLICATION_ID, INSTALLED, PUBLIC_KEY, vectors } from './support.mjs';

const require = createRequire(import.meta.url);
const manifest = require('tokmint/package.json');
const tarball = `./tokmint-${manifest.version}.tgz`;
const binary = readdirSync(INSTALLED).find((name) => name.endsWith('.node'));
const platform = binary.slice('tokmint.'.length, -'.node'.length);

/** Runs a program and returns what it printed; it must succeed. */
function run(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${error ?? ''}${stdout}${stderr}`);
  return stdout;
}

/** Unpacks the installed package into node_modules of a new folder, and returns both folders. */
function installed(folder) {
  const tokmint = join(folder, 'node_modules/tokmint');
  mkdirSync(dirname(tokmint), { recursive: true });
  cpSync(INSTALLED, tokmint, { recursive: true });
  return tokmint;
}

/** Requires a file in a process of its own, and returns what it threw and what it printed to stderr. */
function loading(path, options = [], env = {}) {
  const script = `try { require(${JSON.stringify(`./${path}`)}) } catch (error) { console.log(error.message) }`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  assert.equal(status, 0, stderr);
  return { error: stdout, warning: stderr };
}

/** Requires a file, which must work with a warning, and returns the warning. */
function warningOf(path, ...options) {
  const { error, warning } = loading(path, ...options);
  assert.equal(error, '');
  assert.match(warning, WARNING);
  return warning;
}

test('the tarball holds what users need and nothing else, and is small', () => {
  const files = run('tar', 'tzf', tarball)
    .trim()
    .split('\n')
    .map((name) => name.replace('package/', ''));
  assert.deepEqual(
    files.sort(),
    [
      'LICENSE-APACHE',
      'LICENSE-MIT',
      'LICENSE-THIRD-PARTY',
      'README.md',
      'api.js',
      'api.mjs',
      'browser.js',
      'browser.mjs',
      'cli.js',
      'edge-light.mjs',
      'embedded.js',
      'embedded.mjs',
      'index.d.mts',
      'index.d.ts',
      'index.js',
      'index.mjs',
      'inspect-server.mjs',
      'inspect.d.mts',
      'inspect.d.ts',
      'inspect.js',
      'inspect.mjs',
      'native.js',
      'opentok.d.mts',
      'opentok.d.ts',
      'opentok.js',
      'opentok.mjs',
      'package.json',
      'run-vectors.js',
      'self-test.js',
      'tokmint.wasm',
      'wasm-base64.js',
      'wasm-base64.mjs',
      'wasm.js',
      'wasm.mjs',
      'workerd.mjs',
      binary,
      'vectors/errors.json.gz',
      'vectors/generate.json.gz',
      'vectors/inspect.json.gz',
      'vectors/keys.json.gz',
      'vectors/rest.json.gz',
      'vectors/verify.json.gz',
    ].sort(),
  );
  const sizes = run('tar', 'tvzf', tarball)
    .trim()
    .split('\n')
    .map((line) => Number(line.split(/\s+/)[2]));
  const unpacked = sizes.reduce((a, b) => a + b);
  const packed = statSync(tarball).size;
  // The module is in it three times: as it is, and as base64 for CommonJS and for ES modules.
  assert.ok(packed < 3.5e6 && unpacked < 7e6 && unpacked > 1e5, `${packed} bytes packed, ${unpacked} unpacked`);
});

test('nothing runs at installation and nothing else is installed', () => {
  assert.deepEqual(Object.keys(manifest.scripts), ['prepack']);
  for (const kind of ['dependencies', 'optionalDependencies', 'bundleDependencies']) {
    assert.equal(manifest[kind], undefined);
  }
  // For `tokmint/opentok`; npm does not install it.
  assert.deepEqual(manifest.peerDependencies, { opentok: '*' });
  assert.deepEqual(manifest.peerDependenciesMeta, { opentok: { optional: true } });
});

test('publint and attw find nothing', () => {
  run('npx', 'publint', '--strict', tarball);
  run('npx', 'attw', tarball);
});

const SAMPLE = `
  const opentok = new OpenTok(123456, 'secret');
  const token: string = opentok.generateToken('1_x', {
    role: 'moderator', expireTime: new Date(), data: '', initialLayoutClassList: ['a'] as const, tokenFormat: 't1',
    createTime: 0, nonce: 0, expiresIn: undefined,
  });
  const key: string | undefined = opentok.apiKey;
  const application: OpenTok = OpenTok.forApplication('id', 'pem');
  const id: string | undefined = OpenTok.verifier('id', new Uint8Array()).applicationId;
  const rest: RestTokenOptions = { expiresIn: 60, createTime: new Date(), jti: 'uuid' };
  const header: string = application.generateRestToken(rest) + opentok.generateRestToken();
  application.generateToken('2_x', { jti: 'uuid' });
  const session: Session = opentok.session('1_x');
  const prepared: string = session.generateToken({ role: 'moderator' }) + session.generateToken() + session.sessionId;
  for (const result of session.generateTokens(new Set<TokenOptions>([{ data: 'x' }, {}]))) {
    if (typeof result === 'string') void result.length;
    else if (result instanceof TokmintError) void result.code;
    else void result.message;
    // @ts-expect-error: an item may be an error
    void result.length;
  }
  void session.generateTokens([undefined]).next();
  const ours: Token = session.verifyToken(token, { now: 0, leeway: 0 });
  // @ts-expect-error: the session is that of the object
  session.verifyToken(token, { sessionId: '1_x' });
  // @ts-expect-error: the session is that of the object
  session.generateToken('1_x', {});
  // @ts-expect-error: options of one item are no iterable
  session.generateTokens({ role: 'moderator' });
  // @ts-expect-error: an OpenTok makes it
  new Session();
  // @ts-expect-error: it is absent for an application
  opentok.apiKey.length;
  // @ts-expect-error: a token for REST calls has no role
  opentok.generateRestToken({ role: 'moderator' });
  // @ts-expect-error: a key is text or bytes
  OpenTok.forApplication('id', { key: 'pem' });
  // @ts-expect-error: an ID is no number
  OpenTok.verifier(5, 'pem');
  const verified: Token = opentok.verifyToken(token, { now: 0, leeway: 0, sessionId: '1_x' });
  const role: Role = verified.role;
  const issuer: string | undefined = verified.apiKey ?? verified.applicationId;
  const strings: string[] = [verified.nonce, verified.data, ...verified.initialLayoutClassList];
  const times: number[] = [verified.createTime, verified.expireTime];
  const options: TokenOptions = {};
  const verifying: VerifyOptions = {};
  const format: TokenFormat = verified.format;
  const inspecting: InspectOptions = { now: new Date(), sessionId: '1_x' };
  const inspection: Inspection = opentok.inspectToken(token, inspecting);
  const pairs: [string, string][] = inspection.fields.map(({ name, value }: Field) => [name, value]);
  const signature: SignatureState = inspection.signature;
  const nullable: (string | number | Token | null)[] = [inspection.createTime, inspection.now, inspection.token];
  for (const { code, severity, message, serverMessage } of inspectToken(token).findings satisfies Finding[]) {
    const known: Severity = severity;
    if (code === 'token_expired') void [known, message, serverMessage ?? ''];
    // @ts-expect-error: no such finding
    if (code === 'token_expire') void 0;
  }
  const some: FindingCode = 'clock_skew';
  void [pairs, signature, nullable, some, inspection.isRefused, inspection.text];
  // @ts-expect-error: it may be null
  inspection.expireTime.toFixed();
  // @ts-expect-error: there is no leeway
  inspectToken(token, { leeway: 5 });
  try { opentok.generateToken('1_x'); } catch (error: unknown) {
    if (error instanceof TokmintError) {
      const code: ErrorCode = error.code;
      const number: number = error.number;
      if (code === 'data_too_long') void [number, error.message];
      // @ts-expect-error: no such code
      if (code === 'data_to_long') void 0;
    }
  }
  // @ts-expect-error: no such role
  opentok.generateToken('1_x', { role: 'admin' });
  // @ts-expect-error: no such option
  opentok.generateToken('1_x', { expire_time: 5 });
  // @ts-expect-error: the session is the first argument
  opentok.generateToken('1_x', { sessionId: '1_y' });
  // @ts-expect-error: times are numbers or Dates
  opentok.generateToken('1_x', { expireTime: '5' });
  // @ts-expect-error: null is no string
  opentok.generateToken('1_x', { data: null });
  // @ts-expect-error: the format is an option
  opentok.generateToken('1_x', {}, true);
  // @ts-expect-error: errors are made by tokmint
  new TokmintError();
  // @ts-expect-error: read only
  opentok.apiKey = '5';
  export { key, id, header, issuer, prepared, ours, role, strings, times, options, verifying, format };
`;
const TYPES =
  'inspectToken, type ErrorCode, type Field, type Finding, type FindingCode, type InspectOptions, type Inspection, ' +
  'type RestTokenOptions, type Role, ' +
  'type Severity, type SignatureState, type Token, type TokenFormat, type TokenOptions, type VerifyOptions';

test('the types hold under tsc --strict, from modules and from CommonJS', () => {
  writeFileSync('sample.mts', `import { OpenTok, Session, TokmintError, ${TYPES} } from 'tokmint';${SAMPLE}`);
  writeFileSync('sample.cts', `import { OpenTok, Session, TokmintError, ${TYPES} } from 'tokmint';${SAMPLE}`);
  writeFileSync(
    'require.cts',
    "import tokmint = require('tokmint');\nexport const opentok = new tokmint.OpenTok('1', '2');\n",
  );
  const inspect = `import { inspectToken, TokmintError, type ErrorCode, type Inspection, type Finding } from 'tokmint/inspect';
    const { findings }: Inspection = inspectToken('x', { now: 0 });
    export const codes: string[] = findings.map(({ code }: Finding) => code);
    export const codeOf = (error: TokmintError): ErrorCode => error.code;
    // @ts-expect-error: the part without credentials has none
    import { OpenTok } from 'tokmint/inspect';`;
  for (const name of ['inspect.mts', 'inspect.cts']) writeFileSync(name, inspect);
  const strict = [
    '--strict',
    '--noEmit',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--lib',
    'es2022',
  ];
  run('npx', 'tsc', ...strict, 'sample.mts', 'sample.cts', 'require.cts', 'inspect.mts', 'inspect.cts');
});

/** The names in a block of the types that is written from core's table. */
function generated(name) {
  const types = readFileSync(join(INSTALLED, 'index.d.ts'), 'utf8');
  const [, block] = types.match(new RegExp(`// tokmint:generated ${name}\n(.*?)// tokmint:end`, 's'));
  return [...block.matchAll(/^ *\| '(\w+)'$/gm)].map(([, value]) => value).sort();
}

test('the types list every error code', () => {
  assert.deepEqual(generated('error-codes'), Object.keys(require(join(INSTALLED, 'native.js')).errorNumbers()).sort());
});

test('the types list every code of a finding', () => {
  const found = vectors('inspect.json').vectors.flatMap(({ expected }) => expected.findings);
  // It takes a broken clock.
  assert.deepEqual(generated('finding-codes'), [...new Set([...found, 'system_clock'])].sort());
});

test('the JavaScript and the types name the same options', () => {
  const types = readFileSync(join(INSTALLED, 'index.d.ts'), 'utf8');
  const source = readFileSync(join(INSTALLED, 'api.js'), 'utf8');
  const table = (method) => [new RegExp(`reader\\('${method}', \\{(.*?)\\}`, 's'), /(\w+): \w+/g];
  for (const [name, reader, each] of [
    ['TokenOptions', /^ {2}function generate\((.*?)^ {2}\}/ms, /case '(\w+)':/g],
    ['RestTokenOptions', ...table('generateRestToken')],
    ['VerifyOptions', ...table('verifyToken')],
    ['InspectOptions', ...table('inspectToken')],
  ]) {
    const [, declared] = types.match(new RegExp(`interface ${name} \\{(.*?)\\n\\}`, 's'));
    const [, read] = source.match(reader);
    const options = [...read.matchAll(each)].map(([, option]) => option);
    assert.ok(options.length > 1);
    assert.deepEqual(
      options,
      [...declared.matchAll(/^ {2}(\w+)\?/gm)].map(([, option]) => option),
    );
  }
});

const TARGET = `${process.platform} ${process.arch}${process.platform === 'linux' ? ' \\((glibc \\d|no glibc).*\\)' : ''}`;
const WARNING = new RegExp(
  `\\(node:\\d+\\) \\[TOKMINT_WASM\\] TokmintWarning: tokmint could not load a native binary for ${TARGET}, ` +
    'so it runs as WebAssembly, which is slower\nTried:\n',
);
const INSTALL = /\nInstall tokmint on the machine that runs it, with optional dependencies\.\n/;

test('without the binary every vector holds, with a warning that names the platform and what was tried', () => {
  const tokmint = installed('without-binary');
  rmSync(join(tokmint, binary));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(tokmint, 'cli.js'), 'self-test'], {
    encoding: 'utf8',
  });
  assert.match(stdout, /: (\d{4}) of \1 vectors passed\n$/);
  assert.equal(status, 0);
  assert.match(stderr, WARNING);
  assert.equal(stderr.split('TOKMINT_WASM]').length, 2);
  assert.ok(stderr.includes(`./${binary}: not found\n`), stderr);
  assert.ok(stderr.includes(`@tokmint/${platform}: Cannot find module`), stderr);
  assert.match(stderr, INSTALL);
  assert.doesNotMatch(stderr, /found, but/);
});

test('a broken binary and one of another version are passed over, and named', () => {
  const tokmint = installed('broken-binary');
  writeFileSync(join(tokmint, binary), 'not a binary');
  assert.match(
    warningOf(tokmint),
    /\.node: found, but not loaded: .*(invalid ELF header|file too short|not a mach-o|not a valid Win32)/i,
  );
  // Of that version there is no module either.
  const other = installed('other-version');
  const changed = { ...manifest, version: '9.9.9' };
  writeFileSync(join(other, 'package.json'), JSON.stringify(changed));
  const { error, warning } = loading(other);
  const reason = `found, but not loaded: it is version ${manifest.version}, but tokmint is 9.9.9`;
  for (const place of [`./${binary}`, './embedded.js']) assert.ok(error.includes(`\n  ${place}: ${reason}\n`), error);
  assert.equal(warning, '');
});

const permission = ['--permission', '--experimental-permission'].find((option) =>
  process.allowedNodeEnvironmentFlags.has(option),
);

test('a binary that Node is told not to load is named, with the way out', () => {
  for (const options of [['--no-addons'], [permission, '--allow-fs-read=*']]) {
    const warning = warningOf('node_modules/tokmint', options);
    assert.ok(warning.includes(`./${binary}: found, but not loaded: Cannot load native addon`), warning);
    assert.match(warning, /\nStart Node without --no-addons, or with --allow-addons\.\n/);
  }
  const allowed = loading('node_modules/tokmint', [permission, '--allow-fs-read=*', '--allow-addons']);
  assert.equal(allowed.error, '');
  assert.doesNotMatch(allowed.warning, /TOKMINT_WASM/);
});

test('with neither, what was tried is an error', () => {
  const { error } = loading('node_modules/tokmint', ['--no-addons', '--jitless']);
  assert.match(error, new RegExp(`^tokmint could not load a native binary for ${TARGET}\\. Tried:\n`));
  assert.match(error, /\n {2}\.\/embedded\.js: found, but not loaded: WebAssembly is not defined\n/);
});

test('the warning is silenced as others are, and a program can handle it', () => {
  const silent = { error: '', warning: '' };
  const options = ['--no-addons'];
  assert.deepEqual(loading('node_modules/tokmint', [...options, '--disable-warning=TOKMINT_WASM']), silent);
  assert.deepEqual(loading('node_modules/tokmint', [...options, '--disable-warning=TokmintWarning']), silent);
  assert.deepEqual(loading('node_modules/tokmint', options, { NODE_NO_WARNINGS: '1' }), silent);
  const script = `process.on('warning', ({ name, code, detail }) => console.log([name, code, typeof detail].join()));
    require('tokmint');`;
  assert.equal(
    run(process.execPath, '--no-addons', '--no-warnings', '-e', script),
    'TokmintWarning,TOKMINT_WASM,string\n',
  );
});

test('no environment variable chooses what is loaded', () => {
  const sources = readdirSync(INSTALLED).filter((name) => /\.m?js$/.test(name));
  assert.ok(sources.includes('native.js'));
  for (const name of sources) assert.doesNotMatch(readFileSync(join(INSTALLED, name), 'utf8'), /process\.env/, name);
  const env = { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/evil.node', NAPI_RS_FORCE_WASI: '1' };
  assert.deepEqual(loading('node_modules/tokmint', [], env), { error: '', warning: '' });
});

test('the package of a platform serves the main package', () => {
  const folder = 'two-packages/node_modules';
  mkdirSync(join(folder, '@tokmint'), { recursive: true });
  cpSync('release/tokmint', join(folder, 'tokmint'), { recursive: true });
  assert.ok(!readdirSync(join(folder, 'tokmint')).some((name) => name.endsWith('.node')));
  // As after `npm install --omit=optional`.
  assert.ok(warningOf(join(folder, 'tokmint')).includes(`@tokmint/${platform}: Cannot find module`));
  // Beside the package, and where only Node finds it.
  for (const path of [folder, join(folder, 'tokmint/node_modules')]) {
    const part = join(path, '@tokmint', platform);
    cpSync(join('release/npm', platform), part, { recursive: true });
    assert.deepEqual(loading(join(folder, 'tokmint')), { error: '', warning: '' }, path);
    rmSync(part, { recursive: true });
  }

  const main = require('./release/tokmint/package.json');
  for (const [name, version] of Object.entries(main.optionalDependencies)) {
    const { os, cpu, libc, ...part } = require(`./release/npm/${name.replace('@tokmint/', '')}/package.json`);
    assert.deepEqual([part.name, part.version, version], [name, manifest.version, manifest.version]);
    assert.equal(
      name,
      `@tokmint/${[os[0], cpu[0], libc?.[0].replace('glibc', 'gnu') ?? (os[0] === 'win32' ? 'msvc' : undefined)].filter(Boolean).join('-')}`,
    );
  }
  assert.ok(main.optionalDependencies[`@tokmint/${platform}`]);
  assert.deepEqual([main.scripts, main.devDependencies], [undefined, undefined]);
});

/** The file that a request resolves to, under conditions besides those of Node. */
function resolved(request, ...conditions) {
  const options = conditions.map((condition) => `--conditions=${condition}`);
  const script = `console.log(import.meta.resolve('${request}'), require.resolve('${request}'))`;
  const prelude = `import { createRequire } from 'node:module'; const require = createRequire('${process.cwd()}/x.js');`;
  return run(process.execPath, ...options, '--input-type=module', '-e', prelude + script)
    .trim()
    .split(' ')
    .map((path) => path.split('/').at(-1));
}

test('each environment gets its own file', () => {
  for (const [conditions, main, inspect] of [
    [[], ['index.mjs', 'index.js'], ['inspect-server.mjs', 'inspect.js']],
    // Those of wrangler, and of Next.js for the edge.
    [
      ['workerd', 'worker', 'browser'],
      ['workerd.mjs', 'workerd.mjs'],
      ['inspect-server.mjs', 'inspect-server.mjs'],
    ],
    [
      ['edge-light', 'worker', 'browser'],
      ['edge-light.mjs', 'edge-light.mjs'],
      ['inspect-server.mjs', 'inspect-server.mjs'],
    ],
    [
      ['deno', 'browser'],
      ['index.mjs', 'index.js'],
      ['inspect-server.mjs', 'inspect.js'],
    ],
    [
      ['bun', 'browser'],
      ['index.mjs', 'index.js'],
      ['inspect-server.mjs', 'inspect.js'],
    ],
    [['browser'], ['browser.mjs', 'browser.js'], ['inspect.mjs', 'inspect.js']],
  ]) {
    assert.deepEqual(resolved('tokmint', ...conditions), main);
    assert.deepEqual(resolved('tokmint/inspect', ...conditions), inspect);
  }
});

test('tokmint/inspect has no credentials, and the same error class', async () => {
  const main = require('tokmint');
  for (const inspect of [require('tokmint/inspect'), await import('tokmint/inspect')]) {
    const { TokmintError, inspectToken } = inspect;
    assert.deepEqual(
      Object.keys(inspect)
        .filter((name) => !name.includes('module'))
        .sort(),
      ['TokmintError', 'inspectToken'],
    );
    assert.deepEqual([TokmintError, inspectToken], [main.TokmintError, main.inspectToken]);
  }
});

/** What a page does with the package: only the calls without a secret are answered. */
const PAGE = `
  const code = (call) => { try { call(); } catch (error) { return [error instanceof TokmintError, error.code, error.number, error.message]; } };
  const results = [
    inspectToken('x').findings[0].code,
    OpenTok.verifier('${APPLICATION_ID}', ${JSON.stringify(PUBLIC_KEY)}).applicationId,
    code(() => inspectToken('x', { now: 1e300 })),
    code(() => new OpenTok('${API_KEY}', '${API_SECRET}')),
    code(() => OpenTok.forApplication('${APPLICATION_ID}', 'key')),
  ];
  console.log(JSON.stringify(results));`;

test('a browser gets everything but what takes a secret, without a bundler too', () => {
  const inBrowser = `delete globalThis.process; delete globalThis.Buffer; delete globalThis.require;`;
  const load = `const { OpenTok } = await import('./node_modules/tokmint/browser.mjs');
    const { TokmintError, inspectToken } = await import('./node_modules/tokmint/inspect.mjs');`;
  const stdout = run(process.execPath, '--input-type=module', '-e', inBrowser + load + PAGE);
  const required = `const { OpenTok } = require('tokmint'); const { TokmintError, inspectToken } = require('tokmint/inspect');`;
  assert.equal(run(process.execPath, '--conditions=browser', '-e', required + PAGE), stdout);
  const [finding, id, , ...refused] = JSON.parse(stdout);
  assert.deepEqual([finding, id], ['malformed_token', APPLICATION_ID]);
  for (const error of refused) {
    assert.deepEqual(error.slice(0, 3), [true, 'secret_in_browser', 904]);
    assert.match(error[3], /must not be in a browser.*: generate tokens on your server/);
  }
});
