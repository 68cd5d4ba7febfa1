// Prints them, under Node, Bun and Deno.
import { results } from './everywhere.mjs';

console.log(JSON.stringify(await results()));
