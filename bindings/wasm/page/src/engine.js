// The module, and its arrays as objects. It decides everything; the page only shows.

import { printable } from './text.js';

/** Compiles the module, which is base64 in the page. */
export async function load(instantiate, base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return instantiate(await WebAssembly.compile(bytes));
}

/** Inspects with the credentials of a handle, or with none. */
export function inspect(native, handle, token, now, sessionId) {
  const fields = native.inspectToken(handle, token, now, sessionId);
  const pair = ([name, value]) => ({ name, value });
  const finding = ([code, severity, message, serverMessage]) => ({ code, severity, message, serverMessage });
  const findings = fields[10].map(finding);
  const isSession = findings.some(({ code }) => code === 'session_id_as_token');
  // As written, since not every field of a truncated token can be read. A session ID has no quotes and no escapes.
  const written = fields[3].find(([name]) => name === 'session_id')?.[1].replaceAll('"', '');
  return {
    format: fields[0],
    signature: fields[1],
    header: fields[2].map(pair),
    fields: fields[3].map(pair),
    token: fields[4] && claims(fields[4]),
    session: session(native, isSession ? token : written),
    // With the time that the first call read, so that both are of the same moment.
    json: printable(native.inspectTokenJson(handle, token, fields[5] ?? now, sessionId)),
    now: fields[5],
    createTime: fields[6],
    expireTime: fields[7],
    notBefore: fields[8],
    remainingLifetime: fields[9],
    findings,
    isRefused: fields[11],
  };
}

function claims(fields) {
  return {
    apiKey: fields[1],
    applicationId: fields[2],
    sessionId: fields[3],
    role: fields[4],
    createTime: fields[5],
    expireTime: fields[6],
    data: fields[7],
    classes: fields[8],
    nonce: fields[9],
  };
}

/** The parts of a session ID; null if there is none, or it is malformed. */
function session(native, id) {
  if (id === undefined) return null;
  try {
    const [owner, decoded] = native.sessionIdParts(id);
    // After the owner and the location, as far as IDs are known: milliseconds, or a date in words.
    return { owner, decoded, created: decoded.split('~')[3] ?? '' };
  } catch (error) {
    if (error.code === 'panic') throw error;
    return null;
  }
}
