// What the official Node SDK of Vonage does, for vonage_node_sdk.py: a JSON array of requests on standard input, the
// array of results on standard output. It runs where package-lock.json was installed (target/oracle/node).
//
// The clock and the source of UUIDs are replaced for each request, so that a token can be compared byte for byte.

const { Auth } = require('@vonage/auth');
const { tokenGenerate, verifySignature } = require('@vonage/jwt');
const { Video } = require('@vonage/video');

let frozen = { now: 0, uuid: '' };

class FrozenDate extends Date {
  constructor(...parts) {
    super(...(parts.length ? parts : [FrozenDate.now()]));
  }

  static now() {
    return frozen.now * 1000;
  }
}

globalThis.Date = FrozenDate;
globalThis.crypto.randomUUID = () => frozen.uuid;

const video = (applicationId, privateKey) => new Video(new Auth({ applicationId, privateKey }));

const calls = {
  generateClientToken: ({ application_id, private_key, session_id, options }) =>
    video(application_id, private_key).generateClientToken(session_id, options),
  tokenGenerate: ({ application_id, private_key, options }) => tokenGenerate(application_id, private_key, options),
  verifySignature: ({ token, key }) => verifySignature(token, key),
};

const input = [];
process.stdin.on('data', (chunk) => input.push(chunk));
process.stdin.on('end', () => {
  const results = JSON.parse(Buffer.concat(input).toString()).map((request) => {
    frozen = request;
    return calls[request.call](request);
  });
  process.stdout.write(JSON.stringify(results));
});
