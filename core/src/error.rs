//! The one error type: a stable number, a stable name and one sentence for a person.
//!
//! Numbers are grouped (10 credentials, 20 session, 30 options, 40 token, 50 system, 90 borders) and are never
//! reused. A sentence gives the value's size or kind, the limit, the unit and the way out. It never holds the secret
//! and never the input itself, so an error can be logged or shown to anybody.
//!
//! There is one enum for all calls, because every border has to map every error once, and a single exhaustive
//! `match` there turns a forgotten error into a failed build.

use crate::limits::{
    DEFAULT_LIFETIME, MAX_API_KEY_DIGITS, MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LEEWAY,
    MAX_LIFETIME, MAX_NONCE, MAX_SESSION_ID_LENGTH, MAX_TIME, MAX_TOKEN_BYTES,
};

/// Why a token was not generated or not accepted.
///
/// [`Error::code`] is for programs, `Display` for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The API key is not 1 to [`MAX_API_KEY_DIGITS`] ASCII digits.
    #[error(
        "the API key must be 1 to {MAX_API_KEY_DIGITS} ASCII digits, but this text of {length} bytes is not; \
         copy the project's API key from its account page"
    )]
    InvalidApiKey {
        /// Length of the refused text in bytes.
        length: usize,
    },

    /// The API secret cannot be a secret that the account page shows.
    #[error(
        "the API secret {fault}; pass the project's API secret exactly as its account page shows it"
    )]
    InvalidApiSecret {
        /// What is wrong with it.
        fault: SecretFault,
    },

    /// The text is not a session ID.
    #[error("the session ID {fault}; pass the ID exactly as the server returned it")]
    InvalidSessionId {
        /// What is wrong with it.
        fault: SessionIdFault,
    },

    /// The session was created by another project, so no server would admit the token to it.
    #[error(
        "the session belongs to another project than this API key; use the credentials of the project that created it"
    )]
    SessionOfOtherProject,

    /// The role is none of the four.
    #[error(
        "the role must be subscriber, publisher, publisheronly or moderator, in lower case, but this text of \
         {length} bytes is none of them"
    )]
    InvalidRole {
        /// Length of the refused text in bytes.
        length: usize,
    },

    /// The expiry is not one that a token can have.
    #[error("the expiry {fault}")]
    InvalidExpireTime {
        /// What is wrong with it.
        fault: ExpireTimeFault,
    },

    /// The connection data exceeds [`MAX_DATA_UNITS`].
    #[error(
        "the data is {length} UTF-16 code units long, at most {MAX_DATA_UNITS} are allowed; \
         pass an identifier and keep the rest on your server"
    )]
    DataTooLong {
        /// Length of the data in UTF-16 code units.
        length: usize,
    },

    /// The connection data is not well-formed Unicode text.
    #[error(
        "the data is not well-formed Unicode: it holds half of a surrogate pair or bytes that are not UTF-8; \
         pass text, and binary data as base64 or hexadecimal"
    )]
    InvalidData,

    /// One of the layout classes cannot stand in a list separated by spaces.
    #[error(
        "the layout class at index {index} is empty or holds white space or a control character; \
         pass each class as an element of its own"
    )]
    InvalidLayoutClass {
        /// Position of the class in the list, counted from 0.
        index: usize,
    },

    /// The layout classes exceed [`MAX_LAYOUT_CLASS_LIST_UNITS`].
    #[error(
        "the layout classes are {length} UTF-16 code units long with their separating spaces, \
         at most {MAX_LAYOUT_CLASS_LIST_UNITS} are allowed; pass fewer or shorter classes"
    )]
    LayoutClassListTooLong {
        /// Length of the classes in UTF-16 code units, joined by one space.
        length: usize,
    },

    /// The creation time is outside 0 to [`MAX_TIME`].
    #[error(
        "the creation time must be 0 to {MAX_TIME} Unix seconds; leave it unset for the current time, \
         and divide milliseconds by 1000"
    )]
    InvalidCreateTime,

    /// The nonce is outside 0 to [`MAX_NONCE`].
    #[error(
        "the nonce must be 0 to {MAX_NONCE}; leave it unset unless you need to reproduce a token"
    )]
    InvalidNonce,

    /// The token format has no such name.
    #[error(
        "the token format must be jwt or t1, in lower case, but this text of {length} bytes is neither"
    )]
    InvalidTokenFormat {
        /// Length of the refused text in bytes.
        length: usize,
    },

    /// The leeway is outside 0 to [`MAX_LEEWAY`].
    #[error(
        "the leeway must be 0 to {MAX_LEEWAY} seconds; correct the clock rather than allow for more"
    )]
    InvalidLeeway,

    /// The text is not a token that tokmint, or an official SDK, would write.
    #[error("the token is malformed: {fault}; {}", fault.advice())]
    MalformedToken {
        /// The part that does not read, and why.
        fault: TokenFault,
    },

    /// The JWT asks for another signature algorithm than HS256 or for a JWS extension.
    #[error(
        "the token's header {fault}; a project's API secret verifies plain HS256 tokens and T1 tokens only"
    )]
    UnsupportedAlgorithm {
        /// What the header asks for.
        fault: AlgorithmFault,
    },

    /// The signature does not belong to the token's bytes and this API secret.
    #[error(
        "the token's signature does not match: it was signed with another API secret, or changed afterwards"
    )]
    InvalidSignature,

    /// The token names another API key.
    #[error(
        "the token belongs to another project than this API key; use the credentials of the project that issued it"
    )]
    TokenOfOtherProject,

    /// The token has expired.
    #[error("the token expired {by} s ago; generate a new one")]
    TokenExpired {
        /// Seconds between its expiry and the time of verification, 0 at the very second.
        by: i64,
    },

    /// The token, or the time of its issue, lies in the future.
    #[error("the token {fault}")]
    TokenNotYetValid {
        /// Which time lies ahead, and by how much.
        fault: StartFault,
    },

    /// The JWT has no expiry.
    #[error(
        "the token has no expiry, which servers read in different ways; generate it with one, \
         at most {MAX_LIFETIME} s after its issue ({DEFAULT_LIFETIME} s is the default)"
    )]
    MissingExpiry,

    /// The token is for another session than the expected one.
    #[error(
        "the token is for another session than the expected one; generate one for this session"
    )]
    TokenOfOtherSession,

    /// The token exceeds [`MAX_TOKEN_BYTES`].
    #[error(
        "the token is {length} bytes long, at most {MAX_TOKEN_BYTES} are read; no valid token is longer"
    )]
    TokenTooLong {
        /// Length of the token in bytes.
        length: usize,
    },

    /// The token's expiry is more than [`MAX_LIFETIME`] after its issue.
    #[error(
        "the token expires {lifetime} s after its issue, at most {MAX_LIFETIME} s (30 days) are allowed; \
         if its expiry is in milliseconds, divide it by 1000"
    )]
    LifetimeTooLong {
        /// Seconds from issue to expiry.
        lifetime: i64,
    },

    /// The system clock shows a time before 1970 or after [`MAX_TIME`].
    #[error(
        "the system clock is outside the years 1970 to 5138; set it, or pass the time explicitly"
    )]
    SystemClock,

    /// The operating system gave no random bytes.
    #[error(
        "the operating system gave no random bytes for the nonce; pass a nonce, or retry when it can"
    )]
    SystemRandom,
}

