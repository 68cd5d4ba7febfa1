// Lays out a release in a folder: the package of each platform with its binary, and the main package without binaries,
// which names them as optional dependencies. npm then installs the one whose os, cpu and libc fit.
//
//   node platform-packages.mjs FOLDER [FOLDER-WITH-BINARIES] [--only=PLATFORM,...]
//
// A binary that is missing, or that is for another platform, is an error: the package would be published empty. `--only`
// names the platforms of a release that is meant to have fewer.
//
// The package.json in the repository has no optional dependencies, and its tarball holds the binary of the machine that
// packed it, because until a release is published there is nothing for npm to find under those names.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const LICENCES = ['LICENSE-MIT', 'LICENSE-APACHE', 'LICENSE-THIRD-PARTY'];
// Without `access`, npm refuses the first version of a package with a scope.
const publishConfig = { access: 'public', provenance: true };

const root = join(import.meta.dirname, '../..');
const node = join(root, 'node');
const isOption = (argument) => argument.startsWith('--');
const [folder, binaries = node] = process.argv
  .slice(2)
  .filter((argument) => !isOption(argument))
  .map((path) => resolve(path));
const [only = `--only=${Object.keys(PLATFORMS)}`, ...others] = process.argv.slice(2).filter(isOption);
const platforms = only.replace(/^--only=/, '').split(',');
if (!folder || others.length > 0 || platforms.some((platform) => !(platform in PLATFORMS))) {
  throw new Error('usage: node platform-packages.mjs FOLDER [FOLDER-WITH-BINARIES] [--only=PLATFORM,...]');
}

/** The platform that the head of a binary names. */
function platformOf(binary) {
  const head = new DataView(binary.buffer, binary.byteOffset);
  const cpu = (number, x64, arm64) => (number === x64 ? 'x64' : number === arm64 ? 'arm64' : `cpu ${number}`);
  if (head.getUint32(0) === 0x7f454c46) {
    return `linux-${cpu(head.getUint16(18, true), 62, 183)}-${binary.includes('\0libc.so.6\0') ? 'gnu' : 'musl'}`;
  }
  if (head.getUint32(0, true) === 0xfeedfacf) return `darwin-${cpu(head.getUint32(4, true), 0x1000007, 0x100000c)}`;
  if (head.getUint16(0) === 0x4d5a) {
    return `win32-${cpu(head.getUint16(head.getUint32(0x3c, true) + 4, true), 0x8664, 0xaa64)}-msvc`;
  }
  return 'no platform that tokmint knows';
}

const main = JSON.parse(readFileSync(join(node, 'package.json'), 'utf8'));
const write = (path, content) => writeFileSync(join(path, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
const copyLicences = (path) => {
  for (const name of LICENCES) cpSync(join(root, name), join(path, name));
};

const contents = platforms.map((platform) => {
  const file = `tokmint.${platform}.node`;
  const binary = readFileSync(join(binaries, file));
  if (platformOf(binary) !== platform) throw new Error(`${file} is for ${platformOf(binary)}`);
  return [platform, file, binary];
});
// npm knows which files the patterns of the main package mean.
const pack = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: node, encoding: 'utf8' });
if (pack.status !== 0) throw new Error(`npm pack failed: ${pack.error ?? pack.stderr}`);
const packed = JSON.parse(pack.stdout)[0].files.map((file) => file.path);
if (!packed.some((name) => name.startsWith('vectors/'))) throw new Error('the main package is not built: npm pack');

for (const name of ['npm', 'tokmint']) rmSync(join(folder, name), { recursive: true, force: true });
for (const [platform, file, binary] of contents) {
  const path = join(folder, 'npm', platform);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, file), binary);
  const { version, license, repository, engines } = main;
  write(path, {
    name: `@tokmint/${platform}`,
    version,
    description: `The binary of tokmint for ${platform}`,
    license,
    repository,
    engines,
    ...PLATFORMS[platform],
    main: file,
    files: [file, 'LICENSE-*'],
    publishConfig,
  });
  writeFileSync(
    join(path, 'README.md'),
    `# @tokmint/${platform}

The binary of [tokmint](https://github.com/tokmint/tokmint) for ${platform}. Install \`tokmint\`, which depends on the
package of each platform; npm takes the one that fits.
`,
  );
  copyLicences(path);
}

const path = join(folder, 'tokmint');
const { scripts, devDependencies, ...published } = main;
published.files = main.files.filter((file) => !file.endsWith('.node'));
published.optionalDependencies = Object.fromEntries(
  platforms.map((platform) => [`@tokmint/${platform}`, main.version]),
);
published.publishConfig = publishConfig;
for (const name of packed) if (!name.endsWith('.node')) cpSync(join(node, name), join(path, name));
write(path, published);
copyLicences(path);
