// The Node program of the checks that hold in every language: `programs.py` says what it prints. It runs with the native
// binary, or without one with the WebAssembly module.

import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { format, inspect } from 'node:util';
import v8 from 'node:v8';
import { inspectToken, OpenTok, TokmintError } from 'tokmint';

const API_KEY = '123456';
const API_SECRET = '1234567890abcdef1234567890abcdef1234567890';
const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
const SESSION_OF_APPLICATION =
  '2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg';

// Secrets

let seen = [];
const see = (...shown) => seen.push(format(...shown));

let isThorough = false;

/** The forms that JavaScript makes of a value. */
function forms(value) {
  see('%s %O %j', value, value, value);
  if (!isThorough) return;
  see('%o', value);
  see(inspect(value, { depth: null, showHidden: true, showProxy: true, getters: true }));
  see(String(value), JSON.stringify(value), Object.entries(value ?? {}));
  for (let object = value; object !== null && typeof object === 'object'; object = Object.getPrototypeOf(object)) {
    for (const key of Reflect.ownKeys(object)) {
      try {
        see(key, object[key]);
      } catch (error) {
        see(error);
      }
    }
  }
  for (const attempt of [structuredClone, v8.serialize, (object) => ({ ...object }), (object) => `${object}`]) {
    try {
      const copy = attempt(value);
      see(Buffer.isBuffer(copy) ? copy.toString('latin1') : copy);
    } catch (error) {
      see(error.stack);
    }
  }
}

function show(call) {
  try {
    const value = call();
    forms(value);
    return value;
  } catch (error) {
    forms(error);
    see(error.message, error.stack, error.code, error.number, error.cause);
    return undefined;
  }
}

/** A secret or a key where something else belongs. */
function misplaced(text) {
  const opentok = new OpenTok(API_KEY, API_SECRET);
  const bytes = Buffer.from(text);
  show(() => new OpenTok(text, API_SECRET));
  show(() => new OpenTok(text, text));
  show(() => new OpenTok(API_KEY, bytes));
  show(() => new OpenTok(API_KEY, { text }));
  show(() => OpenTok.forApplication(text, text));
  show(() => OpenTok.forApplication(APPLICATION_ID, [text]));
  show(() => OpenTok.verifier(APPLICATION_ID, text));
  show(() => OpenTok.verifier(APPLICATION_ID, bytes));
  show(() => opentok.session(text));
  show(() => opentok.generateToken(text));
  for (const options of [
    { role: text },
    { tokenFormat: text },
    { data: `${text}${'x'.repeat(1000)}` },
    { data: `${text}\ud800` },
    { initialLayoutClassList: ['a b', text] },
    { initialLayoutClassList: text },
    { jti: text },
    { nonce: text },
    { expireTime: text },
    text,
    [text],
  ])
    show(() => opentok.generateToken(SESSION_ID, options));
  show(() => opentok.generateRestToken({ jti: text }));
  show(() => opentok.verifyToken(text));
  show(() => opentok.verifyToken(bytes));
  const token = opentok.generateToken(SESSION_ID);
  show(() => opentok.verifyToken(token, { sessionId: text }));
  show(() => opentok.inspectToken(token, { sessionId: text }));
  const other = show(() => new OpenTok(API_KEY, text));
  if (other === undefined) return;
  show(() => other.verifyToken(token));
  show(() => other.inspectToken(token));
}

/** The objects that keep a secret or a key, if it is one, and what they make. */
function shown(make, sessionId) {
  const opentok = show(make);
  if (opentok === undefined) return;
  const session = show(() => opentok.session(sessionId));
  if (session === undefined) return;
  const token = opentok.generateToken(sessionId, { data: 'name=Johnny' });
  show(() => opentok.verifyToken(token));
  show(() => opentok.inspectToken(token));
  show(() => session.verifyToken(token.slice(1)));
  show(() => OpenTok.prototype.generateToken.call(session, sessionId));
  const batch = session.generateTokens([{ nonce: -1 }, { role: 'x' }, { a: 1 }]);
  forms(batch);
  for (const result of batch) forms(result);
}

