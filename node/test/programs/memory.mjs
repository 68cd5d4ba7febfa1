// Prints by how many bytes a million calls of each kind, or fewer, make the process grow once it is warm.
import { readFileSync } from 'node:fs';
import { OpenTok } from 'tokmint';

const CALLS = 1_000_000;
const SECRET = '1234567890abcdef1234567890abcdef1234567890';
const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const opentok = new OpenTok('123456', SECRET);
const options = { role: 'moderator', data: 'x'.repeat(100), initialLayoutClassList: ['focus', 'main'] };
const token = opentok.generateToken(SESSION_ID, options);
const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
const privateKey = readFileSync('private.key');
const application = OpenTok.forApplication(APPLICATION_ID, privateKey);
const restToken = application.generateRestToken();
const session = opentok.session(SESSION_ID);
function* endless() {
  for (;;) yield options;
}
const batch = session.generateTokens(endless());
const refused = (call) => {
  try {
    call();
  } catch {
    return;
  }
  throw new Error('accepted');
};

const kinds = {
  generate: () => opentok.generateToken(SESSION_ID, options),
  session: () => session.generateToken(options),
  batch: () => batch.next(),
  verify: () => opentok.verifyToken(token, { sessionId: SESSION_ID }),
  // Making an OpenTok or an error is slower, and each is larger than a token.
  new: { calls: CALLS / 5, once: () => new OpenTok('123456', SECRET) },
  'new session': { calls: CALLS / 5, once: () => opentok.session(SESSION_ID).generateTokens([]) },
  refused: { calls: CALLS / 5, once: () => refused(() => opentok.verifyToken('T1==x')) },
  'long data': { calls: CALLS / 10, once: () => opentok.generateToken(SESSION_ID, { data: '€'.repeat(1000) }) },
  // RSA is slower by far, and what a call could lose is larger: a key takes kilobytes, a token 600 bytes.
  'new application': { calls: CALLS / 100, once: () => OpenTok.forApplication(APPLICATION_ID, privateKey) },
  'generate REST': { calls: CALLS / 50, once: () => application.generateRestToken() },
  'refused RS256': { calls: CALLS / 20, once: () => refused(() => application.verifyToken(restToken)) },
  inspect: { calls: CALLS / 5, once: () => opentok.inspectToken(`${token} `) },
};

/** Lets finalizers run, which Node calls between turns of the event loop. */
async function run(call, calls) {
  for (let i = 0; i < calls; i += 1) {
    call();
    if (i % 10_000 === 0) await new Promise(setImmediate);
  }
  for (let i = 0; i < 5; i += 1) {
    gc();
    await new Promise(setImmediate);
  }
  return process.memoryUsage.rss();
}

const growth = {};
for (const [name, kind] of Object.entries(kinds)) {
  const { once = kind, calls = CALLS } = kind;
  // A process that makes many objects grows for a while: the first 200,000 of them leave 15 MB, the next ones nothing.
  const before = await run(once, Math.min(calls, CALLS / 5));
  growth[name] = (await run(once, calls)) - before;
}
console.log(JSON.stringify(growth));
