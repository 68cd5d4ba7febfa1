// A server that admits its users to a video session. Run it with:
//
//   TOKMINT_API_KEY=... TOKMINT_API_SECRET=... SESSION_ID=... node express.mjs
//
// Then `curl -X POST localhost:3000/token -H 'x-user: ada'` returns a token.

import express from 'express';
import { OpenTok, TokmintError } from 'tokmint';

const { TOKMINT_API_KEY, TOKMINT_API_SECRET, SESSION_ID, PORT = '3000' } = process.env;

// Made once: credentials are checked here, when the server starts, not when the first user comes.
const opentok = new OpenTok(TOKMINT_API_KEY, TOKMINT_API_SECRET);
const app = express();
app.use(express.json());

/** Replace it by your own login. */
function authenticate(request, response, next) {
  const name = request.get('x-user');
  if (!name) return response.status(401).json({ error: 'who are you?' });
  request.user = { name, role: name === 'ada' ? 'moderator' : 'publisher' };
  next();
}

app.post('/token', authenticate, (request, response) => {
  // The role comes from the login, never from the request.
  const { name, role } = request.user;
  const token = opentok.generateToken(SESSION_ID, { role, data: JSON.stringify({ name }), expiresIn: 3600 });
  response.json({ apiKey: opentok.apiKey, sessionId: SESSION_ID, token });
});

// A service that receives a token can read its claims.
app.post('/whoami', (request, response) => {
  const { role, data } = opentok.verifyToken(String(request.body?.token), { sessionId: SESSION_ID });
  response.json({ role, ...JSON.parse(data) });
});

app.use((error, _request, response, next) => {
  if (!(error instanceof TokmintError)) return next(error);
  // The message holds neither the secret nor the token.
  console.error(error.message);
  response.status(403).json({ error: error.code });
});

const server = app.listen(Number(PORT), () => console.log(`listening on port ${server.address().port}`));
