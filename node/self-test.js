'use strict';

// `npx tokmint self-test`: runs the vectors in the package through its public API, on the machine where it is used.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { gunzipSync } = require('node:zlib');
const api = require('./index.js');
const { version } = require('./package.json');
const runVectors = require('./run-vectors.js');

const read = (file) => JSON.parse(gunzipSync(readFileSync(join(__dirname, 'vectors', `${file}.json.gz`))));
const { run, ...helpers } = runVectors(api, read);

/** Prints how many vectors pass, and those that do not, and returns the exit status. */
function main() {
  const { count, failed } = run();
  for (const failure of failed) console.error(`FAILED ${failure}`);
  const where = `tokmint ${version} on ${process.platform} ${process.arch}, Node ${process.version}`;
  console.log(`${where}: ${count - failed.length} of ${count} vectors passed`);
  return failed.length === 0 && count > 0 ? 0 : 1;
}

module.exports = { main, ...helpers };
