#!/usr/bin/env node
'use strict';

// `npx tokmint`: the command line, which the native binary runs on the streams of this process. The self-test is that of
// this package, which runs with the WebAssembly module too.

const native = require('./native.js');

const NO_BINARY =
  'tokmint: here the command line can only do `self-test`, since it is in the native binary, which is missing: install ' +
  'tokmint with its optional dependencies on a platform that has one, or use the program `tokmint` of a release';

function main(args) {
  if (native.runCommandLine) {
    const status = native.runCommandLine(args);
    if (status !== null) return status;
  } else if (args.length !== 1 || args[0] !== 'self-test') {
    console.error(NO_BINARY);
    return 2;
  }
  return require('./self-test.js').main();
}

process.exitCode = main(process.argv.slice(2));
