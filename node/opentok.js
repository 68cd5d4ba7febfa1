'use strict';

// The class of the package `opentok`, with tokens of tokmint: sessions, archives and whatever else calls the platform are
// the SDK's. `generateToken`, of the class and of the sessions that it creates, takes what the SDK's takes, and tokmint
// generates the token. The package `opentok` must be installed for this file, and for nothing else of tokmint.

const tokmint = require('./index.js');
const Official = official();

const DIFFERENCE = 'https://github.com/tokmint/tokmint/blob/main/docs/leaving-the-sdk.md#what-stays-refused';

function official() {
  try {
    return require('opentok');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' || !error.message.includes("'opentok'")) throw error;
    const message =
      'tokmint/opentok extends the package opentok, which is not installed: run `npm install opentok`, or use tokmint, ' +
      'which needs no other package';
    throw Object.assign(new Error(message, { cause: error }), { code: error.code });
  }
}

/** What the SDK takes and tokmint does not, by option. What neither takes stays as it is, for tokmint to refuse. */
const CONVERSIONS = {
  expireTime: (time) => (typeof time === 'string' ? Number(time) : (time ?? undefined)),
  data: (data) => data || undefined,
  initialLayoutClassList(classes) {
    if (typeof classes === 'string') return classes ? classes.split(' ') : undefined;
    return classes ?? undefined;
  },
};

/** The options for tokmint. They are read by it as any others: a copy keeps their class. */
function converted(options, tokenFormat) {
  const given = options || {};
  // A Promise, an array and the like, which tokmint refuses.
  if (Object.prototype.toString.call(given) !== '[object Object]') return given;
  const own = Object.getOwnPropertyDescriptors(given);
  for (const [name, convert] of Object.entries(CONVERSIONS))
    if (Object.hasOwn(own, name)) own[name] = { value: convert(given[name]), enumerable: true };
  if (tokenFormat) own.tokenFormat = { value: tokenFormat, enumerable: true };
  return Object.create(Object.getPrototypeOf(given), own);
}

/** The OpenTok of tokmint of each client, and the credentials that it has. */
const issuers = new WeakMap();

function issuerOf(client, isApplication) {
  // Both are properties that a program can set, as when it rotates the secret.
  const { apiKey, apiSecret } = client;
  let issuer = issuers.get(client);
  if (issuer?.apiKey !== apiKey || issuer.apiSecret !== apiSecret) {
    const opentok = isApplication
      ? tokmint.OpenTok.forApplication(apiKey, apiSecret)
      : new tokmint.OpenTok(apiKey, apiSecret);
    issuer = { apiKey, apiSecret, opentok };
    issuers.set(client, issuer);
  }
  return issuer.opentok;
}

/** The SDK is called with `new` and without. */
function OpenTok(...credentials) {
  return Reflect.construct(Official, credentials, new.target ?? OpenTok);
}

// The SDK's error classes are properties of its class.
Object.setPrototypeOf(OpenTok, Official);
OpenTok.prototype = Object.create(Official.prototype, {
  constructor: { value: OpenTok, writable: true, configurable: true },
});

OpenTok.prototype.generateToken = function generateToken(sessionId, options, generateT1Token) {
  // An SDK that does not know applications, as before 2.21, writes T1 tokens only.
  const { callVonage } = this.client.c;
  const tokenFormat = generateT1Token || callVonage === undefined ? 't1' : undefined;
  try {
    return issuerOf(this, callVonage).generateToken(sessionId, converted(options, tokenFormat));
  } catch (error) {
    if (error instanceof tokmint.TokmintError || error instanceof TypeError) {
      error.message += ` (opentok may accept it: ${DIFFERENCE})`;
      // The stack begins with the message.
      Error.captureStackTrace(error, generateToken);
    }
    throw error;
  }
};

module.exports = OpenTok;
