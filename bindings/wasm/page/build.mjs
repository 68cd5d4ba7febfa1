// Builds the inspector page: one HTML file with its style, its script and the module inside. Run with `make page`.
//
//     node build.mjs MODULE OUTPUT
//
// The sources are joined without a bundler, so that whoever saves the page can read its script. The same sources and
// module give the same bytes.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const repository = join(here, '../../..');
const read = (...path) => readFileSync(join(...path), 'utf8');

/** The vectors among the examples, by their names there: with a time that they are for. */
const VECTORS = {
  'other project': 't1: partner_id of another project',
  milliseconds: 'jwt: expiry in milliseconds',
  role: "jwt: role 'admin'",
  't1 of an SDK': 't1: Ruby SDK, no expiry',
  application: "application: shape of Vonage's Node SDK",
};

function examples() {
  const { vectors } = JSON.parse(read(repository, 'tests/vectors/inspect.json'));
  const { keys } = JSON.parse(read(repository, 'tests/vectors/keys.json'));
  const example = ([title, name]) => {
    const vector = vectors.find((each) => each.name === name);
    if (vector === undefined) throw new Error(`inspect.json has no vector "${name}"`);
    const { api_key: apiKey, api_secret: apiSecret, application_id: applicationId, private_key: key } = vector;
    const credentials = key === undefined ? { apiKey, apiSecret } : { applicationId, publicKey: keys[key].public_key };
    return [title, { token: vector.token, now: vector.options.now, ...credentials }];
  };
  return Object.fromEntries(Object.entries(VECTORS).map(example));
}

/** What the sources import that is no source. */
function imported(module) {
  return {
    'generated/vectors.js': `const VECTORS = ${JSON.stringify(examples(), null, 2)};\n`,
    'generated/wasm.js': `const instantiate = (() => {\nconst module = {};\n${read(repository, 'node/wasm.js')}return module.exports;\n})();\n`,
    'generated/module.js': `const MODULE =\n  '${module.toString('base64')}';\n`,
  };
}

/** One script of a source and what it imports, each once and before its user: all names are unique. */
function joined(name, others, done = new Set()) {
  if (done.has(name)) return '';
  done.add(name);
  const source = others[name] ?? read(here, 'src', name);
  const dependencies = [...source.matchAll(/^import [^;]+ from '(?:\.\/)?([^']+)';$/gm)].map(([, from]) => from);
  const own = source.replaceAll(/^import [^;]+;\n/gm, '').replaceAll(/^export /gm, '');
  return `${dependencies.map((from) => joined(from, others, done)).join('')}\n// ${name}\n${own}`;
}

const [modulePath, output] = process.argv.slice(2);
if (output === undefined) throw new Error('usage: node build.mjs MODULE OUTPUT');
const script = joined('page.js', imported(readFileSync(modulePath)));
// It would end the element that the script is in.
if (/<\/script|<!--/i.test(script)) throw new Error('the script holds a tag of its own');
const style = read(here, 'page.css');
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${hash(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
  // No string becomes markup, even by mistake.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const parts = {
  POLICY: policy,
  '<style></style>': `<style>${style}</style>`,
  '<script type="module"></script>': `<script type="module">${script}</script>`,
};
let page = read(here, 'index.html');
for (const [place, content] of Object.entries(parts)) {
  if (!page.includes(place)) throw new Error(`index.html has no ${place}`);
  page = page.replace(place, () => content);
}
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, page);
