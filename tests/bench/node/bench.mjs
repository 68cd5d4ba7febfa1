// What a token costs in Node, beside the packages that would otherwise be used, as ratios.
//
// All contenders take turns in short batches, so that whatever else the machine does falls on all of them; the median
// batch counts. Core takes its turns in a program of its own, which cargo builds. Run with `make bench-node`, which
// installs tokmint as its users do.

import { spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import rustJsonwebtoken from '@node-rs/jsonwebtoken';
import { Auth } from '@vonage/auth';
import { Video } from '@vonage/video';
import { createSigner } from 'fast-jwt';
import jsonwebtoken from 'jsonwebtoken';
import PeerOpenTok from 'opentok';
import { inspectToken, OpenTok } from 'tokmint';

const API_KEY = '123456';
const API_SECRET = '1234567890abcdef1234567890abcdef1234567890';
const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const DATA = 'name=Johnny&level=4';

/** Batches that each contender runs, and about how long each takes: short enough that most are not interrupted. */
const ROUNDS = 201;
const BATCH_NANOSECONDS = 5e5;
/** Tokens of one call of generateTokens. */
const TOKENS = 100;
/** Nanoseconds that Node may add to core's `Session::generate_token`. */
const TARGET = 450;

const opentok = new OpenTok(API_KEY, API_SECRET);
const session = opentok.session(SESSION_ID);
const peer = new PeerOpenTok(API_KEY, API_SECRET);
const fastSign = createSigner({ key: API_SECRET, algorithm: 'HS256' });

/** The claims of tokmint's JWT, for the libraries that know nothing of OpenTok. */
function claims() {
  const now = Math.floor(Date.now() / 1000);
  return {
    session_id: SESSION_ID,
    role: 'moderator',
    iat: now,
    exp: now + 86400,
    scope: 'session.connect',
    initial_layout_class_list: 'focus main',
    connection_data: DATA,
    iss: API_KEY,
    ist: 'project',
    nonce: Math.floor(Math.random() * 2 ** 53),
  };
}

const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
const APPLICATION_SESSION_ID =
  '2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg';
const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const [privateKey, publicKey] = [createPrivateKey(pem.privateKey), createPublicKey(pem.publicKey)];
const application = OpenTok.forApplication(APPLICATION_ID, pem.privateKey);
const verifier = OpenTok.verifier(APPLICATION_ID, pem.publicKey);
const vonage = new Video(new Auth({ applicationId: APPLICATION_ID, privateKey: pem.privateKey }));

/** The claims of tokmint's token of an application. */
function applicationClaims() {
  const now = Math.floor(Date.now() / 1000);
  return {
    scope: 'session.connect',
    session_id: APPLICATION_SESSION_ID,
    role: 'moderator',
    initial_layout_class_list: 'focus main',
    exp: now + 86400,
    sub: 'video',
    acl: { paths: { '/session/**': {} } },
    connection_data: DATA,
    jti: randomUUID(),
    iat: now,
    application_id: APPLICATION_ID,
  };
}

const OPTIONS = { initialLayoutClassList: ['focus', 'main'], data: DATA, role: 'moderator' };
const T1_OPTIONS = { ...OPTIONS, tokenFormat: 't1' };
const jwt = opentok.generateToken(SESSION_ID, OPTIONS);
const t1 = opentok.generateToken(SESSION_ID, T1_OPTIONS);
/** The options of a call of generateTokens, of which only the data differs. */
const list = (options) =>
  Array.from({ length: TOKENS }, (_, i) => ({ ...options, data: `${DATA.slice(0, -1)}${i % 10}` }));
const [JWTS, T1S] = [list(OPTIONS), list(T1_OPTIONS)];
const rs256 = application.generateToken(APPLICATION_SESSION_ID, OPTIONS);
/** What is signed, and the signature. */
const signedBytes = Buffer.from(rs256.slice(0, rs256.lastIndexOf('.')));
const signature = Buffer.from(rs256.slice(rs256.lastIndexOf('.') + 1), 'base64url');

/** Core with the options of 'session, role and data'. */
const program = spawn('cargo', ['run', '--quiet', '--release', '--locked', '--package', 'tokmint-bench-turns'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const figures = createInterface(program.stdout)[Symbol.asyncIterator]();

/** Nanoseconds a call of core. */
async function core(calls) {
  program.stdin.write(`${calls}\n`);
  const { value, done } = await figures.next();
  if (done) throw new Error('the program that measures core has ended');
  return Number(value) / calls;
}

/** Something that makes `TOKENS` tokens, each of which counts as a call. */
const many = (generate) => ({ time: (calls) => batch(generate, Math.ceil(calls / TOKENS)) / TOKENS });

const require = createRequire(import.meta.url);
/** The package as it is where no native binary can be loaded. */
const portable = require('./node_modules/tokmint/api.js')(require('./node_modules/tokmint/embedded.js'));

/** The same calls of tokmint as native code and as WebAssembly, by their names. */
function both({ OpenTok, inspectToken }) {
  const opentok = new OpenTok(API_KEY, API_SECRET);
  const session = opentok.session(SESSION_ID);
  const application = OpenTok.forApplication(APPLICATION_ID, pem.privateKey);
  const verifier = OpenTok.verifier(APPLICATION_ID, pem.publicKey);
  return {
    JWT: () => opentok.generateToken(SESSION_ID, OPTIONS),
    'session JWT': () => session.generateToken(OPTIONS),
    'batch JWT': many(() => [...session.generateTokens(JWTS)]),
    T1: () => opentok.generateToken(SESSION_ID, T1_OPTIONS),
    'verify JWT': () => opentok.verifyToken(jwt),
    'verify T1': () => opentok.verifyToken(t1),
    'inspect JWT': () => opentok.inspectToken(jwt),
    'inspect, no credentials': () => inspectToken(jwt),
    RS256: () => application.generateToken(APPLICATION_SESSION_ID, OPTIONS),
    'verify RS256': () => verifier.verifyToken(rs256),
    'read a private key': () => OpenTok.forApplication(APPLICATION_ID, pem.privateKey),
  };
}

const prefixed = (prefix, calls) => Object.fromEntries(Object.entries(calls).map(([name, call]) => [prefix + name, call]));

/** Functions, or what has a function `time` that measures so many calls. */
const contenders = {
  'tokmint JWT': () =>
    opentok.generateToken(SESSION_ID, { role: 'moderator', data: DATA, initialLayoutClassList: ['focus', 'main'] }),
  'tokmint session JWT': () =>
    session.generateToken({ role: 'moderator', data: DATA, initialLayoutClassList: ['focus', 'main'] }),
  'tokmint batch JWT': many(() => [...session.generateTokens(JWTS)]),
  'opentok JWT': () =>
    peer.generateToken(SESSION_ID, { role: 'moderator', data: DATA, initialLayoutClassList: ['focus', 'main'] }),
  'fast-jwt': () => fastSign(claims()),
  jsonwebtoken: () => jsonwebtoken.sign(claims(), API_SECRET, { algorithm: 'HS256' }),
  '@node-rs/jsonwebtoken': () => rustJsonwebtoken.signSync(claims(), API_SECRET),
  'tokmint T1': () =>
    opentok.generateToken(SESSION_ID, {
      role: 'moderator',
      data: DATA,
      initialLayoutClassList: ['focus', 'main'],
      tokenFormat: 't1',
    }),
  'tokmint session T1': () =>
    session.generateToken({
      role: 'moderator',
      data: DATA,
      initialLayoutClassList: ['focus', 'main'],
      tokenFormat: 't1',
    }),
  'tokmint batch T1': many(() => [...session.generateTokens(T1S)]),
  'opentok T1': () =>
    peer.generateToken(SESSION_ID, { role: 'moderator', data: DATA, initialLayoutClassList: ['focus', 'main'] }, true),
  'tokmint JWT, no options': () => opentok.generateToken(SESSION_ID),
  'session, role and data': () => session.generateToken({ role: 'moderator', data: DATA }),
  'the same in core': { time: core },
  'tokmint verify JWT': () => opentok.verifyToken(jwt),
  'jsonwebtoken verify': () => jsonwebtoken.verify(jwt, API_SECRET, { algorithms: ['HS256'] }),
  '@node-rs verify': () => rustJsonwebtoken.verifySync(jwt, API_SECRET),
  'tokmint verify T1': () => opentok.verifyToken(t1),
  'tokmint inspect JWT': () => opentok.inspectToken(jwt),
  'the same, no credentials': () => inspectToken(jwt),
  'tokmint inspect T1': () => opentok.inspectToken(t1),
  'tokmint RS256': () =>
    application.generateToken(APPLICATION_SESSION_ID, {
      role: 'moderator',
      data: DATA,
      initialLayoutClassList: ['focus', 'main'],
    }),
  '@vonage/video': () =>
    vonage.generateClientToken(APPLICATION_SESSION_ID, {
      role: 'moderator',
      data: DATA,
      initialLayoutClassList: ['focus', 'main'],
    }),
  'jsonwebtoken RS256': () => jsonwebtoken.sign(applicationClaims(), privateKey, { algorithm: 'RS256' }),
  'crypto.sign, bare': () => sign('sha256', signedBytes, privateKey),
  'tokmint verify RS256': () => verifier.verifyToken(rs256),
  'jsonwebtoken verify RS256': () => jsonwebtoken.verify(rs256, publicKey, { algorithms: ['RS256'] }),
  'crypto.verify, bare': () => verify('sha256', signedBytes, publicKey, signature),
  'tokmint REST, RS256': () => application.generateRestToken(),
  'tokmint REST, HS256': () => opentok.generateRestToken(),
  'tokmint reads a key': () => OpenTok.forApplication(APPLICATION_ID, pem.privateKey),
  'crypto reads a key': () => createPrivateKey(pem.privateKey),
  ...prefixed('native ', both({ OpenTok, inspectToken })),
  ...prefixed('wasm ', both(portable)),
};

/** Milliseconds that `require` takes in a new process: the median of 15. */
function loading(name, ...options) {
  const script = `const start = performance.now(); require('${name}'); console.log(performance.now() - start)`;
  const run = () => Number(spawnSync(process.execPath, [...options, '-e', script], { encoding: 'utf8' }).stdout);
  return Array.from({ length: 15 }, run).sort((a, b) => a - b)[7];
}

/** Nanoseconds a call. */
function batch(call, calls) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i += 1) call();
  return Number(process.hrtime.bigint() - start) / calls;
}

const runs = [];
for (const [name, contender] of Object.entries(contenders)) {
  const time = contender.time ?? ((calls) => batch(contender, calls));
  await time((await time(50)) > 1e5 ? 50 : 10_000); // for the compilers, that of WebAssembly too
  runs.push({ name, time, calls: Math.max(1, Math.round(BATCH_NANOSECONDS / (await time(50)))), times: [] });
}
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { time, calls, times } of runs) times.push(await time(calls));
}
program.stdin.end();
const median = {};
for (const { name, times } of runs) median[name] = times.sort((a, b) => a - b)[ROUNDS >> 1];

