// What several tests need.

import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OpenTok } from 'tokmint';

export const API_KEY = '123456';
export const API_SECRET = '1234567890abcdef1234567890abcdef1234567890';
export const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';

/** The repository whose package is installed here: for what is not in the package. */
export const REPOSITORY = process.env.TOKMINT_REPOSITORY;
if (!REPOSITORY) throw new Error('run the tests with `make test-node`');

/** The installed package. */
export const INSTALLED = join(import.meta.dirname, 'node_modules/tokmint');

/** Whether the tests run without a native binary, and so with the WebAssembly module. */
export const isPortable = !readdirSync(INSTALLED).some((name) => name.endsWith('.node'));

export const project = new OpenTok(API_KEY, API_SECRET);

export const vectors = (name) => JSON.parse(readFileSync(join(REPOSITORY, 'tests/vectors', name), 'utf8'));

export const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
export const APPLICATION_SESSION_ID =
  '2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg';
export const { private_key: PRIVATE_KEY, public_key: PUBLIC_KEY } = vectors('keys.json').keys.main;

export const application = OpenTok.forApplication(APPLICATION_ID, PRIVATE_KEY);
export const verifier = OpenTok.verifier(APPLICATION_ID, PUBLIC_KEY);

const selfTest = createRequire(import.meta.url)(join(INSTALLED, 'self-test.js'));

/** Inspects a vector's token, with its credentials if it has any. */
export const inspectVector = selfTest.inspect;

/** The credentials of a vector, its options as JavaScript spells them, and a key of `keys.json`. */
export const { key, opentok: owner, options: spelled } = selfTest;

/** Expands a string in the notation of the vectors, with the additions of `attacks.json`. */
export function string(value, context) {
  if (typeof value === 'string') return value;
  if ('concat' in value) return value.concat.map((part) => string(part, context)).join('');
  if ('jwt' in value) {
    const signed = [value.jwt.header, value.jwt.payload]
      .map((part) => Buffer.from(string(part, context)).toString('base64url'))
      .join('.');
    return `${signed}.${createHmac('sha256', context.secret).update(signed).digest('base64url')}`;
  }
  if ('t1' in value) {
    const data = string(value.t1.data, context);
    const signature = createHmac('sha1', context.secret).update(data).digest('hex');
    return `T1==${Buffer.from(`partner_id=${context.api_key}&sig=${signature}:${data}`).toString('base64')}`;
  }
  return selfTest.string(value);
}

/** Calls and returns what was thrown. */
export function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** Starts a server that creates sessions for these credentials, with this ID; see tests/rest_server.py. */
export async function platform({ apiKey }, sessionId = apiKey ? SESSION_ID : APPLICATION_SESSION_ID) {
  const publicKey = join(import.meta.dirname, 'public.key');
  writeFileSync(publicKey, PUBLIC_KEY);
  const credentials = apiKey ? [API_KEY, API_SECRET] : [APPLICATION_ID, publicKey];
  const program = join(REPOSITORY, 'tests/rest_server.py');
  const server = spawn('python3', [program, ...credentials, sessionId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(server.stdout), 'line', { signal: AbortSignal.timeout(30_000) });
  return [server, url];
}
