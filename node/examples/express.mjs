// A backend with Express: whoever belongs to a room gets a token for the room's video session.
//
//   npm install tokmint express
//   export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ACCESS_TOKENS='{"a-long-random-string": "ada"}'
//   node express.mjs
//   curl -d '{"nickname": "Ada"}' -H 'Content-Type: application/json' \
//     -H 'Authorization: Bearer a-long-random-string' localhost:3000/rooms/physics/token
//
// For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two.

import express from 'express';
import { OpenTok, TokmintError } from 'tokmint';

const { TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY, TOKMINT_API_KEY, TOKMINT_API_SECRET } = process.env;
const { API_URL, ACCESS_TOKENS, PORT = '3000' } = process.env;

// Made once. Bad credentials end the start here, and not a request.
const opentok = TOKMINT_APPLICATION_ID
  ? OpenTok.forApplication(TOKMINT_APPLICATION_ID, TOKMINT_PRIVATE_KEY)
  : new OpenTok(TOKMINT_API_KEY, TOKMINT_API_SECRET);

// Replace these by your login and your own rule of who may join what, and as what.
const users = new Map(Object.entries(JSON.parse(ACCESS_TOKENS)));
const members = new Map(Object.entries({ ada: 'moderator', bob: 'publisher' }));
const rooms = new Map([['physics', members]]);

async function createSession() {
  const token = opentok.generateRestToken();
  const url = API_URL ?? (opentok.applicationId ? 'https://video.api.vonage.com' : 'https://api.opentok.com');
  const response = await fetch(`${url}/session/create`, {
    method: 'POST',
    headers: {
      ...(opentok.applicationId ? { Authorization: `Bearer ${token}` } : { 'X-OPENTOK-AUTH': token }),
      Accept: 'application/json',
    },
    body: new URLSearchParams({ archiveMode: 'manual', 'p2p.preference': 'disabled' }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`no session was created: ${response.status}`);
  const [{ session_id: sessionId }] = await response.json();
  return sessionId;
}

/** The first who comes creates it. In this process only: with several, keep it in your database. */
const sessions = new Map();
function sessionOf(room) {
  if (!sessions.has(room)) {
    const session = createSession();
    session.catch(() => sessions.delete(room));
    sessions.set(room, session);
  }
  return sessions.get(room);
}

const app = express();

function authenticate(request, response, next) {
  request.user = users.get(request.get('authorization')?.match(/^Bearer (.+)$/)?.[1]);
  if (!request.user) return response.status(401).json({ error: 'log in' });
  next();
}

app.post('/rooms/:room/token', authenticate, express.json(), async (request, response) => {
  const { user } = request;
  const { room } = request.params;
  // The role follows from who it is, never from the request.
  const role = rooms.get(room)?.get(user);
  if (!role) return response.status(404).json({ error: 'no such room' });
  const sessionId = await sessionOf(room);
  // Everybody in the session can read the data.
  const data = JSON.stringify({ user, nickname: request.body?.nickname });
  const token = opentok.generateToken(sessionId, { role, data, expiresIn: 3600 });
  response.json({ apiKey: opentok.apiKey ?? opentok.applicationId, sessionId, token });
});

// Express tells clients the stack of an error, unless NODE_ENV is `production`.
app.use((error, _request, response, _next) => {
  // 300 to 399 are the codes of options, and the nickname came from the client.
  if (error instanceof TokmintError && error.number >= 300 && error.number < 400) {
    return response.status(400).json({ error: error.code });
  }
  if (error.status < 500) return response.sendStatus(error.status);
  console.error(error);
  response.sendStatus(500);
});

const server = app.listen(Number(PORT), () => console.log(`listening on port ${server.address().port}`));
