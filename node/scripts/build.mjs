// Puts everything into the package that is not written by hand: the native binary for this machine, the WebAssembly
// module, ES modules of what is written as CommonJS, the vectors and the licences. npm runs it before it packs
// (`prepack`); nothing runs when the package is installed.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const node = join(import.meta.dirname, '..');
const root = join(node, '..');

/** This machine's platform, as native.js names it. */
function platform() {
  const machine = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux') {
    return `${machine}-${process.report.getReport().header.glibcVersionRuntime ? 'gnu' : 'musl'}`;
  }
  return process.platform === 'win32' ? `${machine}-msvc` : machine;
}

/** Builds the binary, with more of cargo's arguments before `--`, and returns its path. */
function build(...options) {
  const cargo = spawnSync(
    'cargo',
    [
      'rustc',
      '--locked',
      '--package',
      'tokmint-node',
      '--message-format',
      'json-render-diagnostics',
      ...options,
      '--',
      '-C',
      'strip=symbols',
    ],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 },
  );
  if (cargo.status !== 0) throw new Error(`cargo failed: ${cargo.error ?? `status ${cargo.status}`}`);
  const artifacts = cargo.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const library = artifacts.find(({ target }) => target?.name === 'tokmint_node' && target.kind.includes('cdylib'));
  return library.filenames.find((name) => /\.(so|dylib|dll)$/.test(name));
}

/** Builds the WebAssembly module into a file, as `make wasm` does, with more of cargo's arguments. */
function buildModule(path, ...options) {
  const { status, error } = spawnSync('sh', [join(root, 'bindings/wasm/build.sh'), path, ...options], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`bindings/wasm/build.sh failed: ${error ?? `status ${status}`}`);
}

/**
 * Writes a file again as an ES module, for browsers and runtimes without CommonJS: each `require` of the sources is a
 * whole statement, and so is what they export.
 */
function writeModule(name) {
  const source = readFileSync(join(node, `${name}.js`), 'utf8');
  const module = source
    .replace(/^'use strict';\n+/, '')
    .replaceAll(/^const (\w+) = require\('\.\/([\w-]+)\.js'\);$/gm, "import $1 from './$2.mjs';")
    .replace(/^module\.exports = (?=\{)/m, 'export ')
    .replace(/^module\.exports = /m, 'export default ');
  if (/\brequire\(|\bmodule\.exports\b/.test(module)) throw new Error(`${name}.js is not like an ES module`);
  writeFileSync(join(node, `${name}.mjs`), `// Generated from ${name}.js.\n${module}`);
}

/** `node build.mjs --deliberate-panic FOLDER`: the binary and the module for the tests of panics, and nothing else. */
const [option, folder] = process.argv.slice(2);
if (option === '--deliberate-panic') {
  const features = ['--features', 'deliberate-panic'];
  copyFileSync(build('--release', ...features), join(folder, 'panic.node'));
  buildModule(resolve(folder, 'panic.wasm'), ...features);
} else {
  // A binary of another platform may lie here from a release.
  for (const name of readdirSync(node)) if (name.endsWith('.node')) rmSync(join(node, name));
  copyFileSync(build('--release'), join(node, `tokmint.${platform()}.node`));
  buildModule(join(node, 'tokmint.wasm'));
  const base64 = readFileSync(join(node, 'tokmint.wasm'), 'base64');
  writeFileSync(join(node, 'wasm-base64.js'), `'use strict';\n\nmodule.exports = '${base64}';\n`);
  for (const name of ['api', 'wasm', 'wasm-base64', 'embedded', 'browser', 'run-vectors']) writeModule(name);
  mkdirSync(join(node, 'vectors'), { recursive: true });
  for (const name of ['generate', 'verify', 'errors', 'inspect', 'rest', 'keys']) {
    const vectors = readFileSync(join(root, `tests/vectors/${name}.json`));
    writeFileSync(join(node, `vectors/${name}.json.gz`), gzipSync(vectors));
  }
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE', 'LICENSE-THIRD-PARTY'])
    copyFileSync(join(root, name), join(node, name));
}
