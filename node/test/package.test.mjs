// The package as a package: what is in it, its types, and how it is loaded.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { API_KEY, API_SECRET, INSTALLED, SESSION_ID, vectors } from './support.mjs';

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

/** Requires a file in a process of its own, and returns what it threw. */
function failureToLoad(path, env = {}, options = []) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [...options, '-e', `try { require(${JSON.stringify(`./${path}`)}) } catch (error) { console.log(error.message) }`],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
  assert.equal(status, 0);
  return stdout;
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
      'README.md',
      'index.d.mts',
      'index.d.ts',
      'index.js',
      'index.mjs',
      'native.js',
      'package.json',
      'self-test.js',
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
  assert.ok(packed < 2e6 && unpacked < 5e6 && unpacked > 1e5, `${packed} bytes packed, ${unpacked} unpacked`);
});

test('nothing runs at installation and nothing else is installed', () => {
  assert.deepEqual(Object.keys(manifest.scripts), ['prepack']);
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies']) {
    assert.equal(manifest[kind], undefined);
  }
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
  run('npx', 'tsc', ...strict, 'sample.mts', 'sample.cts', 'require.cts');
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
  const source = readFileSync(join(INSTALLED, 'index.js'), 'utf8');
  const table = (method) => [new RegExp(`reader\\('${method}', \\{(.*?)\\}`, 's'), /(\w+): \w+/g];
  for (const [name, reader, each] of [
    ['TokenOptions', /^function generate\((.*?)^\}/ms, /case '(\w+)':/g],
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

const TRIED = new RegExp(
  `^tokmint could not load a native binary for ${process.platform} ${process.arch}.*\\. Tried:\n`,
);

test('a missing binary is an error that names the platform, the libc and what was tried', () => {
  const tokmint = installed('without-binary');
  rmSync(join(tokmint, binary));
  const message = failureToLoad(tokmint);
  assert.match(message, TRIED);
  assert.match(message, process.platform === 'linux' ? /\((glibc \d|no glibc)/ : /./);
  assert.ok(message.includes(`./${binary}: Cannot find module`), message);
  assert.ok(message.includes(`@tokmint/${platform}: Cannot find module`), message);
  assert.match(message, /\nInstall tokmint on the machine that runs it/);
  assert.doesNotMatch(message, /found, but/);
});

test('a broken binary and one of another version are passed over, and named', () => {
  const tokmint = installed('broken-binary');
  writeFileSync(join(tokmint, binary), 'not a binary');
  assert.match(
    failureToLoad(tokmint),
    /\.node: found, but not loaded: .*(invalid ELF header|file too short|not a mach-o|not a valid Win32)/i,
  );
  const other = installed('other-version');
  const changed = { ...manifest, version: '9.9.9' };
  writeFileSync(join(other, 'package.json'), JSON.stringify(changed));
  const reason = `./${binary}: found, but not loaded: it is version ${manifest.version}, but tokmint is 9.9.9`;
  assert.ok(failureToLoad(other).includes(reason));
});

test('a binary that Node is told not to load is named, with the way out', () => {
  const permission = ['--permission', '--experimental-permission'].find((option) =>
    process.allowedNodeEnvironmentFlags.has(option),
  );
  for (const options of [['--no-addons'], [permission, '--allow-fs-read=*']]) {
    const message = failureToLoad('node_modules/tokmint', {}, options);
    assert.match(message, TRIED);
    assert.ok(message.includes(`./${binary}: found, but not loaded: Cannot load native addon`), message);
    assert.match(message, /\nStart Node without --no-addons, or with --allow-addons\.\n$/);
  }
  assert.equal(failureToLoad('node_modules/tokmint', {}, [permission, '--allow-fs-read=*', '--allow-addons']), '');
});

test('no environment variable chooses what is loaded', () => {
  const source = ['index.js', 'native.js', 'index.mjs']
    .map((name) => readFileSync(join(INSTALLED, name), 'utf8'))
    .join('');
  assert.doesNotMatch(source, /process\.env/);
  const env = { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/evil.node', NAPI_RS_FORCE_WASI: '1' };
  assert.equal(failureToLoad('node_modules/tokmint', env), '');
});

test('the package of a platform serves the main package', () => {
  const folder = 'two-packages/node_modules';
  mkdirSync(join(folder, '@tokmint'), { recursive: true });
  cpSync('release/tokmint', join(folder, 'tokmint'), { recursive: true });
  assert.ok(!readdirSync(join(folder, 'tokmint')).some((name) => name.endsWith('.node')));
  assert.ok(failureToLoad(join(folder, 'tokmint')).includes(`@tokmint/${platform}: Cannot find module`));
  cpSync(join('release/npm', platform), join(folder, '@tokmint', platform), { recursive: true });
  assert.match(run(process.execPath, join(folder, 'tokmint/self-test.js'), '--self-test'), /vectors passed/);

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

/** Bundles a program with esbuild, and runs it where it finds only what the bundle brings. */
function bundled(name, ...options) {
  const format = options.includes('--format=esm') ? 'mjs' : 'cjs';
  run(
    'npx',
    'esbuild',
    'to-bundle.mjs',
    '--bundle',
    '--platform=node',
    '--log-level=error',
    `--outdir=${name}`,
    `--out-extension:.js=.${format}`,
    ...options,
  );
  const far = mkdtempSync(join(tmpdir(), 'tokmint-bundle-'));
  try {
    cpSync(name, far, { recursive: true });
    return spawnSync(process.execPath, [join(far, `to-bundle.${format}`)], { encoding: 'utf8' });
  } finally {
    rmSync(far, { recursive: true });
  }
}

test('a bundle of esbuild works, with the binary beside it or with tokmint kept out', () => {
  writeFileSync(
    'to-bundle.mjs',
    `import { OpenTok } from 'tokmint';
     const opentok = new OpenTok('${API_KEY}', '${API_SECRET}');
     console.log(opentok.verifyToken(opentok.generateToken('${SESSION_ID}')).role);`,
  );
  const readme = readFileSync(join(INSTALLED, 'README.md'), 'utf8');
  const [, banner] = readme.match(/^ +--banner:js="(.*)"$/m);
  for (const [name, ...options] of [
    ['bundle-cjs', '--format=cjs', '--loader:.node=copy'],
    ['bundle-esm', '--format=esm', '--loader:.node=copy', `--banner:js=${banner}`],
  ]) {
    const { stdout, stderr } = bundled(name, ...options);
    assert.equal(stdout, 'publisher\n', stderr);
  }
  for (const [reason, ...options] of [
    [/Dynamic require of "\.\/tokmint\..*" is not supported/, '--format=esm', '--loader:.node=copy'],
    [/found, but not loaded: a bundler replaced it by a value \(string\)/, '--format=cjs', '--loader:.node=file'],
    [/found, but not loaded: a bundler replaced it by a value \(object\)/, '--format=cjs', '--loader:.node=empty'],
  ]) {
    const { status, stderr } = bundled('bundle-broken', ...options);
    assert.equal(status, 1);
    assert.match(stderr, reason);
    assert.match(stderr, /In a bundle, keep tokmint external or copy the binary, as the README of tokmint shows\./);
  }
  // Kept out, it is found where npm installed it.
  const options = ['--bundle', '--platform=node', '--format=esm', '--external:tokmint', '--outfile=bundle-without.mjs'];
  run('npx', 'esbuild', 'to-bundle.mjs', '--log-level=error', ...options);
  assert.equal(run(process.execPath, 'bundle-without.mjs'), 'publisher\n');
});
