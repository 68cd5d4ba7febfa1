// For browsers, also without a bundler: `import { inspectToken } from './node_modules/tokmint/inspect.mjs'`.
export { inspectToken, TokmintError } from './browser.mjs';
