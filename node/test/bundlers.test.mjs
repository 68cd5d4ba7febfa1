// Bundles of programs that use tokmint, with the settings that bundlers have by themselves, run where they find nothing
// but the bundle. Next.js is in runtimes.test.mjs, because it takes long.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import vm from 'node:vm';
import { nodeFileTrace } from '@vercel/nft';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import webpack from 'webpack';
import { API_KEY, API_SECRET, INSTALLED, SESSION_ID } from './support.mjs';

const binary = readdirSync(INSTALLED).find((name) => name.endsWith('.node'));
const platform = binary.slice('tokmint.'.length, -'.node'.length);
const here = import.meta.dirname;
const far = mkdtempSync(join(tmpdir(), 'tokmint-bundle-'));
after(() => rmSync(far, { recursive: true }));

writeFileSync(
  'to-bundle.mjs',
  `import { OpenTok } from 'tokmint';
   import { inspectToken } from 'tokmint/inspect';
   const opentok = new OpenTok('${API_KEY}', '${API_SECRET}');
   const token = opentok.generateToken('${SESSION_ID}');
   console.log(opentok.verifyToken(token).role, inspectToken(token).format);`,
);
writeFileSync(
  'page-to-bundle.mjs',
  `import { OpenTok, TokmintError } from 'tokmint';
   import { inspectToken } from 'tokmint/inspect';
   try {
     new OpenTok('${API_KEY}', '${API_SECRET}');
   } catch (error) {
     console.log(error instanceof TokmintError, error.code, inspectToken('x').findings[0].code);
   }`,
);

/** Runs a program and returns the warning that it printed, if any. */
function warningOf(path) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
  assert.equal(stdout, 'publisher jwt\n', stderr);
  assert.equal(status, 0);
  return stderr;
}

/** Runs a bundle alone, where it must say that it is one. */
function runAlone(name) {
  cpSync(name, join(far, name), { recursive: true });
  const warning = warningOf(join(far, name));
  assert.match(
    warning,
    /TOKMINT_WASM.*\nThis is a bundle, which holds no binary\. To use the binary, keep tokmint out/s,
  );
}

/** Runs a bundle with what browsers have and Node has too, and returns what it prints. */
function printedBy(code) {
  const printed = [];
  const { WebAssembly, TextEncoder, TextDecoder, atob, crypto } = globalThis;
  const console = { log: (...values) => printed.push(values.join(' ')) };
  vm.runInNewContext(code, { WebAssembly, TextEncoder, TextDecoder, atob, crypto, console });
  return printed;
}

const PAGE_PRINTS = ['true secret_in_browser malformed_token'];

/** Bundles with esbuild without a message, and returns the code of the bundle. */
async function withEsbuild(entry, options) {
  const common = { entryPoints: [entry], bundle: true, write: false, logLevel: 'silent' };
  const { outputFiles, warnings, errors } = await esbuild.build({ ...common, ...options });
  assert.deepEqual([outputFiles.length, warnings, errors], [1, [], []]);
  return outputFiles[0].text;
}

test('esbuild', async () => {
  for (const format of ['cjs', 'esm']) {
    const name = `esbuild.${format === 'cjs' ? 'cjs' : 'mjs'}`;
    writeFileSync(name, await withEsbuild('to-bundle.mjs', { platform: 'node', format }));
    runAlone(name);
  }
  // The binary beside a bundle is found, and so is its package.
  cpSync(join(INSTALLED, binary), join(far, binary));
  assert.equal(warningOf(join(far, 'esbuild.cjs')), '');
  rmSync(join(far, binary));
  mkdirSync(join(far, 'node_modules/@tokmint'), { recursive: true });
  cpSync(join('release/npm', platform), join(far, 'node_modules/@tokmint', platform), { recursive: true });
  assert.equal(warningOf(join(far, 'esbuild.cjs')), '');
  rmSync(join(far, 'node_modules'), { recursive: true });

  writeFileSync(
    'external.mjs',
    await withEsbuild('to-bundle.mjs', { platform: 'node', format: 'esm', external: ['tokmint'] }),
  );
  assert.equal(warningOf('external.mjs'), '');

  const page = await withEsbuild('page-to-bundle.mjs', { platform: 'browser', format: 'iife', minify: true });
  assert.deepEqual(printedBy(page), PAGE_PRINTS);
});

