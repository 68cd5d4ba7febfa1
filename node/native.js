'use strict';

// Loads what does the work: the binary beside this file, or else the package of this platform, or else the WebAssembly
// module, with a warning. Nothing but the platform decides, because it sees the secret; in particular no environment
// variable does.

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

/** A binary or the module, if it is that of this version. */
function checked(native) {
  if (native.version() === version) return native;
  throw new Error(`it is version ${native.version()}, but tokmint is ${version}`);
}

function reason(place, error) {
  const message = String(error.message).split('\n', 1)[0];
  const isFound = !/^(not found|Cannot find module)/.test(message);
  return `${place}: ${isFound ? 'found, but not loaded: ' : ''}${message}`;
}

/**
 * The binary, or else why there is none and what to do. Bundlers follow none of these calls: they leave the binary out,
 * and need no loader for it. Tools that copy the files of a program, such as that of Next.js, do follow `process.dlopen`
 * with a path from `__dirname`.
 */
function loadBinary() {
  const failures = [];
  let advice =
    'This is a bundle, which holds no binary. To use the binary, keep tokmint out of the bundle (external), as the ' +
    'README of tokmint shows.';
  try {
    const { existsSync } = require('node:fs');
    const { createRequire } = require('node:module');
    const path = require('node:path');
    if (existsSync(path.join(__dirname, 'native.js')))
      advice = 'Install tokmint on the machine that runs it, with optional dependencies.';
    for (const platform of platforms()) {
      const places = {
        [`./tokmint.${platform}.node`](addon) {
          if (!existsSync(path.join(__dirname, `tokmint.${platform}.node`))) throw new Error('not found');
          process.dlopen(addon, path.join(__dirname, `tokmint.${platform}.node`));
        },
        [`@tokmint/${platform}`](addon) {
          // Where npm and pnpm put it, and else where Node finds it.
          if (existsSync(path.join(__dirname, `../@tokmint/${platform}/tokmint.${platform}.node`)))
            process.dlopen(addon, path.join(__dirname, `../@tokmint/${platform}/tokmint.${platform}.node`));
          else addon.exports = createRequire(__filename)(`@tokmint/${platform}`);
        },
      };
      for (const [place, open] of Object.entries(places)) {
        try {
          const addon = { exports: {} };
          open(addon);
          return { native: checked(addon.exports) };
        } catch (error) {
          failures.push(reason(place, error));
          if (error.code === 'ERR_DLOPEN_DISABLED') advice = 'Start Node without --no-addons, or with --allow-addons.';
        }
      }
    }
  } catch (error) {
    // In a bundle that is an ES module there is no `require` and no `__dirname`.
    failures.push(`a binary: ${error.message}`);
  }
  return { failures, advice };
}

/** This machine, for a person. Asked only after a failure: the report takes long to make. */
function machine() {
  const { platform, arch, report } = process;
  if (platform !== 'linux' || !report) return `${platform} ${arch}`;
  // Otherwise it looks up the names of all hosts to which there are connections.
  const { excludeNetwork } = report;
  report.excludeNetwork = true;
  const { glibcVersionRuntime } = report.getReport().header;
  report.excludeNetwork = excludeNetwork;
  return `${platform} ${arch} (${glibcVersionRuntime ? `glibc ${glibcVersionRuntime}` : 'no glibc, so probably musl'})`;
}

function load() {
  // What is not like Node has no binaries and no warnings, and Deno would ask for permissions.
  if (typeof process !== 'object' || process.versions?.deno) return checked(require('./embedded.js'));
  const { native, failures, advice } = loadBinary();
  if (native) return native;
  const title = () => `tokmint could not load a native binary for ${machine()}`;
  const tried = () => `Tried:\n  ${failures.join('\n  ')}\n${advice}`;
  let portable;
  try {
    portable = checked(require('./embedded.js'));
  } catch (error) {
    failures.push(reason('./embedded.js', error));
    throw new Error(`${title()}. ${tried()}`);
  }
  try {
    process.emitWarning(`${title()}, so it runs as WebAssembly, which is slower`, {
      type: 'TokmintWarning',
      code: 'TOKMINT_WASM',
      detail: `${tried()}\n--disable-warning=TOKMINT_WASM silences this.`,
    });
  } catch {
    // A program may have frozen or replaced what a warning needs.
  }
  return portable;
}

module.exports = load();
