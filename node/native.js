'use strict';

// Loads the native half: the binary beside this file, or else the package of this platform, or else the WebAssembly
// module, with a warning. Nothing but the platform decides, because the native half sees the secret; in particular no
// environment variable does.

const { version } = require('./package.json');

/** The names that a binary for this machine can have. On Linux, only the one for the right libc will load. */
function platforms() {
  const machine = `${process.platform}-${process.arch}`;
  switch (process.platform) {
    case 'linux':
      return [`${machine}-gnu`, `${machine}-musl`];
    case 'win32':
      return [`${machine}-msvc`];
    default:
      return [machine];
  }
}

/**
 * How to load a binary, and whether this file is part of a bundle. Bundlers do not follow a function that createRequire
 * has made, so they leave the binaries out and need no loader for them. Tools that copy the files of a program do follow
 * it, if requests are spelled out. All of it throws in a bundle that is an ES module.
 */
function loader() {
  const { createRequire } = require('node:module');
  const load = createRequire(__filename);
  let isBundled = true;
  try {
    isBundled = load('./package.json').name !== 'tokmint';
  } catch {}
  const released = {
    './tokmint.darwin-arm64.node': () => load('./tokmint.darwin-arm64.node'),
    './tokmint.darwin-x64.node': () => load('./tokmint.darwin-x64.node'),
    './tokmint.linux-arm64-gnu.node': () => load('./tokmint.linux-arm64-gnu.node'),
    './tokmint.linux-arm64-musl.node': () => load('./tokmint.linux-arm64-musl.node'),
    './tokmint.linux-x64-gnu.node': () => load('./tokmint.linux-x64-gnu.node'),
    './tokmint.linux-x64-musl.node': () => load('./tokmint.linux-x64-musl.node'),
    './tokmint.win32-arm64-msvc.node': () => load('./tokmint.win32-arm64-msvc.node'),
    './tokmint.win32-x64-msvc.node': () => load('./tokmint.win32-x64-msvc.node'),
    '@tokmint/darwin-arm64': () => load('@tokmint/darwin-arm64'),
    '@tokmint/darwin-x64': () => load('@tokmint/darwin-x64'),
    '@tokmint/linux-arm64-gnu': () => load('@tokmint/linux-arm64-gnu'),
    '@tokmint/linux-arm64-musl': () => load('@tokmint/linux-arm64-musl'),
    '@tokmint/linux-x64-gnu': () => load('@tokmint/linux-x64-gnu'),
    '@tokmint/linux-x64-musl': () => load('@tokmint/linux-x64-musl'),
    '@tokmint/win32-arm64-msvc': () => load('@tokmint/win32-arm64-msvc'),
    '@tokmint/win32-x64-msvc': () => load('@tokmint/win32-x64-msvc'),
  };
  return { isBundled, attempt: (request) => (released[request] ?? (() => load(request)))() };
}

/** The native half, if it is that of this version. */
function checked(native) {
  if (native.version() === version) return native;
  throw new Error(`it is version ${native.version()}, but tokmint is ${version}`);
}

function reason(request, error) {
  const message = String(error.message).split('\n', 1)[0];
  const isFound = !/^(Cannot find module|Module not found)/.test(message);
  return `${request}: ${isFound ? 'found, but not loaded: ' : ''}${message}`;
}

/** The binary, or else why there is none and what to do. */
function loadBinary() {
  const failures = [];
  let advice = 'In a bundle, keep tokmint external to have the binary, as the README of tokmint shows.';
  try {
    const { isBundled, attempt } = loader();
    if (!isBundled) advice = 'Install tokmint on the machine that runs it, with optional dependencies.';
    for (const platform of platforms()) {
      for (const request of [`./tokmint.${platform}.node`, `@tokmint/${platform}`]) {
        try {
          return { native: checked(attempt(request)) };
        } catch (error) {
          failures.push(reason(request, error));
          if (error.code === 'ERR_DLOPEN_DISABLED') advice = 'Start Node without --no-addons, or with --allow-addons.';
        }
      }
    }
  } catch (error) {
    // A bundle has no name of its own file, or no `require`.
    failures.push(`a binary: ${error.message}`);
  }
  return { failures, advice };
}

/** This machine, for a person. Asked only after a failure: the report takes long to make. */
function machine() {
  const { platform, arch, report } = process;
  if (platform !== 'linux') return `${platform} ${arch}`;
  // Otherwise it looks up the names of all hosts to which there are connections.
  const { excludeNetwork } = report;
  report.excludeNetwork = true;
  const { glibcVersionRuntime } = report.getReport().header;
  report.excludeNetwork = excludeNetwork;
  return `${platform} ${arch} (${glibcVersionRuntime ? `glibc ${glibcVersionRuntime}` : 'no glibc, so probably musl'})`;
}

function load() {
  // Not Node, nor anything that has binaries or warnings.
  if (typeof process !== 'object') return checked(require('./embedded.js'));
  const { native, failures, advice } = loadBinary();
  if (native) return native;
  const title = `tokmint could not load a native binary for ${machine()}`;
  const tried = () => `Tried:\n  ${failures.join('\n  ')}\n${advice}`;
  try {
    const portable = checked(require('./embedded.js'));
    process.emitWarning(`${title}, so it runs as WebAssembly, which is slower`, {
      type: 'TokmintWarning',
      code: 'TOKMINT_WASM',
      detail: `${tried()}\n--disable-warning=TOKMINT_WASM silences this.`,
    });
    return portable;
  } catch (error) {
    failures.push(reason('./embedded.js', error));
    throw new Error(`${title}. ${tried()}`);
  }
}

module.exports = load();