/// What is wrong with an API secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// It is empty, so anybody could sign.
    #[error("is empty")]
    Empty,
    /// It holds a NUL character, at which C programs would cut it.
    #[error("holds a NUL character")]
    Nul,
    /// It starts or ends with white space, or starts with a byte order mark: traces of the file it was read from.
    #[error("starts or ends with white space, or starts with a byte order mark")]
    OuterWhiteSpace,
    /// It is a key of another kind: PEM, SSH or JWK. As an HMAC secret it could be public knowledge.
    #[error("looks like a PEM, SSH or JWK key, which cannot sign a project's tokens")]
    OtherKind,
}

/// What is wrong with a session ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionIdFault {
    /// It is longer than [`MAX_SESSION_ID_LENGTH`].
    #[error("is {length} bytes long, at most {MAX_SESSION_ID_LENGTH} are allowed")]
    TooLong {
        /// Length in bytes.
        length: usize,
    },
    /// It does not start with `1_` or `2_`.
    #[error("does not start with 1_ or 2_")]
    Prefix,
    /// What follows the prefix is not canonical base64url without padding.
    #[error("is not canonical base64url without padding after its prefix")]
    Base64,
    /// The decoded text is not UTF-8, or names no project.
    #[error("does not name the project that owns the session")]
    Owner,
}

