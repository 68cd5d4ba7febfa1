/** What the holder of a token may do in the session. */
export type Role = 'subscriber' | 'publisher' | 'publisheronly' | 'moderator';

/** The two formats: a JSON Web Token signed with HS256, and the older `T1==` format. */
export type TokenFormat = 'jwt' | 't1';

/** What a new token shall say. Without options it is a publisher's JWT that lives for 24 hours. */
export interface TokenOptions {
  /** What the holder may do in the session; `'publisher'` by default. */
  role?: Role | undefined;
  /**
   * When the token ends: an integer of Unix seconds or a Date, whose milliseconds are rounded down. It must lie after
   * the creation time, by at most 30 days.
   */
  expireTime?: number | Date | undefined;
  /** The same as a life in seconds, 1 to 2,592,000. Only one of the two may be given. */
  expiresIn?: number | undefined;
  /** Connection data, at most 1000 UTF-16 code units, which everybody in the session can read. Empty means none. */
  data?: string | undefined;
  /** Layout classes without white space, at most 1000 UTF-16 code units when joined by one space. */
  initialLayoutClassList?: readonly string[] | undefined;
  /** The format; `'jwt'` by default. */
  tokenFormat?: TokenFormat | undefined;
  /**
   * When the token is issued: an integer of Unix seconds or a Date, whose milliseconds are rounded down. Leave it out for
   * the current time; set it to reproduce a token exactly.
   */
  createTime?: number | Date | undefined;
  /**
   * An integer that tells equal tokens apart, 0 to `Number.MAX_SAFE_INTEGER`. Leave it out for one that this process has
   * not used before; set it to reproduce a token exactly.
   */
  nonce?: number | undefined;
}

/** What a token is held against. Without options: the current time, no leeway, and any session of the project. */
export interface VerifyOptions {
  /** The time of verification: an integer of Unix seconds or a Date, whose milliseconds are rounded down. */
  now?: number | Date | undefined;
  /** For how many seconds a token is still accepted after its expiry, or before its issue, 0 to 3600; 0 by default. */
  leeway?: number | undefined;
  /** The session that the token must be for. */
  sessionId?: string | undefined;
}

/** What a verified token says. */
export interface Token {
  format: TokenFormat;
  /** The API key of the project that issued it. */
  apiKey: string;
  /** The one session it admits to. */
  sessionId: string;
  role: Role;
  /** When it was issued, in Unix seconds. */
  createTime: number;
  /** The first second at which it is no longer valid, in Unix seconds. */
  expireTime: number;
  /** The connection data, which everybody in the session can read; empty if there is none. */
  data: string;
  initialLayoutClassList: string[];
  /** The nonce as it stands in the token, which need not be an integer; empty if there is none. */
  nonce: string;
}

/** The credentials of one project. Immutable; it shows its API key but never its secret. */
export class OpenTok {
  /**
   * Takes a project's API key and API secret, as the account page shows them.
   *
   * @throws {TokmintError} `invalid_api_key`, `invalid_api_secret`
   * @throws {TypeError} for arguments of another type
   */
  constructor(apiKey: string | number, apiSecret: string);

  /** The project's API key, which is no secret. */
  get apiKey(): string;

  /**
   * Generates a token that admits its holder to a session.
   *
   * @throws {TokmintError} `invalid_session_id`, `session_of_other_project`, or the code of the option that is refused
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  generateToken(sessionId: string, options?: TokenOptions): string;

  /**
   * Verifies a token of this project: its signature, its project, its session and its times.
   *
   * @throws {TokmintError} if the token is not valid now; `code` says why
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  verifyToken(token: string, options?: VerifyOptions): Token;
}

/** Why a token was not generated or not accepted. The message never holds the secret or the input. */
export class TokmintError extends Error {
  private constructor();
  readonly name: 'TokmintError';
  /** For programs: stable for ever. */
  readonly code: ErrorCode;
  /** The same as a number, as other languages have it. */
  readonly number: number;
}

export type ErrorCode =
  | 'invalid_api_key'
  | 'invalid_api_secret'
  | 'invalid_session_id'
  | 'session_of_other_project'
  | 'invalid_role'
  | 'invalid_expire_time'
  | 'data_too_long'
  | 'invalid_data'
  | 'invalid_layout_class'
  | 'layout_class_list_too_long'
  | 'invalid_create_time'
  | 'invalid_nonce'
  | 'invalid_token_format'
  | 'invalid_leeway'
  | 'malformed_token'
  | 'unsupported_algorithm'
  | 'invalid_signature'
  | 'token_of_other_project'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'missing_expiry'
  | 'token_of_other_session'
  | 'token_too_long'
  | 'lifetime_too_long'
  | 'system_clock'
  | 'system_random'
  | 'null_pointer'
  | 'invalid_utf8'
  | 'panic';
