// The vectors and the 10,000 requests in any runtime that has ES modules and their imports of JSON, or a bundle of them.
import * as tokmint from 'tokmint';
import { hashOfRequests } from '../requests.mjs';
import runVectors from '../run-vectors.mjs';
import errors from '../vectors/errors.json' with { type: 'json' };
import generate from '../vectors/generate.json' with { type: 'json' };
import inspect from '../vectors/inspect.json' with { type: 'json' };
import keys from '../vectors/keys.json' with { type: 'json' };
import rest from '../vectors/rest.json' with { type: 'json' };
import verify from '../vectors/verify.json' with { type: 'json' };

const files = { errors, generate, inspect, keys, rest, verify };
const { private_key: privateKey, public_key: publicKey } = keys.keys.main;

export async function results() {
  const vectors = runVectors(tokmint, (file) => files[file]).run();
  return { ...vectors, ...(await hashOfRequests(tokmint, { privateKey, publicKey })) };
}