/// What is wrong with an expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExpireTimeFault {
    /// It is not after the creation time.
    #[error("must lie after the creation time, but is {by} s before it; pass a later time")]
    NotInFuture {
        /// Seconds from the expiry to the creation time, 0 if they are equal.
        by: i64,
    },
    /// It is more than [`MAX_LIFETIME`] after the creation time.
    #[error(
        "is {lifetime} s after the creation time, at most {MAX_LIFETIME} s (30 days) are allowed; \
         pass an earlier time and issue a new token when it ends"
    )]
    TooFar {
        /// Seconds from the creation time to the expiry.
        lifetime: i64,
    },
    /// It is above [`MAX_TIME`].
    #[error(
        "looks like milliseconds: it is above {MAX_TIME}, but its unit is Unix seconds; divide it by 1000"
    )]
    Milliseconds,
    /// Both `expire_time` and `expires_in` are given.
    #[error("is given twice, as expire_time and as expires_in; pass only one of them")]
    GivenTwice,
}

/// Which part of a token does not read, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// It is of neither format.
    #[error("it neither starts with T1== nor has three parts separated by dots")]
    Shape,
    /// The header of a JWT is not base64.
    #[error("its header is not canonical, unpadded base64url")]
    HeaderBase64,
    /// The header of a JWT is not JSON.
    #[error("its header is not a well-formed JSON object")]
    HeaderJson,
    /// The payload of a JWT is not base64.
    #[error("its payload is not canonical, unpadded base64url")]
    PayloadBase64,
    /// The payload of a JWT is not JSON.
    #[error("its payload is not a well-formed JSON object")]
    PayloadJson,
    /// The signature of a JWT is not base64.
    #[error("its signature is not canonical, unpadded base64url")]
    SignatureBase64,
    /// A T1 token is not base64.
    #[error("what follows T1== is not canonical, padded base64")]
    T1Base64,
    /// The head of a T1 token is another one.
    #[error(
        "its head is not partner_id=KEY&sig= with 40 lower-case hexadecimal digits and a colon"
    )]
    T1Head,
    /// The data of a T1 token is not form-encoded UTF-8.
    #[error("one of its fields is not form-encoded UTF-8 with an equals sign")]
    T1Field,
    /// A name stands twice in one object or form.
    #[error("one of its names stands in it twice")]
    DuplicateName,
    /// The scope of a JWT is missing or another one.
    #[error("it has no scope session.connect, so it is no client token (REST tokens have none)")]
    Scope,
    /// The `ist` of a JWT is missing or another one.
    #[error("its ist is not project")]
    IssuerType,
    /// The `iss` of a JWT is missing or not a text.
    #[error("its iss is not a text")]
    Issuer,
    /// The session is missing.
    #[error("it names no session")]
    MissingSessionId,
    /// The session is not a session ID.
    #[error("its session ID is not one")]
    SessionId,
    /// The role is missing.
    #[error("it has no role")]
    MissingRole,
    /// The role is another one.
    #[error("its role is none of the four")]
    Role,
    /// The time of issue is missing.
    #[error("it has no time of issue")]
    MissingCreateTime,
    /// The time of issue is not a time.
    #[error("its time of issue is not in plain Unix seconds")]
    CreateTime,
    /// The expiry is not a time.
    #[error("its expiry is not in plain Unix seconds")]
    ExpireTime,
    /// The `nbf` of a JWT is not a time.
    #[error("its nbf is not in plain Unix seconds")]
    NotBefore,
    /// The nonce of a JWT is of another type.
    #[error("its nonce is neither a number nor a text")]
    Nonce,
    /// The connection data of a JWT is of another type.
    #[error("its connection_data is not a text")]
    Data,
    /// The layout classes of a JWT are of another type.
    #[error("its initial_layout_class_list is neither a text nor an array of texts")]
    Layout,
}

