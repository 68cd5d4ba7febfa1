// The package itself, in the form that the conditions of package.json choose.
export { inspectToken, TokmintError } from 'tokmint';
