// Loads tokmint, and at a message signs and verifies until it is terminated.
'use strict';

const { readFileSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');
const { OpenTok } = require('tokmint');

const SESSION_ID = '1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4';

parentPort.on('message', () => {
  parentPort.postMessage('busy');
  const application = OpenTok.forApplication('a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9', readFileSync('private.key'));
  for (;;) {
    application.generateRestToken();
    const opentok = new OpenTok('123456', '1234567890abcdef1234567890abcdef1234567890');
    opentok.verifyToken(opentok.generateToken(SESSION_ID));
    for (const token of opentok.session(SESSION_ID).generateTokens([{}, {}])) opentok.verifyToken(token);
    try {
      opentok.verifyToken('x');
    } catch {
      // Errors are made while threads end, too.
    }
  }
});
parentPort.postMessage('loaded');
