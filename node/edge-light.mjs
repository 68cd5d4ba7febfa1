// For the edge runtime of Next.js and Vercel, which cannot compile bytes: their bundler hands over the module.

import api from './api.mjs';
import module from './tokmint.wasm?module';
import instantiate from './wasm.mjs';

export const { OpenTok, Session, TokmintError, inspectToken } = api(instantiate(module));
