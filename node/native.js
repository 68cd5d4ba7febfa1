'use strict';

// Loads the native half: the binary beside this file, or else the package of this platform. Nothing but the platform
// decides what is loaded, for it will see the secret; in particular no environment variable does.

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
  for (const platform of platforms()) {
    // The requests are spelled out so that bundlers find the binary.
    const attempts = [
      [`./tokmint.${platform}.node`, () => require(`./tokmint.${platform}.node`)],
      [`@tokmint/${platform}`, () => require(`@tokmint/${platform}`)],
    ];
    for (const [request, attempt] of attempts) {
      try {
        const native = attempt();
        if (native.version() === version) return native;
        failures.push(`${request}: is version ${native.version()}, but tokmint is ${version}`);
      } catch (error) {
        failures.push(`${request}: ${String(error.message).split('\n', 1)[0]}`);
      }
    }
  }
  throw new Error(
    `tokmint found no native binary for ${process.platform} ${process.arch}${libc()}. Tried:\n  ${failures.join('\n  ')}\n` +
      'Install tokmint on the machine that runs it, with optional dependencies, and keep it out of bundles.',
  );
}

/** The C library, for a person. Asked only after a failure: the report takes long to make. */
function libc() {
  if (process.platform !== 'linux') return '';
  const { glibcVersionRuntime } = process.report.getReport().header;
  return glibcVersionRuntime ? ` (glibc ${glibcVersionRuntime})` : ' (no glibc, so probably musl)';
}

module.exports = load();
