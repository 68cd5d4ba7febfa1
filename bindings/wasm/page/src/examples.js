// Tokens with one common fault each. What tokmint can generate is generated at the click, so that it is of now;
// `VECTORS` has the rest, with the time that each is for. Their credentials are for tests only.

import VECTORS from './generated/vectors.js';

const KEY = '123456';
const SECRET = '1234567890abcdef1234567890abcdef1234567890';
const SESSION = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const OTHER_SESSION = '1_MX4xMjM0NTZ-fjE1NDcwODA1MjExMzZ-Pz8_Pj4-fn4';
const PROJECT = { apiKey: KEY, apiSecret: SECRET };

/** A token of the project, which expires in an hour unless said otherwise. */
function mint(native, { apiKey = KEY, secret = SECRET, session = SESSION, role, expiresIn = 3600, format, age }) {
  const createTime = age === undefined ? undefined : Math.floor(Date.now() / 1000) - age;
  return native.generateToken(
    ...[native.create(apiKey, secret), session, role, undefined, expiresIn],
    ...['name=Johnny', 'full\0focus', format, createTime, undefined, undefined],
  );
}

function rest(native) {
  return native.generateRestToken(native.create(KEY, SECRET), undefined, undefined, undefined);
}

function vector(name) {
  const { token, now, ...credentials } = VECTORS[name];
  return { token, now: String(now), credentials };
}

/** Each has a name, and makes what goes into the inputs. Those that are not named are emptied. */
export const EXAMPLES = [
  ['Valid', (native) => ({ token: mint(native, {}), credentials: PROJECT })],
  ['Expired', (native) => ({ token: mint(native, { age: 100_000 }), credentials: PROJECT })],
  ['Truncated', (native) => ({ token: mint(native, {}).slice(0, 255), credentials: PROJECT })],
  [
    'Wrong secret',
    (native) => ({ token: mint(native, { secret: [...SECRET].reverse().join('') }), credentials: PROJECT }),
  ],
  ['Quoted secret', (native) => ({ token: mint(native, {}), credentials: { apiKey: KEY, apiSecret: `"${SECRET}"` } })],
  ['Other session', (native) => ({ token: mint(native, {}), sessionId: OTHER_SESSION, credentials: PROJECT })],
  ['Other project', () => vector('other project')],
  ['Milliseconds', () => vector('milliseconds')],
  ['Unknown role', () => vector('role')],
  ['Quoted', (native) => ({ token: `"${mint(native, {})}"`, credentials: PROJECT })],
  [
    'URL-encoded',
    (native) => ({
      token: encodeURIComponent(encodeURIComponent(mint(native, { format: 't1' }))),
      credentials: PROJECT,
    }),
  ],
  ['T1 without expiry', () => vector('t1 of an SDK')],
  ['REST token', (native) => ({ token: rest(native), credentials: PROJECT })],
  ['Session ID', () => ({ token: SESSION })],
  ['Application', () => vector('application')],
  [
    'Two tokens',
    (native) => ({
      token: mint(native, {}),
      second: mint(native, { role: 'moderator', age: 100_000, format: 't1' }),
      credentials: PROJECT,
    }),
  ],
];
