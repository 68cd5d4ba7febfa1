// A backend with Fastify: whoever belongs to a room gets a token for the room's video session.
//
//   npm install tokmint fastify
//   export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ACCESS_TOKENS='{"a-long-random-string": "ada"}'
//   node fastify.mjs
//   curl -d '{"nickname": "Ada"}' -H 'Content-Type: application/json' \
//     -H 'Authorization: Bearer a-long-random-string' localhost:3000/rooms/physics/token
//
// For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two.

import Fastify from 'fastify';
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

const app = Fastify({ logger: true });

app.decorateRequest('user', null);

async function authenticate(request, reply) {
  request.user = users.get(request.headers.authorization?.match(/^Bearer (.+)$/)?.[1]);
  if (!request.user) return reply.code(401).send({ error: 'log in' });
}

const body = { type: 'object', properties: { nickname: { type: 'string' } }, required: ['nickname'] };

app.post('/rooms/:room/token', { onRequest: authenticate, schema: { body } }, async (request, reply) => {
  const { user } = request;
  const { room } = request.params;
  // The role follows from who it is, never from the request.
  const role = rooms.get(room)?.get(user);
  if (!role) return reply.code(404).send({ error: 'no such room' });
  const sessionId = await sessionOf(room);
  // Everybody in the session can read the data.
  const data = JSON.stringify({ user, nickname: request.body.nickname });
  const token = opentok.generateToken(sessionId, { role, data, expiresIn: 3600 });
  return { apiKey: opentok.apiKey ?? opentok.applicationId, sessionId, token };
});

// Fastify tells clients the message of an error.
app.setErrorHandler((error, request, reply) => {
  // 300 to 399 are the codes of options, and the nickname came from the client.
  if (error instanceof TokmintError && error.number >= 300 && error.number < 400) {
    return reply.code(400).send({ error: error.code });
  }
  if (error.statusCode < 500) return reply.send(error);
  request.log.error(error);
  return reply.code(500).send();
});

await app.listen({ port: Number(PORT) });
