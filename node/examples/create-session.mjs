// Creates a session with one HTTP call, and prints its ID and a token that admits somebody to it. Run it with the
// credentials of an application:
//
//   TOKMINT_APPLICATION_ID=... TOKMINT_PRIVATE_KEY="$(cat private.key)" node create-session.mjs
//
// or with those of a project: TOKMINT_API_KEY=... TOKMINT_API_SECRET=... node create-session.mjs

import { OpenTok } from 'tokmint';

const { TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY, TOKMINT_API_KEY, TOKMINT_API_SECRET, API_URL } = process.env;

const opentok = TOKMINT_APPLICATION_ID
  ? OpenTok.forApplication(TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY)
  : new OpenTok(TOKMINT_API_KEY, TOKMINT_API_SECRET);

/** The server and the header of each kind of credentials. A token is for one call or a few: it lives for minutes. */
function rest(opentok) {
  const token = opentok.generateRestToken();
  return opentok.applicationId
    ? { url: 'https://video.api.vonage.com', headers: { Authorization: `Bearer ${token}` } }
    : { url: 'https://api.opentok.com', headers: { 'X-OPENTOK-AUTH': token } };
}

/** Options as the platform documents them: `archiveMode`, `location`, `'p2p.preference'`. */
async function createSession(opentok, options = {}) {
  const { url, headers } = rest(opentok);
  const response = await fetch(`${API_URL ?? url}/session/create`, {
    method: 'POST',
    headers: { ...headers, Accept: 'application/json' },
    body: new URLSearchParams(options),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`no session was created: ${response.status} ${await response.text()}`);
  const [session] = await response.json();
  return session.session_id;
}

// Routed: through the platform's media router, which archives and more than two participants need.
const sessionId = await createSession(opentok, { archiveMode: 'manual', 'p2p.preference': 'disabled' });
console.log(sessionId);
console.log(opentok.generateToken(sessionId, { role: 'moderator' }));
