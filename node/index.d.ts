/** What the holder of a token may do in the session. */
export type Role =
  // tokmint:generated roles
  | 'subscriber'
  | 'publisher'
  | 'publisheronly'
  | 'moderator'
  // tokmint:end

/** The two formats: a JSON Web Token, and the older `T1==` format, which only projects have. */
export type TokenFormat =
  // tokmint:generated token-formats
  | 'jwt'
  | 't1'
  // tokmint:end

/**
 * Options for a new token. Without options it is a publisher's JWT that lives for 24 hours.
 *
 * Every number of seconds may have a fraction, which is rounded down, as the milliseconds of a Date are.
 */
export interface TokenOptions {
  /** What the holder may do in the session; `'publisher'` by default. */
  role?: Role | undefined;
  /**
   * When the token ends: Unix seconds or a Date. It must be after the creation time, by at most 30 days.
   */
  expireTime?: number | Date | undefined;
  /** The same as a lifetime in seconds, 1 to 2,592,000. Only one of the two may be given. */
  expiresIn?: number | undefined;
  /** Connection data, at most 1000 UTF-16 code units, which everybody in the session can read. Empty means none. */
  data?: string | undefined;
  /** Layout classes without whitespace, at most 1000 UTF-16 code units when joined by one space. */
  initialLayoutClassList?: readonly string[] | undefined;
  /** The format; `'jwt'` by default. Applications have no other. */
  tokenFormat?: TokenFormat | undefined;
  /**
   * When the token is issued: Unix seconds or a Date. Leave it out for the current time; set it to reproduce a token
   * exactly, and in tests with fake timers, which native code does not see.
   */
  createTime?: number | Date | undefined;
  /**
   * An integer that tells equal tokens of a project apart, 0 to `Number.MAX_SAFE_INTEGER`. Leave it out for one that
   * this process has not used before; set it to reproduce a token exactly.
   */
  nonce?: number | undefined;
  /**
   * A UUID in lower case that tells equal tokens of an application apart. Leave it out for a random one; set it to
   * reproduce a token exactly.
   */
  jti?: string | undefined;
}

/**
 * Options for a new token for REST calls. Without options it lives for 180 seconds for a project, and for 900 seconds
 * for an application.
 */
export interface RestTokenOptions {
  /** The lifetime in seconds, 1 to 86,400. */
  expiresIn?: number | undefined;
  /** When the token is issued: Unix seconds or a Date. Leave it out for the current time. */
  createTime?: number | Date | undefined;
  /** A UUID in lower case that tells equal tokens apart. Leave it out for a random one. */
  jti?: string | undefined;
}

/**
 * Options of verification. Without options: the current time, no leeway, and any session of the project or application.
 */
export interface VerifyOptions {
  /** The time of verification: Unix seconds or a Date. */
  now?: number | Date | undefined;
  /** Seconds for which a token is still accepted after its expiry, or before its issue: 0 to 3600, 0 by default. */
  leeway?: number | undefined;
  /** The session that the token must be for. */
  sessionId?: string | undefined;
}

/** Options of inspection. Without options: the current time, and any session. */
export interface InspectOptions {
  /** The time of inspection: Unix seconds or a Date. */
  now?: number | Date | undefined;
  /** The session that the token should be for. */
  sessionId?: string | undefined;
}

/** The claims of a token. They are verified if they come from `verifyToken`, and only then. */
export interface Token {
  format: TokenFormat;
  /** The API key of the project that issued it; absent if an application did. */
  apiKey?: string;
  /** The ID of the application that issued it, in lower case; absent if a project did. */
  applicationId?: string;
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
  /**
   * The nonce of a project's token, which need not be an integer, or the `jti` of an application's, as written in the
   * token; empty if there is none.
   */
  nonce: string;
}

/** Whether the credentials made the signature; unchecked without them, or where there is nothing to check. */
export type SignatureState =
  // tokmint:generated signature-states
  | 'valid'
  | 'invalid'
  | 'unchecked'
  // tokmint:end

/**
 * Severity of a finding. Refused: a server would refuse the token. Warning: it is accepted, but probably does not do
 * what its issuer meant. Note: something unusual that does no harm.
 */
export type Severity =
  // tokmint:generated severities
  | 'refused'
  | 'warning'
  | 'note'
  // tokmint:end

