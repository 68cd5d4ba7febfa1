// What every runtime must do alike: both ways to load the package, tokens, errors and refused strings.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OpenTok, TokmintError } from 'tokmint';

const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';
const cjs = createRequire(import.meta.url)('tokmint');
const opentok = new cjs.OpenTok('123456', '1234567890abcdef1234567890abcdef1234567890');
const APPLICATION_ID = 'a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9';
const privateKey = readFileSync('private.key');
const application = OpenTok.forApplication(APPLICATION_ID, privateKey);
const code = (call) => {
  try {
    call();
  } catch (error) {
    return error instanceof TokmintError ? error.code : String(error);
  }
};
const facts = [
  cjs.OpenTok === OpenTok,
  opentok.verifyToken(
    opentok.generateToken(SESSION_ID, { data: 'é€\u{1f600}\ufffd', initialLayoutClassList: ['a', 'b'] }),
  ).data,
  code(() => opentok.generateToken(SESSION_ID, { data: '\ud800' })),
  code(() => opentok.generateToken('\ud800')),
  code(() => opentok.generateToken(SESSION_ID, { expireTime: 1e300 })),
  code(() => opentok.generateToken(SESSION_ID, { initialLayoutClassList: ['a\0b'] })),
  code(() => opentok.verifyToken('x'.repeat(1e6))),
  opentok.inspectToken('\ud800').findings[0].code,
  Array.from(
    opentok.session(SESSION_ID).generateTokens([{ data: 'x' }, { role: 'x' }]),
    (result) => result.code ?? opentok.verifyToken(result).data,
  ).join(),
  OpenTok.forApplication(APPLICATION_ID, `${privateKey}`).applicationId,
  application.inspectToken(application.generateRestToken()).signature,
  code(() => application.generateToken(SESSION_ID)),
  code(() => OpenTok.forApplication(APPLICATION_ID, createPrivateKey(privateKey))).match(
    /^TypeError.* export it as PEM/,
  )?.length,
];
const expected = [
  true,
  'é€\u{1f600}\ufffd',
  'invalid_data',
  'invalid_utf8',
  'invalid_expire_time',
  'invalid_layout_class',
  'token_too_long',
  'malformed_token',
  'x,invalid_role',
  APPLICATION_ID,
  'valid',
  'session_of_other_project',
  1,
];
if (JSON.stringify(facts) !== JSON.stringify(expected)) throw new Error(JSON.stringify(facts));
console.log('alike');
