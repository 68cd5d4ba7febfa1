// 10,000 requests of every kind, always the same ones, and one SHA-256 of all that is returned: equal wherever tokmint
// runs. Plain JavaScript, so that it runs in browsers too.

const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
const APPLICATION_SESSION_ID =
  '2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg';
const REQUESTS = 10_000;

/** One of so many signs or verifies with RSA, which takes a thousand times as long. */
const RSA = 100;

/** A random integer below a limit, from a generator that is the same everywhere (mulberry32). */
function generator(seed) {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Calls each request, and returns the SHA-256 of what they return, in hexadecimal. */
export async function hashOfRequests({ OpenTok, TokmintError, inspectToken }, { privateKey, publicKey }) {
  const random = generator(14);
  const pick = (values) => values[random(values.length)];
  const project = new OpenTok('123456', '1234567890abcdef1234567890abcdef1234567890');
  const application = OpenTok.forApplication(APPLICATION_ID, privateKey);
  const verifier = OpenTok.verifier(APPLICATION_ID, publicKey);
  const session = project.session(SESSION_ID);

  /** A string with characters of one to four bytes, and now and then half of a surrogate pair. */
  const text = (length) =>
    Array.from({ length: random(length) }, () =>
      pick([
        'a',
        '=',
        '&',
        ' ',
        '"',
        '\\',
        '\n',
        'é',
        '€',
        '\u{1f600}',
        '\u{10ffff}',
        '\ufeff',
        '\ufffd',
        '\u0000',
        'Z',
      ]),
    ).join('') + (random(40) === 0 ? '\ud83d' : '');
  const maybe = (value) => (random(3) === 0 ? undefined : value());
  const options = () => {
    const createTime = 1_600_000_000 + random(2 ** 28);
    const isTime = random(2) === 0;
    return {
      role: maybe(() => pick(['subscriber', 'publisher', 'publisheronly', 'moderator', 'admin'])),
      [isTime ? 'expireTime' : 'expiresIn']: maybe(() => (isTime ? createTime : 0) + random(2_600_000)),
      data: maybe(() => text(random(10) === 0 ? 1100 : 40)),
      initialLayoutClassList: maybe(() => Array.from({ length: random(4) }, () => pick(['focus', 'main', 'é', 'a b']))),
      createTime,
    };
  };
  /** A token with some character changed, or none. */
  const altered = (token) => {
    const at = random(2 * token.length);
    return at < token.length ? token.slice(0, at) + pick(['A', '.', 'é', '\ud800', '']) + token.slice(at + 1) : token;
  };

  let last = 'T1==';
  const remember = (token) => {
    last = token;
    return token;
  };
  const kinds = {
    jwt: () => remember(project.generateToken(SESSION_ID, { ...options(), nonce: random(2 ** 32) })),
    t1: () => remember(project.generateToken(SESSION_ID, { ...options(), nonce: random(2 ** 32), tokenFormat: 't1' })),
    session: () => remember(session.generateToken({ ...options(), nonce: random(2 ** 32) })),
    batch() {
      const same = options();
      const items = Array.from({ length: 4 }, () => ({ ...same, nonce: random(2 ** 32), data: text(9) }));
      return [...session.generateTokens(items)].map(String);
    },
    rest: () =>
      project.generateRestToken({ createTime: 1_700_000_000, jti: `${random(100)}`, expiresIn: random(90_000) }),
    verify: () => project.verifyToken(altered(last), { now: 1_600_000_000 + random(2 ** 28), leeway: random(3700) }),
    verifyInTime: () => project.verifyToken(last, { now: project.inspectToken(last).createTime ?? 0 }),
    inspect: () => project.inspectToken(altered(last), { now: 1_700_000_000, sessionId: SESSION_ID }),
    inspectWithout: () => inspectToken(pick([altered(last), text(100)]), { now: 1_700_000_000 }),
  };
  const rsa = {
    sign: () =>
      remember(
        application.generateToken(APPLICATION_SESSION_ID, {
          ...options(),
          jti: `a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e${random(9)}`,
        }),
      ),
    verify: () => verifier.verifyToken(altered(last), { now: 1_700_000_000 }),
    refused: () => verifier.generateToken(APPLICATION_SESSION_ID),
  };

  const results = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const call = pick(Object.values(request % RSA === 0 ? rsa : kinds));
    try {
      results.push(call());
    } catch (error) {
      if (!(error instanceof TokmintError)) throw error;
      results.push([error.code, error.number, error.message]);
    }
  }
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(results)));
  const refused = results.filter((result) => Array.isArray(result) && typeof result[1] === 'number').length;
  return {
    requests: results.length,
    refused,
    hash: Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
