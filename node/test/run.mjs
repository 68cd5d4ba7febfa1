// Packs the package, installs the tarball in a folder outside the repository as a user would, without install scripts,
// and runs the tests there: those of the native binary, or those in the files given as arguments. With `--wasm` those of the
// WebAssembly module, some of which are the same without the binary. With `--long` all, and what takes minutes, or 700 MB to
// install: more rounds of threads, Bun, Deno, workerd and Next.js. Run with `make test-node`, `make test-wasm` or
// `make test-node-long`.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const node = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tokmint-test-'));

/** The files about the WebAssembly module, and those that run again with it. */
const WASM = ['wasm.test.mjs', 'bundlers.test.mjs'];
const AGAIN = ['api', 'applications', 'sessions', 'vectors'].map((name) => `${name}.test.mjs`);
/** What the long run installs: runtimes, and Next.js with what it needs. */
const LONG = ['bun@1.4.5', 'deno@2.9.6', 'miniflare@4.20260426.0', 'next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'];

const isLong = process.argv.includes('--long');
const isWasm = isLong || process.argv.includes('--wasm');
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

function run(cwd, program, ...args) {
  const { status, error } = spawnSync(program, args, {
    cwd,
    stdio: 'inherit',
    env: {
      ...process.env,
      TOKMINT_REPOSITORY: join(node, '..'),
      TOKMINT_LONG: isLong ? '1' : '',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    },
  });
  if (error) throw error;
  return status ?? 1;
}

function must(...command) {
  const status = run(...command);
  if (status !== 0) throw new Error(`${command.slice(1).join(' ')}: status ${status}`);
}

function runTests(files) {
  return run(folder, process.execPath, '--test', '--test-reporter', 'spec', ...files);
}

try {
  cpSync(import.meta.dirname, folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  // The key that the README and the programs read, and the vectors as programs import them.
  cpSync(join(node, '../tests/vectors/private_key.pem'), join(folder, 'private.key'));
  cpSync(join(node, '../tests/vectors'), join(folder, 'vectors'), { recursive: true });
  must(node, 'npm', 'pack', '--silent', '--pack-destination', folder);
  cpSync(join(node, 'run-vectors.mjs'), join(folder, 'run-vectors.mjs'));
  const binary = readdirSync(node).find((name) => name.endsWith('.node'));
  const only = `--only=${binary.slice('tokmint.'.length, -'.node'.length)}`;
  must(node, process.execPath, 'scripts/platform-packages.mjs', join(folder, 'release'), only);
  must(node, process.execPath, 'scripts/build.mjs', '--deliberate-panic', folder);
  must(folder, 'npm', 'ci', '--ignore-scripts', '--silent');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  must(folder, 'npm', 'install', '--ignore-scripts', '--silent', '--no-save', `./${tarball}`, ...(isLong ? LONG : []));
  const all = readdirSync(folder).filter((name) => name.endsWith('.test.mjs'));
  const own = all.filter((name) => isLong || WASM.includes(name) === isWasm);
  process.exitCode = runTests(chosen.length > 0 ? chosen : own);

  if (isWasm) {
    const installed = join(folder, 'node_modules/tokmint');
    for (const name of readdirSync(installed)) if (name.endsWith('.node')) rmSync(join(installed, name));
    console.log('\nAgain, without the native binary:');
    process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --disable-warning=TOKMINT_WASM`;
    process.exitCode = runTests(AGAIN) || process.exitCode;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
