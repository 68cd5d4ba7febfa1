#!/usr/bin/env node
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

function main(args) {
  if (args.length !== 1 || args[0] !== 'self-test') {
    console.error('Usage: tokmint self-test\n\nRuns the test vectors in this package on this machine.');
    return 2;
  }
  const { count, failed } = run();
  for (const failure of failed) console.error(`FAILED ${failure}`);
  const where = `tokmint ${version} on ${process.platform} ${process.arch}, Node ${process.version}`;
  console.log(`${where}: ${count - failed.length} of ${count} vectors passed`);
  return failed.length === 0 && count > 0 ? 0 : 1;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));

module.exports = helpers;
