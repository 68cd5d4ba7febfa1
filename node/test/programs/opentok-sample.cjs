// A web application on `opentok`, with the flow of its samples: a session for each room, and a token for each visitor.
// The tests run it as it is, and with `opentok` changed to `tokmint/opentok`.

const express = require('express');
const OpenTok = require('opentok');

const { API_KEY, API_SECRET, API_URL, SESSION_OF_OTHER_PROJECT } = process.env;
const opentok = new OpenTok(API_KEY, API_SECRET, API_URL);
const rooms = new Map();

const tokens = {
  visitor: (session) => opentok.generateToken(session.sessionId),
  host: (session) =>
    session.generateToken({
      role: 'moderator',
      expireTime: Date.now() / 1000 + 7 * 24 * 60 * 60,
      data: 'name=Johnny',
      initialLayoutClassList: ['focus'],
    }),
  viewer: (session) => opentok.generateToken(session.sessionId, { role: 'subscriber', data: null }, true),
  stranger: () => opentok.generateToken(SESSION_OF_OTHER_PROJECT),
};

const app = express();
app.get('/room/:room/:visitor', (request, response) => {
  const { room, visitor } = request.params;
  const reply = (error, session) => {
    if (error) return response.status(500).json({ error: error.message });
    rooms.set(room, session);
    try {
      response.json({ apiKey: API_KEY, sessionId: session.sessionId, token: tokens[visitor](session) });
    } catch (refused) {
      response.status(400).json({ error: refused.message });
    }
  };
  if (rooms.has(room)) reply(null, rooms.get(room));
  else opentok.createSession({ mediaMode: 'routed' }, reply);
});
const server = app.listen(0, () => console.log(`http://localhost:${server.address().port}`));
