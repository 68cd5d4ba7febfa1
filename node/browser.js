'use strict';

// What a browser gets: everything but what takes a secret.

const api = require('./api.js');
const native = require('./embedded.js');

function refuse() {
  throw Object.assign(
    new Error(
      'an API secret or a private key must not be in a browser, where everybody can read it: generate tokens on your ' +
        'server, and give the browser the token only',
    ),
    { code: 'secret_in_browser' },
  );
}

const { OpenTok, Session, TokmintError, inspectToken } = api({
  ...native,
  create: refuse,
  createForApplication: refuse,
});

module.exports = { OpenTok, Session, TokmintError, inspectToken };
