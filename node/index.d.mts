export {
  OpenTok,
  TokmintError,
  type ErrorCode,
  type Role,
  type Token,
  type TokenFormat,
  type TokenOptions,
  type VerifyOptions,
} from './index.js';