const packages = ['tokmint', 'opentok', '@vonage/video', 'fast-jwt', 'jsonwebtoken', '@node-rs/jsonwebtoken'];
const versions = packages.map(
  // Some keep their package.json to themselves.
  (name) => `${name} ${require(`./node_modules/${name}/package.json`).version}`,
);
console.log(`Node ${process.version}, ${cpus()[0].model}: ${versions.join(', ')}`);
console.log(`role, data and two layout classes; median of ${ROUNDS} interleaved batches\n`);
for (const [name, time] of Object.entries(median))
  console.log(`${name.padEnd(26)} ${(time / 1000).toFixed(2).padStart(9)} us`);
console.log();
for (const [name, ours, theirs] of [
  ['JWT against opentok', 'tokmint JWT', 'opentok JWT'],
  ['T1 against opentok', 'tokmint T1', 'opentok T1'],
  ['JWT against fast-jwt', 'tokmint JWT', 'fast-jwt'],
  ['JWT against jsonwebtoken', 'tokmint JWT', 'jsonwebtoken'],
  ['JWT against @node-rs/jsonwebtoken', 'tokmint JWT', '@node-rs/jsonwebtoken'],
  ['session JWT against fast-jwt', 'tokmint session JWT', 'fast-jwt'],
  ['session JWT against one JWT', 'tokmint session JWT', 'tokmint JWT'],
  ['batch JWT against one JWT', 'tokmint batch JWT', 'tokmint JWT'],
  ['session T1 against one T1', 'tokmint session T1', 'tokmint T1'],
  ['batch T1 against one T1', 'tokmint batch T1', 'tokmint T1'],
  ['verify against jsonwebtoken', 'tokmint verify JWT', 'jsonwebtoken verify'],
  ['verify against @node-rs', 'tokmint verify JWT', '@node-rs verify'],
  ['verify against inspect', 'tokmint verify JWT', 'tokmint inspect JWT'],
  ['RS256 against @vonage/video', 'tokmint RS256', '@vonage/video'],
  ['RS256 against jsonwebtoken', 'tokmint RS256', 'jsonwebtoken RS256'],
  ['RS256 against crypto.sign', 'tokmint RS256', 'crypto.sign, bare'],
  ['verify against jsonwebtoken RS256', 'tokmint verify RS256', 'jsonwebtoken verify RS256'],
  ['verify against crypto.verify', 'tokmint verify RS256', 'crypto.verify, bare'],
]) {
  console.log(`${name.padEnd(33)} ${(median[theirs] / median[ours]).toFixed(1).padStart(7)} x`);
}
console.log(`\n${'WebAssembly'.padEnd(26)} ${'native'.padStart(9)} ${'wasm'.padStart(14)}`);
for (const name of Object.keys(both(portable))) {
  const [native, wasm] = [median[`native ${name}`], median[`wasm ${name}`]];
  const us = (time) => `${(time / 1000).toFixed(2)} us`;
  console.log(`${name.padEnd(23)} ${us(native).padStart(12)} ${us(wasm).padStart(14)} ${(wasm / native).toFixed(1).padStart(7)} x`);
}
const module = readFileSync('node_modules/tokmint/tokmint.wasm');
const kilobytes = (bytes) => `${(bytes.length / 1000).toFixed(0)} kB`;
console.log(`the module: ${kilobytes(module)}, gzipped ${kilobytes(gzipSync(module, { level: 9 }))}\n`);
const [ours, cores] = [median['session, role and data'], median['the same in core']];
console.log(
  `session.generateToken with role and data: ${ours.toFixed(0)} ns, core ${cores.toFixed(0)} ns: ` +
    `core + ${(ours - cores).toFixed(0)} ns (target: at most core + ${TARGET} ns)`,
);
console.log(
  `require                           ${['tokmint', 'opentok', '@vonage/video'].map((name) => `${name} ${loading(name).toFixed(1)} ms`).join(', ')}, ` +
    `tokmint as WebAssembly ${loading('tokmint', '--no-addons', '--no-warnings').toFixed(1)} ms`,
);
