// A Worker that answers with them.
import { results } from './everywhere.mjs';

export default { fetch: async () => Response.json(await results()) };
