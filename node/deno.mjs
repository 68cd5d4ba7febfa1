// For Deno, where the WebAssembly module needs no permission and the native binary would need several.

import api from './api.mjs';
import native from './embedded.mjs';

export const { OpenTok, Session, TokmintError, inspectToken } = api(native);
