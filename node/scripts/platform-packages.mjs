// Lays out a release in a folder: the package of each platform, with its binary if it is there, and the main package
// without binaries, which names them as optional dependencies. npm then installs the one whose os, cpu and libc fit.
//
//   node platform-packages.mjs FOLDER [FOLDER-WITH-BINARIES]
//
// The package.json in the repository has no optional dependencies, and its tarball holds the binary of the machine that
// packed it, because until a release is published there is nothing for npm to find under those names.

import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PLATFORMS = {
  'linux-x64-gnu': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'linux-arm64-gnu': { os: ['linux'], cpu: ['arm64'], libc: ['glibc'] },
  'linux-arm64-musl': { os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
  'darwin-x64': { os: ['darwin'], cpu: ['x64'] },
  'darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
  'win32-x64-msvc': { os: ['win32'], cpu: ['x64'] },
  'win32-arm64-msvc': { os: ['win32'], cpu: ['arm64'] },
};

const node = join(import.meta.dirname, '..');
const [folder, binaries = node] = process.argv.slice(2).map((path) => resolve(path));
if (!folder) throw new Error('usage: node platform-packages.mjs FOLDER [FOLDER-WITH-BINARIES]');

const main = JSON.parse(readFileSync(join(node, 'package.json'), 'utf8'));
const write = (path, content) => writeFileSync(join(path, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
const licences = (path) => {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) copyFileSync(join(node, name), join(path, name));
};

for (const [platform, fits] of Object.entries(PLATFORMS)) {
  const path = join(folder, 'npm', platform);
  mkdirSync(path, { recursive: true });
  const binary = `tokmint.${platform}.node`;
  const { version, license, repository, engines } = main;
  const description = `The binary of tokmint for ${platform}`;
  write(path, {
    name: `@tokmint/${platform}`,
    version,
    description,
    license,
    repository,
    engines,
    ...fits,
    main: binary,
    files: [binary, 'LICENSE-*'],
  });
  licences(path);
  if (existsSync(join(binaries, binary))) copyFileSync(join(binaries, binary), join(path, binary));
}

const path = join(folder, 'tokmint');
mkdirSync(path, { recursive: true });
const { scripts, devDependencies, ...published } = main;
published.files = main.files.filter((file) => !file.endsWith('.node'));
published.optionalDependencies = Object.fromEntries(
  Object.keys(PLATFORMS).map((name) => [`@tokmint/${name}`, main.version]),
);
write(path, published);
for (const name of ['README.md', ...published.files.filter((file) => !file.includes('*'))]) {
  copyFileSync(join(node, name), join(path, name));
}
cpSync(join(node, 'vectors'), join(path, 'vectors'), { recursive: true });
licences(path);
