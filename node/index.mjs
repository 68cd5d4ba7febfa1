// The same classes as `require('tokmint')` gives, so that `instanceof` holds wherever an error came from.
export { OpenTok, TokmintError, inspectToken } from './index.js';
