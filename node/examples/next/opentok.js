// What the route handlers share. For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY.

import { OpenTok } from 'tokmint';

let made;

/** Made once, and not where the module is loaded: `next build` loads it as well, without credentials. */
export function opentok() {
  const { TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY, TOKMINT_API_KEY, TOKMINT_API_SECRET } = process.env;
  made ??= TOKMINT_APPLICATION_ID
    ? OpenTok.forApplication(TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY)
    : new OpenTok(TOKMINT_API_KEY, TOKMINT_API_SECRET);
  return made;
}

export async function createSession() {
  const { applicationId } = opentok();
  const token = opentok().generateRestToken();
  const url = process.env.API_URL ?? (applicationId ? 'https://video.api.vonage.com' : 'https://api.opentok.com');
  const response = await fetch(`${url}/session/create`, {
    method: 'POST',
    headers: {
      ...(applicationId ? { Authorization: `Bearer ${token}` } : { 'X-OPENTOK-AUTH': token }),
      Accept: 'application/json',
    },
    body: new URLSearchParams({ archiveMode: 'manual', 'p2p.preference': 'disabled' }),
    cache: 'no-store',
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`no session was created: ${response.status}`);
  const [{ session_id: sessionId }] = await response.json();
  return sessionId;
}