impl TokenFault {
    /// The way out: what is not even JSON or fields was changed on its way, and the rest was written so.
    const fn advice(self) -> &'static str {
        match self {
            TokenFault::Shape
            | TokenFault::HeaderBase64
            | TokenFault::HeaderJson
            | TokenFault::PayloadBase64
            | TokenFault::PayloadJson
            | TokenFault::SignatureBase64
            | TokenFault::T1Base64
            | TokenFault::T1Head
            | TokenFault::T1Field => "pass it whole and unchanged, as it was generated",
            TokenFault::DuplicateName
            | TokenFault::Scope
            | TokenFault::IssuerType
            | TokenFault::Issuer
            | TokenFault::MissingSessionId
            | TokenFault::SessionId
            | TokenFault::MissingRole
            | TokenFault::Role
            | TokenFault::MissingCreateTime
            | TokenFault::CreateTime
            | TokenFault::ExpireTime
            | TokenFault::NotBefore
            | TokenFault::Nonce
            | TokenFault::Data
            | TokenFault::Layout => "correct it where the token is made",
        }
    }
}

impl From<TokenFault> for Error {
    fn from(fault: TokenFault) -> Error {
        Error::MalformedToken { fault }
    }
}

/// What the header of a JWT asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AlgorithmFault {
    /// `alg` is missing or another one.
    #[error("names another algorithm than HS256")]
    Algorithm,
    /// A JWS extension.
    #[error("asks for an extension (crit, b64 or zip)")]
    Extension,
}

/// Which time of a token lies ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartFault {
    /// The time of issue, by more than clocks may differ.
    #[error(
        "was issued {ahead} s in the future; set the clock of the issuing or of the verifying machine"
    )]
    CreateTime {
        /// Seconds from now to the time of issue.
        ahead: i64,
    },
    /// The `nbf` of a JWT, by more than the leeway.
    #[error(
        "is not valid for another {ahead} s, as its nbf says; wait, or generate one without nbf"
    )]
    NotBefore {
        /// Seconds from now to that time.
        ahead: i64,
    },
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal,)*) => {
        /// The stable code of an error: a number, which crosses C, and a name, which crosses everywhere.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant = $number,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the numbers.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)*];

            /// The number, fixed for ever.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self {
                    $(ErrorCode::$variant => $number,)*
                }
            }

            /// The name, fixed for ever: lower-case words joined by underscores.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(ErrorCode::$variant => $name,)*
                }
            }
        }
    };
}

