// The same class as `require('tokmint/opentok')` gives.
export { default } from './opentok.js';
