// Packs the package, installs the tarball in a folder outside the repository as a user would, without install scripts,
// and runs the tests there: all, or those in the files given as arguments. Run with `make test-node`.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const node = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'tokmint-test-'));

function run(cwd, program, ...args) {
  const { status, error } = spawnSync(program, args, {
    cwd,
    stdio: 'inherit',
    env: { ...process.env, TOKMINT_REPOSITORY: join(node, '..'), npm_config_audit: 'false', npm_config_fund: 'false' },
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
  must(node, 'npm', 'pack', '--silent', '--pack-destination', folder);
  must(node, process.execPath, 'scripts/platform-packages.mjs', join(folder, 'release'));
  must(node, process.execPath, 'scripts/build.mjs', '--deliberate-panic', join(folder, 'panic.node'));
  must(folder, 'npm', 'ci', '--ignore-scripts', '--silent');
  must(folder, 'npm', 'install', '--ignore-scripts', '--silent', '--no-save', './tokmint-0.1.0.tgz');
  const arguments_ = process.argv.slice(2);
  const files = arguments_.length > 0 ? arguments_ : readdirSync(folder).filter((name) => name.endsWith('.test.mjs'));
  process.exitCode = run(folder, process.execPath, '--test', '--test-reporter', 'spec', ...files);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
