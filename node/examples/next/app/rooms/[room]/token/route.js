// A route handler of Next.js: whoever belongs to a room gets a token for the room's video session.
//
//   npm install tokmint next react react-dom
//   npx next build
//   export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ACCESS_TOKENS='{"a-long-random-string": "ada"}'
//   npx next start
//   curl -d '{"nickname": "Ada"}' -H 'Authorization: Bearer a-long-random-string' localhost:3000/rooms/physics/token

import { TokmintError } from 'tokmint';
import { createSession, opentok } from '../../../../opentok.js';

export const runtime = 'nodejs';

// Replace these by your login and your own rule of who may join what, and as what.
const users = () => new Map(Object.entries(JSON.parse(process.env.ACCESS_TOKENS)));
const members = new Map(Object.entries({ ada: 'moderator', bob: 'publisher' }));
const rooms = new Map([['physics', members]]);

/** The first who comes creates it. In this process only: keep it in your database, since most hosts start several. */
const sessions = new Map();
function sessionOf(room) {
  if (!sessions.has(room)) {
    const session = createSession();
    session.catch(() => sessions.delete(room));
    sessions.set(room, session);
  }
  return sessions.get(room);
}

export async function POST(request, { params }) {
  const user = users().get(request.headers.get('authorization')?.match(/^Bearer (.+)$/)?.[1]);
  if (!user) return Response.json({ error: 'log in' }, { status: 401 });
  const { room } = await params;
  // The role follows from who it is, never from the request.
  const role = rooms.get(room)?.get(user);
  if (!role) return Response.json({ error: 'no such room' }, { status: 404 });
  const body = await request.json().catch(() => null);
  try {
    const sessionId = await sessionOf(room);
    // Everybody in the session can read the data.
    const data = JSON.stringify({ user, nickname: body?.nickname });
    const token = opentok().generateToken(sessionId, { role, data, expiresIn: 3600 });
    return Response.json({ apiKey: opentok().apiKey ?? opentok().applicationId, sessionId, token });
  } catch (error) {
    // 300 to 399 are the codes of options, and the nickname came from the client.
    if (error instanceof TokmintError && error.number >= 300 && error.number < 400) {
      return Response.json({ error: error.code }, { status: 400 });
    }
    console.error(error);
    return new Response(null, { status: 500 });
  }
}
