'use strict';

// Loads the native half: the binary beside this file, or else the package of this platform. Nothing but the platform
// decides what is loaded, because the binary sees the secret; in particular no environment variable does.

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

function load() {
  const failures = [];
  let advice =
    'Install tokmint on the machine that runs it, with optional dependencies. ' +
    'In a bundle, keep tokmint external or copy the binary, as the README of tokmint shows.';
  for (const platform of platforms()) {
    // The requests are spelled out so that bundlers find the binary.
    const attempts = [
      [`./tokmint.${platform}.node`, () => require(`./tokmint.${platform}.node`)],
      [`@tokmint/${platform}`, () => require(`@tokmint/${platform}`)],
    ];
    for (const [request, attempt] of attempts) {
      try {
        const native = attempt();
        if (typeof native?.version !== 'function')
          throw new Error(`a bundler replaced it by a value (${typeof native})`);
        if (native.version() === version) return native;
        throw new Error(`it is version ${native.version()}, but tokmint is ${version}`);
      } catch (error) {
        const message = String(error.message).split('\n', 1)[0];
        const isFound = !/^(Cannot find module|Module not found|Dynamic require)/.test(message);
        failures.push(`${request}: ${isFound ? 'found, but not loaded: ' : ''}${message}`);
        if (error.code === 'ERR_DLOPEN_DISABLED') advice = 'Start Node without --no-addons, or with --allow-addons.';
      }
    }
  }
  const target = `${process.platform} ${process.arch}${libc()}`;
  throw new Error(
    `tokmint could not load a native binary for ${target}. Tried:\n  ${failures.join('\n  ')}\n${advice}`,
  );
}

/** The C library, for a person. Asked only after a failure: the report takes long to make. */
function libc() {
  if (process.platform !== 'linux') return '';
  const { glibcVersionRuntime } = process.report.getReport().header;
  return glibcVersionRuntime ? ` (glibc ${glibcVersionRuntime})` : ' (no glibc, so probably musl)';
}

module.exports = load();
