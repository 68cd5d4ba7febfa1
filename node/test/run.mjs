// Packs the package, installs the tarball in a folder outside the repository as a user would, without install scripts,
// and runs the tests there: all, or those in the files given as arguments. With `--long` also what takes minutes, or
// 200 MB to install: more rounds of threads, and Bun and Deno. Run with `make test-node` or `make test-node-long`.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const node = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tokmint-test-'));

const isLong = process.argv.includes('--long');
const chosen = process.argv.slice(2).filter((argument) => argument !== '--long');

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

try {
  cpSync(import.meta.dirname, folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  // The key that the README and the programs read.
  cpSync(join(node, '../tests/vectors/private_key.pem'), join(folder, 'private.key'));
  must(node, 'npm', 'pack', '--silent', '--pack-destination', folder);
  const binary = readdirSync(node).find((name) => name.endsWith('.node'));
  const only = `--only=${binary.slice('tokmint.'.length, -'.node'.length)}`;
  must(node, process.execPath, 'scripts/platform-packages.mjs', join(folder, 'release'), only);
  must(node, process.execPath, 'scripts/build.mjs', '--deliberate-panic', join(folder, 'panic.node'));
  must(folder, 'npm', 'ci', '--ignore-scripts', '--silent');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  const runtimes = isLong ? ['bun@1.4.5', 'deno@2.9.6'] : [];
  must(folder, 'npm', 'install', '--ignore-scripts', '--silent', '--no-save', `./${tarball}`, ...runtimes);
  const files = chosen.length > 0 ? chosen : readdirSync(folder).filter((name) => name.endsWith('.test.mjs'));
  process.exitCode = run(folder, process.execPath, '--test', '--test-reporter', 'spec', ...files);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
