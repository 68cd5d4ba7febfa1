// For Cloudflare's Workers, which cannot compile bytes: their bundler hands over the module.

import api from './api.mjs';
import module from './tokmint.wasm';
import instantiate from './wasm.mjs';

export const { OpenTok, Session, TokmintError, inspectToken } = api(instantiate(module));
