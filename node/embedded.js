'use strict';

// The functions over the WebAssembly module that is embedded in wasm-base64.js, for which no file is read.

const instantiate = require('./wasm.js');
const base64 = require('./wasm-base64.js');

const binary = atob(base64);
const bytes = new Uint8Array(binary.length);
// Uint8Array.from takes 50 ms.
for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);

function compiled() {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    if (error.name !== 'CompileError') throw error;
    const advice = "a page with a Content-Security-Policy must have 'wasm-unsafe-eval' in its script-src";
    throw new Error(`the WebAssembly module of tokmint cannot be compiled here (${error.message}); ${advice}`);
  }
}

module.exports = instantiate(compiled());