error_codes! {
    /// See [`Error::InvalidApiKey`].
    InvalidApiKey = 10 "invalid_api_key",
    /// See [`Error::InvalidApiSecret`].
    InvalidApiSecret = 11 "invalid_api_secret",
    /// See [`Error::InvalidSessionId`].
    InvalidSessionId = 20 "invalid_session_id",
    /// See [`Error::SessionOfOtherProject`].
    SessionOfOtherProject = 21 "session_of_other_project",
    /// See [`Error::InvalidRole`].
    InvalidRole = 30 "invalid_role",
    /// See [`Error::InvalidExpireTime`].
    InvalidExpireTime = 31 "invalid_expire_time",
    /// See [`Error::DataTooLong`].
    DataTooLong = 32 "data_too_long",
    /// See [`Error::InvalidData`].
    InvalidData = 33 "invalid_data",
    /// See [`Error::InvalidLayoutClass`].
    InvalidLayoutClass = 34 "invalid_layout_class",
    /// See [`Error::LayoutClassListTooLong`].
    LayoutClassListTooLong = 35 "layout_class_list_too_long",
    /// See [`Error::InvalidCreateTime`].
    InvalidCreateTime = 36 "invalid_create_time",
    /// See [`Error::InvalidNonce`].
    InvalidNonce = 37 "invalid_nonce",
    /// See [`Error::InvalidTokenFormat`].
    InvalidTokenFormat = 38 "invalid_token_format",
    /// See [`Error::InvalidLeeway`].
    InvalidLeeway = 39 "invalid_leeway",
    /// See [`Error::MalformedToken`].
    MalformedToken = 40 "malformed_token",
    /// See [`Error::UnsupportedAlgorithm`].
    UnsupportedAlgorithm = 41 "unsupported_algorithm",
    /// See [`Error::InvalidSignature`].
    InvalidSignature = 42 "invalid_signature",
    /// See [`Error::TokenOfOtherProject`].
    TokenOfOtherProject = 43 "token_of_other_project",
    /// See [`Error::TokenExpired`].
    TokenExpired = 44 "token_expired",
    /// See [`Error::TokenNotYetValid`].
    TokenNotYetValid = 45 "token_not_yet_valid",
    /// See [`Error::MissingExpiry`].
    MissingExpiry = 46 "missing_expiry",
    /// See [`Error::TokenOfOtherSession`].
    TokenOfOtherSession = 47 "token_of_other_session",
    /// See [`Error::TokenTooLong`].
    TokenTooLong = 48 "token_too_long",
    /// See [`Error::LifetimeTooLong`].
    LifetimeTooLong = 49 "lifetime_too_long",
    /// See [`Error::SystemClock`].
    SystemClock = 50 "system_clock",
    /// See [`Error::SystemRandom`].
    SystemRandom = 51 "system_random",
    /// A border was given a null pointer. Core never answers it.
    NullPointer = 90 "null_pointer",
    /// A border was given text that is not well-formed Unicode. Core never answers it.
    InvalidUtf8 = 91 "invalid_utf8",
    /// A border caught a panic, which is a defect of tokmint. Core never answers it.
    Panic = 99 "panic",
}

impl Error {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Error::InvalidApiKey { .. } => ErrorCode::InvalidApiKey,
            Error::InvalidApiSecret { .. } => ErrorCode::InvalidApiSecret,
            Error::InvalidSessionId { .. } => ErrorCode::InvalidSessionId,
            Error::SessionOfOtherProject => ErrorCode::SessionOfOtherProject,
            Error::InvalidRole { .. } => ErrorCode::InvalidRole,
            Error::InvalidExpireTime { .. } => ErrorCode::InvalidExpireTime,
            Error::DataTooLong { .. } => ErrorCode::DataTooLong,
            Error::InvalidData => ErrorCode::InvalidData,
            Error::InvalidLayoutClass { .. } => ErrorCode::InvalidLayoutClass,
            Error::LayoutClassListTooLong { .. } => ErrorCode::LayoutClassListTooLong,
            Error::InvalidCreateTime => ErrorCode::InvalidCreateTime,
            Error::InvalidNonce => ErrorCode::InvalidNonce,
            Error::InvalidTokenFormat { .. } => ErrorCode::InvalidTokenFormat,
            Error::InvalidLeeway => ErrorCode::InvalidLeeway,
            Error::MalformedToken { .. } => ErrorCode::MalformedToken,
            Error::UnsupportedAlgorithm { .. } => ErrorCode::UnsupportedAlgorithm,
            Error::InvalidSignature => ErrorCode::InvalidSignature,
            Error::TokenOfOtherProject => ErrorCode::TokenOfOtherProject,
            Error::TokenExpired { .. } => ErrorCode::TokenExpired,
            Error::TokenNotYetValid { .. } => ErrorCode::TokenNotYetValid,
            Error::MissingExpiry => ErrorCode::MissingExpiry,
            Error::TokenOfOtherSession => ErrorCode::TokenOfOtherSession,
            Error::TokenTooLong { .. } => ErrorCode::TokenTooLong,
            Error::LifetimeTooLong { .. } => ErrorCode::LifetimeTooLong,
            Error::SystemClock => ErrorCode::SystemClock,
            Error::SystemRandom => ErrorCode::SystemRandom,
        }
    }
}