async function secrets() {
  for await (const request of createInterface({ input: process.stdin })) {
    const [kind, hex, which] = request.split(' ');
    isThorough = which === 'all';
    const bytes = Buffer.from(hex, 'hex');
    const text = bytes.toString();
    misplaced(text);
    if (kind === 'secret') shown(() => new OpenTok(API_KEY, text), SESSION_ID);
    else shown(() => OpenTok.forApplication(APPLICATION_ID, bytes), SESSION_OF_APPLICATION);
    const all = Buffer.from(seen.join('\n'));
    seen = [];
    print(`${all.length}\n`, all);
  }
}

/** Whole, also into a pipe. */
function print(...parts) {
  for (const part of parts) {
    const bytes = Buffer.from(part);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(1, bytes, at);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
      }
    }
  }
}

// Soak

function refused(call) {
  try {
    call();
  } catch (error) {
    if (error instanceof TokmintError) return;
    throw error;
  }
  throw new Error('accepted');
}

/** Of slow functions one of so many calls is made. */
function functions(key) {
  const opentok = new OpenTok(API_KEY, API_SECRET);
  const session = opentok.session(SESSION_ID);
  const application = OpenTok.forApplication(APPLICATION_ID, key);
  const options = { role: 'moderator', data: 'name=Johnny', initialLayoutClassList: ['focus', 'main'] };
  const t1Options = { ...options, tokenFormat: 't1' };
  const [jwt, t1] = [options, t1Options].map((chosen) => opentok.generateToken(SESSION_ID, chosen));
  const ofApplication = application.generateToken(SESSION_OF_APPLICATION, options);
  const [malformed, broken] = [jwt.slice(1), key.slice(0, -100)];
  function* endless() {
    for (;;) yield options;
  }
  const batch = session.generateTokens(endless());
  return {
    generate: [1, () => opentok.generateToken(SESSION_ID, options)],
    generate_t1: [1, () => opentok.generateToken(SESSION_ID, t1Options)],
    generate_refused: [1, () => refused(() => opentok.generateToken(SESSION_ID, { nonce: -1 }))],
    session_generate: [1, () => session.generateToken(options)],
    batch_generate: [1, () => batch.next()],
    generate_rest: [1, () => opentok.generateRestToken()],
    verify: [1, () => opentok.verifyToken(jwt)],
    verify_t1: [1, () => opentok.verifyToken(t1)],
    verify_refused: [1, () => refused(() => opentok.verifyToken(malformed))],
    inspect: [1, () => opentok.inspectToken(jwt)],
    inspect_refused: [1, () => inspectToken(malformed)],
    opentok: [10, () => new OpenTok(API_KEY, API_SECRET)],
    opentok_refused: [1, () => refused(() => new OpenTok(API_KEY, ''))],
    session: [10, () => opentok.session(SESSION_ID)],
    session_refused: [1, () => refused(() => opentok.session('1_x'))],
    application_generate: [1000, () => application.generateToken(SESSION_OF_APPLICATION, options)],
    application_verify: [100, () => application.verifyToken(ofApplication)],
    application_verify_refused: [100, () => refused(() => application.verifyToken(jwt))],
    application: [1000, () => OpenTok.forApplication(APPLICATION_ID, key)],
    application_refused: [100, () => refused(() => OpenTok.forApplication(APPLICATION_ID, broken))],
  };
}

/** Lets finalizers run, which Node calls between turns of the event loop. */
async function run(call, count) {
  for (let done = 0; done < count; done += 1) {
    call();
    if (done % 10_000 === 9_999) {
      gc();
      await new Promise(setImmediate);
    }
  }
  for (let round = 0; round < 5; round += 1) {
    gc();
    await new Promise(setImmediate);
  }
}

/** Kilobytes outside of V8's heap, and those in use in it. */
function memory() {
  const { total_physical_size: committed, used_heap_size: used } = v8.getHeapStatistics();
  return [ofStatus('VmRSS:') - Math.ceil(committed / 1024), Math.ceil(used / 1024)];
}