/** The contents of a token, as far as they can be parsed, and everything that is wrong with it. */
export interface Inspection {
  /** The format; null if it is unknown. */
  format: TokenFormat | null;
  signature: SignatureState;
  /** The members of a JWT's header, or `partner_id` of a T1 token. */
  header: Field[];
  /** The claims of a JWT or the fields of a T1 token, in token order; a repeated name appears each time. */
  fields: Field[];
  /** The claims with their types, valid or not; null if one of them cannot be read. */
  token: Token | null;
  /** The time of the inspection, in Unix seconds; null if the system clock has none. */
  now: number | null;
  /** When it was issued, in Unix seconds; null if the token does not state it. */
  createTime: number | null;
  /** The first second at which it is no longer valid, in Unix seconds; null if the token does not state it. */
  expireTime: number | null;
  /** The time before which a JWT is not valid, in Unix seconds; null if the token does not state it. */
  notBefore: number | null;
  /** Seconds until its expiry, 0 or less when it is over; null if it does not name one. */
  remainingLifetime: number | null;
  /** What is wrong: first what makes `verifyToken` refuse it, then warnings, then notes. */
  findings: Finding[];
  /** Whether `verifyToken` (without leeway) would refuse the token: whether there is a finding of that severity. */
  isRefused: boolean;
  /** All of it for a person, line by line, with control characters escaped. */
  text: string;
}

/** A name and its value, as written in a token. */
export interface Field {
  /** The name, unescaped in a JWT and still form-encoded in T1. */
  name: string;
  /** The JSON of the value in a JWT, quotes included; the form-encoded value in T1. */
  value: string;
}

/** One thing that an inspection found. */
export interface Finding {
  /** For programs: it never changes. */
  code: FindingCode;
  /** The same for all findings of a code. */
  severity: Severity;
  /** What is wrong and what to do, in one sentence. It holds neither the signature nor connection data. */
  message: string;
  /** What the server says about such a token; null where that is unknown. */
  serverMessage: string | null;
}

/**
 * Explains what a token holds and why a server would refuse it, without credentials: its signature stays unchecked, and
 * its issuer is the one that it names. Trust nothing that an inspection shows: to admit somebody, use `verifyToken`.
 *
 * @throws {TypeError} for arguments of another type, and for unknown options; never for what a token holds
 */
export function inspectToken(token: string, options?: InspectOptions): Inspection;

/**
 * One session of an OpenTok, made by its method `session`: for many tokens of one session. It is immutable, and it
 * stays valid without its OpenTok.
 */
export class Session {
  private constructor();

  /** The ID of the session, which is no secret. */
  get sessionId(): string;

  /**
   * Generates a token that admits its holder to the session: the one that `generateToken` of the OpenTok generates, in
   * less time.
   *
   * @throws {TokmintError} `no_private_key` for a verifier, or the code of the option that is refused
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  generateToken(options?: TokenOptions): string;

  /**
   * Generates many tokens, one for each item of an iterable, in order. The result of an item that is refused is the error that
   * `generateToken` would throw, and the others have their tokens.
   *
   * The clock is read once, at this call. Each token is generated when it is asked for, so that any number of them
   * takes no more memory than one. What the iterable throws is passed on.
   *
   * @throws {TypeError} if the argument is no iterable
   */
  generateTokens(options: Iterable<TokenOptions | undefined>): IterableIterator<string | Error>;

  /**
   * Verifies a token as `verifyToken` of the OpenTok does. It must be for this session.
   *
   * @throws {TokmintError} if the token is not valid now; `code` says why
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  verifyToken(token: string, options?: Omit<VerifyOptions, 'sessionId'>): Token;
}

/** The credentials of one project or application. Immutable; it shows its API key or ID but never its secret or key. */
export class OpenTok {
  /**
   * Takes a project's API key and API secret, as the account page shows them.
   *
   * @throws {TokmintError} `invalid_api_key`, `invalid_api_secret`; in a browser `secret_in_browser`
   * @throws {TypeError} for arguments of another type
   */
  constructor(apiKey: string | number, apiSecret: string);

  /**
   * Takes the ID of a Vonage application and its private key: the text or the DER of an RSA key of 2,048 to 8,192 bits
   * in PKCS #8 or PKCS #1, never a path. PEM is read as env files and configurations change it: with `\n` for line
   * feeds, on one line, indented, quoted, or as base64 of the whole file.
   *
   * @throws {TokmintError} `invalid_application_id`, `invalid_private_key`; in a browser `secret_in_browser`
   * @throws {TypeError} for arguments of another type; export a KeyObject as PEM
   */
  static forApplication(applicationId: string, privateKey: string | Uint8Array): OpenTok;

  /**
   * Takes the ID of a Vonage application and its public key, for a service that verifies tokens and must not be able to
   * generate any: text or DER, SubjectPublicKeyInfo or PKCS #1, an X.509 certificate, or a JWK. It refuses a private
   * key.
   *
   * @throws {TokmintError} `invalid_application_id`, `invalid_public_key`
   * @throws {TypeError} for arguments of another type; export a KeyObject as PEM
   */
  static verifier(applicationId: string, publicKey: string | Uint8Array): OpenTok;

  /** The project's API key, which is no secret; undefined for an application. */
  get apiKey(): string | undefined;

  /** The application's ID in lower case, which is no secret; undefined for a project. */
  get applicationId(): string | undefined;

