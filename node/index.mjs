// The same classes as `require('tokmint')` gives, so that `instanceof` holds wherever an error came from.
export { inspectToken, OpenTok, Session, TokmintError } from './index.js';