/** V8 takes memory for itself now and then, but what calls lose, every round loses. */
const ROUNDS = 5;

/** What the median round adds, for all rounds. */
function growth(measured, kind) {
  const rounds = measured.slice(1).map((after, round) => after[kind] - measured[round][kind]);
  return ROUNDS * Math.max(0, rounds.sort((a, b) => a - b)[(ROUNDS - 1) / 2]);
}

async function soak(key, calls) {
  for (const [name, [oneOf, call]] of Object.entries(functions(key))) {
    const count = Math.max(10, Math.floor(calls / oneOf));
    await run(call, Math.max(count / 100, Math.min(count, 1000)));
    const measured = [memory()];
    for (let round = 0; round < ROUNDS; round += 1) {
      await run(call, count / ROUNDS);
      measured.push(memory());
    }
    console.log(name, count, growth(measured, 0), growth(measured, 1));
  }
}

// Large inputs

const RUNS = 7;

function largeInputs(key, size) {
  const opentok = new OpenTok(API_KEY, API_SECRET);
  const session = opentok.session(SESSION_ID);
  const application = OpenTok.forApplication(APPLICATION_ID, key);
  const token = opentok.generateToken(SESSION_ID);
  // Flat from the start, as what comes from a network is.
  const flat = (text) => Buffer.from(text).toString('latin1');
  const long = flat('x'.repeat(size));
  const longKey = flat(key + long);
  const longKeyBytes = Buffer.from(longKey);
  // Two bytes for each character, as a string has that holds any beyond Latin-1.
  const wide = Buffer.from(`${'x'.repeat(size - 1)}€`, 'utf16le').toString('utf16le');
  const places = {
    secret: () => new OpenTok(API_KEY, long),
    api_key: () => new OpenTok(long, API_SECRET),
    role: () => opentok.generateToken(SESSION_ID, { role: long }),
    token: () => opentok.verifyToken(long),
    token_in_two_bytes: () => opentok.verifyToken(wide),
    token_of_application: () => application.verifyToken(long),
    token_inspected: () => opentok.inspectToken(long),
    session_id: () => opentok.generateToken(long),
    session: () => opentok.session(long),
    session_id_to_verify: () => opentok.verifyToken(token, { sessionId: long }),
    data: () => opentok.generateToken(SESSION_ID, { data: long }),
    data_of_session: () => session.generateToken({ data: long }),
    layout_class: () => opentok.generateToken(SESSION_ID, { initialLayoutClassList: [long] }),
    jti: () => opentok.generateToken(SESSION_ID, { jti: long }),
    private_key: () => OpenTok.forApplication(APPLICATION_ID, longKey),
    private_key_as_bytes: () => OpenTok.forApplication(APPLICATION_ID, longKeyBytes),
    public_key: () => OpenTok.verifier(APPLICATION_ID, longKey),
  };
  for (const [place, call] of Object.entries(places)) {
    const isRefused = outcome(call);
    gc();
    writeFileSync('/proc/self/clear_refs', '5');
    const before = ofStatus('VmRSS:');
    const times = Array.from({ length: RUNS }, () => {
      const start = process.hrtime.bigint();
      outcome(call);
      return Number(process.hrtime.bigint() - start);
    }).sort((a, b) => a - b);
    const grown = Math.max(0, ofStatus('VmHWM:') - before);
    console.log(place, size, isRefused ? 'refused' : 'accepted', times[(RUNS - 1) / 2], grown);
  }
}

function outcome(call) {
  try {
    return call().isRefused ?? false;
  } catch (error) {
    if (error instanceof TokmintError) return true;
    throw error;
  }
}

/** A number of kilobytes that Linux says of this process. */
function ofStatus(name) {
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(name));
  return Number.parseInt(line.slice(name.length), 10);
}

const [check, file, ...sizes] = process.argv.slice(2);
const key = readFileSync(file, 'utf8');
if (check === 'secrets') await secrets();
else if (check === 'soak') await soak(key, Number(sizes[0]));
else for (const size of sizes) largeInputs(key, Number(size));