  /**
   * Generates a token that admits its holder to a session.
   *
   * @throws {TokmintError} `no_private_key` for a verifier, `invalid_session_id`, `session_of_other_project`, or the
   * code of the option that is refused
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  generateToken(sessionId: string, options?: TokenOptions): string;

  /**
   * Prepares a session, so that each of its tokens takes less time. Worth it from about five tokens on.
   *
   * @throws {TokmintError} `invalid_session_id`, `session_of_other_project`
   * @throws {TypeError} for arguments of another type
   */
  session(sessionId: string): Session;

  /**
   * Generates a JWT for the platform's REST calls, such as creating a session: the value of the header `X-OPENTOK-AUTH`
   * for a project, and what follows `Authorization: Bearer ` for an application. It is for servers only, and admits
   * nobody to a session.
   *
   * @throws {TokmintError} `no_private_key` for a verifier, or the code of the option that is refused
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  generateRestToken(options?: RestTokenOptions): string;

  /**
   * Verifies a token of this project or application: its signature, its issuer, its session and its times.
   *
   * @throws {TokmintError} if the token is not valid now; `code` says why
   * @throws {TypeError} for arguments of another type, and for unknown options
   */
  verifyToken(token: string, options?: VerifyOptions): Token;

  /**
   * Says what a token holds, and everything for which `verifyToken` (without leeway) would refuse it.
   *
   * @throws {TypeError} for arguments of another type, and for unknown options; never for what a token holds
   */
  inspectToken(token: string, options?: InspectOptions): Inspection;
}

/** Why a token was not generated or not accepted. The message never holds the secret, the key or the input. */
export class TokmintError extends Error {
  private constructor();
  readonly name: 'TokmintError';
  /** For programs: it never changes. */
  readonly code: ErrorCode;
  /** The same as a number, as other languages have it. */
  readonly number: number;
}

/**
 * The codes of all languages. Those of null pointers and buffers are never thrown here, `'secret_in_browser'` only in
 * browsers, and `'invalid_size'` only by WebAssembly, for arguments that do not fit into memory.
 */
export type ErrorCode =
  // tokmint:generated error-codes
  | 'invalid_api_key'
  | 'invalid_api_secret'
  | 'invalid_application_id'
  | 'invalid_private_key'
  | 'invalid_public_key'
  | 'no_private_key'
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
  | 'unsupported_option'
  | 'invalid_jti'
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
  | 'signing_failed'
  | 'null_pointer'
  | 'invalid_utf8'
  | 'invalid_size'
  | 'buffer_too_short'
  | 'secret_in_browser'
  | 'library_not_loaded'
  | 'panic'
  // tokmint:end

/** What an inspection can find. */
export type FindingCode =
  // tokmint:generated finding-codes
  | 'white_space_around'
  | 'python_bytes'
  | 'quotes_around'
  | 'text_around'
  | 'promise'
  | 'no_token'
  | 'url_encoded'
  | 'json_escaped'
  | 'html_escaped'
  | 'quoted_printable'
  | 'white_space_inside'
  | 'missing_prefix'
  | 'session_id_as_token'
  | 'truncated'
  | 'token_too_long'
  | 'malformed_token'
  | 'malformed_header'
  | 'malformed_payload'
  | 'malformed_signature'
  | 'malformed_base64'
  | 'malformed_head'
  | 'malformed_fields'
  | 'duplicate_field'
  | 'unsupported_algorithm'
  | 'critical_extension'
  | 'application_token'
  | 'project_token'
  | 'invalid_signature'
  | 'untrimmed_secret'
  | 'mangled_secret'
  | 'token_of_other_project'
  | 'rest_token'
  | 'not_a_client_token'
  | 'malformed_issuer'
  | 'malformed_subject'
  | 'missing_session_id'
  | 'malformed_session_id'
  | 'session_of_other_project'
  | 'session_of_application'
  | 'session_of_project'
  | 'token_of_other_session'
  | 'missing_role'
  | 'unknown_role'
  | 'miscased_role'
  | 'localized_role'
  | 'missing_create_time'
  | 'malformed_create_time'
  | 'missing_expiry'
  | 'malformed_expire_time'
  | 'malformed_not_before'
  | 'malformed_nonce'
  | 'malformed_data'
  | 'malformed_layout'
  | 'lifetime_too_long'
  | 'milliseconds'
  | 'token_expired'
  | 'issued_in_the_future'
  | 'not_before'
  | 'system_clock'
  | 'clock_skew'
  | 'default_expiry'
  | 'long_lifetime'
  | 'fractional_time'
  | 'data_too_long'
  | 'unencoded_data'
  | 'data_with_email_address'
  | 'data_with_telephone_number'
  | 'data_with_secret'
  | 'data_claim'
  | 'misnamed_claim'
  | 'layout_as_array'
  | 'url_encoded_layout'
  | 'comma_separated_layout'
  | 'null_field'
  | 'subject_claim'
  | 'default_role'
  | 'no_acl'
  | 'url_safe_base64'
  | 'ignored_field'
  | 'many_fields'
  // tokmint:end
