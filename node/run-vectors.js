'use strict';

// Runs the vectors of every file through the public API, in any runtime: it gets the API, and a function that reads a
// file of vectors by its name.

const FILES = ['generate', 'verify', 'errors', 'inspect', 'rest', 'keys'];

/** Codes of options that are parsed before core sees them, and so before the session of `generateToken`. */
const PARSED = ['invalid_role', 'invalid_token_format', 'invalid_data'];

const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
const SESSION_ID =
  '2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg';

function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
}

/** A string in the notation of the vectors. */
function string(value) {
  if (typeof value === 'string') return value;
  if ('repeat' in value) return string(value.repeat).repeat(value.times);
  if ('concat' in value) return value.concat.map(string).join('');
  if ('utf16' in value) return String.fromCharCode(...value.utf16);
  throw new Error(`unknown notation: ${Object.keys(value)}`);
}

/** Options of a vector, as JavaScript spells them. */
function options(vector = {}) {
  const value = (given) =>
    Array.isArray(given) ? given.map(string) : typeof given === 'number' ? given : string(given);
  const name = (given) => given.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(vector).map(([key, given]) => [name(key), value(given)]));
}

/** A key: text, or bytes that are none. */
const key = (value) => (value.base64 === undefined ? string(value) : fromBase64(value.base64));

module.exports = ({ OpenTok, Session, TokmintError, inspectToken }, read) => {
  /** The key pairs, by name. */
  let pairs;

  /** The credentials of a vector: of a project, of an application, or a verifier. */
  function opentok(vector) {
    if (vector.application_id === undefined) return new OpenTok(string(vector.api_key), string(vector.api_secret));
    pairs ??= read('keys').keys;
    const id = string(vector.application_id);
    return vector.private_key === undefined
      ? OpenTok.verifier(id, key(pairs[vector.public_key].public_key))
      : OpenTok.forApplication(id, key(pairs[vector.private_key].private_key));
  }

  const verify = (vector) => opentok(vector).verifyToken(string(vector.token), options(vector.options));

  /** What a call returns, or the code and the number of its error. */
  function outcome(call) {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof TokmintError)) throw error;
      return [error.code, error.number];
    }
  }

  /**
   * What each way to generate the token of a vector gives: one call, a call with a session, and three items of a batch,
   * which share what they have in common from the third one on.
   */
  function generate(vector) {
    const [sessionId, given] = [string(vector.session_id), options(vector.options)];
    const single = outcome(() => opentok(vector).generateToken(sessionId, given));
    const session = outcome(() => opentok(vector).session(sessionId));
    if (!(session instanceof Session)) return PARSED.includes(vector.code) ? [single] : [single, session];
    const items = [...session.generateTokens([given, given, given])].map((item) =>
      outcome(() => {
        if (item instanceof Error) throw item;
        return item;
      }),
    );
    return [single, outcome(() => session.generateToken(given)), ...items];
  }

  const generateRest = (vector) => opentok(vector).generateRestToken(options(vector.options));

  const inspect = (vector) =>
    (vector.api_key ?? vector.application_id) === undefined
      ? inspectToken(string(vector.token), options(vector.options))
      : opentok(vector).inspectToken(string(vector.token), options(vector.options));

  /** What must fail, by the name of the call in a vector. */
  const CALLS = {
    new: opentok,
    for_application: (vector) => OpenTok.forApplication(string(vector.application_id), fromBase64(vector.key_base64)),
    verifier: (vector) => OpenTok.verifier(string(vector.application_id), fromBase64(vector.key_base64)),
    generate_rest_token: generateRest,
    verify,
  };

  /** What a vector of each file must give, and what it gives. */
  const RUN = {
    generate(vector) {
      const tokens = generate(vector);
      const { data, initialLayoutClassList, nonce, role, sessionId } = opentok(vector).verifyToken(tokens[0], {
        now: vector.options.create_time,
      });
      const given = options(vector.options);
      return [
        [
          Array(5).fill(vector.token),
          given.data ?? '',
          given.initialLayoutClassList ?? [],
          `${given.jti ?? given.nonce}`,
          given.role ?? 'publisher',
          string(vector.session_id),
        ],
        [tokens, data, initialLayoutClassList, nonce, role, sessionId],
      ];
    },
    verify(vector) {
      const expected = options(vector.expected);
      const token = verify(vector);
      return [expected, Object.fromEntries(Object.keys(expected).map((name) => [name, token[name]]))];
    },
    errors(vector) {
      const outcomes = vector.call === 'generate' ? generate(vector) : [outcome(() => CALLS[vector.call](vector))];
      return [outcomes.map(() => [vector.code, vector.number]), outcomes];
    },
    inspect(vector) {
      const { format, signature, findings, token, remainingLifetime } = inspect(vector);
      const codes = findings.map(({ code }) => code);
      return [
        vector.expected,
        { format, signature, findings: codes, is_token: token !== null, remaining_lifetime: remainingLifetime },
      ];
    },
    rest: (vector) => [vector.token, generateRest(vector)],
    // A token that the private key signs is one that the public key verifies. Of one pair there is no private key.
    keys({ private_key: privateKey, public_key: publicKey }) {
      const verifier = OpenTok.verifier(APPLICATION_ID, key(publicKey));
      if (privateKey === undefined) return [APPLICATION_ID, verifier.applicationId];
      const token = OpenTok.forApplication(APPLICATION_ID, key(privateKey)).generateToken(SESSION_ID);
      return [SESSION_ID, verifier.verifyToken(token).sessionId];
    },
  };

  /** How many vectors there are, and which do not hold. */
  function run() {
    let count = 0;
    const failed = [];
    for (const file of FILES) {
      const { keys = {}, vectors = Object.entries(keys).map(([name, pair]) => ({ name, ...pair })) } = read(file);
      if (vectors.length === 0) {
        count += 1;
        failed.push(`${file}.json: it has no vectors`);
      }
      for (const vector of vectors) {
        count += 1;
        let difference;
        try {
          const [expected, actual] = RUN[file](vector).map((value) => JSON.stringify(value));
          difference = expected === actual ? undefined : `${actual} instead of ${expected}`;
        } catch (error) {
          difference = String(error);
        }
        if (difference) failed.push(`${file}.json: ${vector.name}: ${difference}`);
      }
    }
    return { count, failed };
  }

  return { inspect, key, opentok, options, run, string };
};
