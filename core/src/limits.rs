//! Every limit and default of tokmint, each with its unit and where it comes from.
//!
//! "Guide" is the OpenTok / Vonage Video token creation guide; "SDKs" are the official server SDKs.
//! All times are Unix seconds or seconds, all lengths of strings say their unit.
//!
//! The characters of an API secret are not limited to the hexadecimal digits that are in use.
//! Beside longer ones, refused is what no issuer writes: an empty secret; NUL, other control
//! characters and characters without width; whitespace or quotation marks around it; a line that
//! assigns it (`API_SECRET=...`); a placeholder (`undefined`, `<secret>`, `${SECRET}`,
//! `{{secret}}`); a PEM, SSH or JWK key, a JWT or a T1 token; and the project's own API key.

/// Longest token, in bytes, that verify reads. The longest token an official SDK mints has 32,432
/// bytes.
pub const MAX_TOKEN_BYTES: usize = 65_536;

/// Most fields of a token that an inspection shows; a token of an official SDK has at most 15.
/// Copying thousands of them would be most of the cost of inspecting the longest token.
pub const MAX_INSPECTED_FIELDS: usize = 256;

/// Deepest nesting of arrays and objects in the JSON of a token; a token of an official SDK has at
/// most 4 levels.
pub const MAX_JSON_DEPTH: usize = 32;

/// Most digits of an API key: those of the largest unsigned 64-bit integer. Keys in use have 5 to
/// 8.
pub const MAX_API_KEY_DIGITS: usize = 20;

/// Longest API secret in bytes. Secrets in use have 40; a longer one than this is a file.
pub const MAX_API_SECRET_BYTES: usize = 1_024;

/// Longest text of a private or public key in bytes: room for a certificate chain beside the key.
/// The PEM of the largest RSA key has 6,400.
pub const MAX_KEY_BYTES: usize = 65_536;

/// Shortest RSA key in bits (RFC 7518 section 3.3).
pub const MIN_RSA_BITS: usize = 2_048;

/// Longest RSA key in bits: what the cryptographic library takes. A signature takes 240 times as
/// long as with 2,048.
pub const MAX_RSA_BITS: usize = 8_192;

/// Longest session ID in characters (guide).
pub const MAX_SESSION_ID_LENGTH: usize = 255;

/// Longest connection data in UTF-16 code units. The guide says 1000 characters and names no unit;
/// counted in UTF-16 units, no official SDK refuses what tokmint lets pass, save Ruby's at exactly
/// 1000.
pub const MAX_DATA_UNITS: usize = 1000;

/// Longest list of layout classes in UTF-16 code units, the separating spaces included (Python
/// SDK).
pub const MAX_LAYOUT_CLASS_LIST_UNITS: usize = 1000;

/// Life of a token in seconds where the caller gives no expiry: 24 hours (guide). Also what a T1
/// token without `expire_time` is taken to mean.
pub const DEFAULT_LIFETIME: i64 = 86_400;

/// Longest life of a token in seconds: 30 days (guide).
pub const MAX_LIFETIME: i64 = 2_592_000;

/// Lifetime in seconds above which an inspection warns about a token of an application: the guide
/// of the platform's JWTs says that they end after 24 hours, the guide of video tokens 30 days.
pub const LONG_APPLICATION_LIFETIME: i64 = 86_400;

/// Life in seconds of a project's token for REST calls where the caller gives none (Python SDK).
pub const DEFAULT_PROJECT_REST_LIFETIME: i64 = 180;

/// Life in seconds of an application's token for REST calls where the caller gives none (SDKs).
pub const DEFAULT_APPLICATION_REST_LIFETIME: i64 = 900;

/// Longest life of a token for REST calls in seconds: 24 hours (guide of the platform's JWTs). For
/// a project the platform documents 5 minutes, which is not enforced here.
pub const MAX_REST_LIFETIME: i64 = 86_400;

/// Latest time, in Unix seconds, that is taken for seconds: 10^11, in the year 5138. Times above it
/// are milliseconds given by mistake.
pub const MAX_TIME: i64 = 100_000_000_000;

/// Largest nonce: the largest integer that every JSON reader keeps exactly.
pub const MAX_NONCE: i64 = MAX_EXACT_INTEGER;

/// 2^53 - 1: up to here every integer is a double of its own. Larger times in the JSON of a token
/// are refused.
pub(crate) const MAX_EXACT_INTEGER: i64 = (1 << 53) - 1;

/// How many seconds in the future the issue time of a token may be when it is verified: clocks of
/// servers differ.
pub const MAX_ISSUE_SKEW: i64 = 60;

/// Largest leeway in seconds that verify takes: one hour. More would undo the expiry rather than
/// forgive a clock.
pub const MAX_LEEWAY: i64 = 3_600;

/// Most wrappings inside of each other that an inspection takes off a token. Each costs a pass over
/// it.
pub const MAX_WRAPPINGS: usize = 8;

/// Most characters of a token that the message of a finding quotes.
pub const MAX_QUOTED_CHARACTERS: usize = 64;

/// Longest token in bytes whose signature an inspection compares with keys of changed forms of the
/// API secret, some thirty of them. A JWT with 1000 ASCII characters of data and as many of layout
/// classes has fewer than 4,096.
pub const MAX_BYTES_FOR_CHANGED_SECRETS: usize = 8_192;
