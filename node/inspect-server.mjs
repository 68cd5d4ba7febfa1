// Outside of browsers: the same code as `tokmint`, which the conditions of package.json choose.
export { inspectToken, TokmintError } from 'tokmint';