test('esbuild for a runtime of which tokmint knows nothing', async () => {
  const code = await withEsbuild('to-bundle.mjs', { platform: 'neutral', format: 'iife', conditions: ['import'] });
  assert.deepEqual(printedBy(code), ['publisher jwt']);
});

/** Bundles with webpack without a message, but those about the size. */
async function withWebpack(entry, filename, options) {
  const output = { path: here, filename };
  const compiler = webpack({
    mode: 'production',
    context: here,
    entry: `./${entry}`,
    output,
    performance: { hints: false },
    ...options,
  });
  const stats = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  );
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }), { errors: [], warnings: [] });
}

test('webpack', async () => {
  await withWebpack('to-bundle.mjs', 'webpack.cjs', { target: 'node' });
  runAlone('webpack.cjs');
  await withWebpack('to-bundle.mjs', 'external.cjs', { target: 'node', externals: { tokmint: 'commonjs tokmint' } });
  assert.equal(warningOf('external.cjs'), '');
  await withWebpack('page-to-bundle.mjs', 'webpack-page.js', { target: 'web' });
  assert.deepEqual(printedBy(readFileSync('webpack-page.js', 'utf8')), PAGE_PRINTS);
});

/** Bundles with Vite without a message, but that about the size, and returns the code. */
async function withVite(build, ssr = {}) {
  const customLogger = { ...vite.createLogger('silent'), warn: assert.fail, error: assert.fail };
  const limit = { chunkSizeWarningLimit: 1000, write: false };
  const { output } = await vite.build({
    root: here,
    configFile: false,
    customLogger,
    ssr,
    build: { ...limit, ...build },
  });
  assert.equal(output.length, 1);
  return output[0].code;
}

test('Vite', async () => {
  // For servers it keeps packages external by itself.
  writeFileSync('vite-external.mjs', await withVite({ ssr: 'to-bundle.mjs' }));
  assert.equal(warningOf('vite-external.mjs'), '');
  writeFileSync('vite.mjs', await withVite({ ssr: 'to-bundle.mjs' }, { noExternal: true }));
  runAlone('vite.mjs');
  const mixed = await withVite({ ssr: 'to-bundle.mjs' }, { noExternal: true, external: ['tokmint'] });
  writeFileSync('vite-mixed.mjs', mixed);
  assert.equal(warningOf('vite-mixed.mjs'), '');
  assert.deepEqual(printedBy(await withVite({ rollupOptions: { input: 'page-to-bundle.mjs' } })), PAGE_PRINTS);
});

test('a tool that copies the files of a program finds the binary, in the package and beside it', async () => {
  const trace = async (folder) => {
    writeFileSync(join(folder, 'app.mjs'), "import 'tokmint';\n");
    const { fileList, warnings } = await nodeFileTrace([join(folder, 'app.mjs')], { base: folder });
    assert.equal(warnings.size, 0);
    return [...fileList].filter((path) => /\.node$|embedded\.js$/.test(path)).sort();
  };
  assert.deepEqual(await trace(here), [`node_modules/tokmint/embedded.js`, `node_modules/tokmint/${binary}`]);
  const modules = 'traced/node_modules';
  cpSync('release/tokmint', join(modules, 'tokmint'), { recursive: true });
  cpSync(join('release/npm', platform), join(modules, '@tokmint', platform), { recursive: true });
  assert.deepEqual(await trace(join(here, 'traced')), [
    `node_modules/@tokmint/${platform}/${binary}`,
    'node_modules/tokmint/embedded.js',
  ]);
});
