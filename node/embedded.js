'use strict';

// The functions over the WebAssembly module that is embedded in wasm-base64.js, for which no file is read.

const instantiate = require('./wasm.js');
const base64 = require('./wasm-base64.js');

const binary = atob(base64);
const bytes = new Uint8Array(binary.length);
// Uint8Array.from takes 50 ms.
for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);

module.exports = instantiate(new WebAssembly.Module(bytes));
