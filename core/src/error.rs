//! The one error type: a stable number, a stable name and one sentence for a person.
//!
//! Numbers are in hundreds by group ([`ErrorGroup`]) and are never reused. A sentence gives the
//! value's size or kind, the limit, the unit and the way out. It never holds the secret and never
//! the input itself, so an error can be logged or shown to anybody.
//!
//! There is one enum for all calls: a caller handles one type, and a binding maps it by its code
//! and group.

use crate::limits::{
    DEFAULT_LIFETIME, MAX_API_KEY_DIGITS, MAX_API_SECRET_BYTES, MAX_DATA_UNITS, MAX_KEY_BYTES,
    MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LEEWAY, MAX_LIFETIME, MAX_NONCE, MAX_REST_LIFETIME,
    MAX_RSA_BITS, MAX_SESSION_ID_LENGTH, MAX_TIME, MAX_TOKEN_BYTES, MIN_RSA_BITS,
};
use crate::names::named_enum;

/// Why a token was not generated or not accepted.
///
/// [`Error::code`] is for programs, `Display` for people.
///
/// ```
/// use tokmint::{Error, ErrorCode, ErrorGroup, OpenTok};
///
/// let error = OpenTok::new("123456", "").unwrap_err();
/// assert!(matches!(error, Error::InvalidApiSecret { .. }));
/// assert_eq!(error.code(), ErrorCode::InvalidApiSecret);
/// assert_eq!((error.code().name(), error.code().number()), ("invalid_api_secret", 101));
/// assert_eq!(error.code().group(), ErrorGroup::Credentials);
/// assert_eq!(
///     error.to_string(),
///     "the API secret is empty; pass the project's API secret exactly as its account page shows it"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The API key is not 1 to [`MAX_API_KEY_DIGITS`] ASCII digits.
    #[error(
        "the API key must be 1 to {MAX_API_KEY_DIGITS} ASCII digits, but this string of {length} bytes is not; \
         copy the project's API key from its account page, or use the constructor for applications"
    )]
    InvalidApiKey {
        /// Length of the refused string in bytes.
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

    /// The application ID is not a UUID.
    #[error(
        "the application ID must be a UUID, but this string of {length} bytes is not; copy it from the application's \
         page, with its hyphens"
    )]
    InvalidApplicationId {
        /// Length of the refused string in bytes.
        length: usize,
    },

    /// The private key is not an RSA key that signs tokens.
    #[error("the private key {fault}")]
    InvalidPrivateKey {
        /// What is wrong with it.
        fault: KeyFault,
    },

    /// The public key is not an RSA key that verifies tokens.
    #[error("the public key {fault}")]
    InvalidPublicKey {
        /// What is wrong with it.
        fault: KeyFault,
    },

    /// Credentials with a public key only were asked for a token.
    #[error(
        "these credentials hold a public key only, which verifies tokens and signs none; generate tokens where the \
         private key is"
    )]
    NoPrivateKey,

    /// The string is not a session ID.
    #[error("the session ID {fault}; pass the ID exactly as the server returned it")]
    InvalidSessionId {
        /// What is wrong with it.
        fault: SessionIdFault,
    },

    /// The session was created by another project or application, so no server would admit the
    /// token to it.
    #[error("the session {fault}, or create a session with these")]
    SessionOfOtherProject {
        /// Whose it is.
        fault: OwnerFault,
    },

    /// The role is none of the four.
    #[error(
        "the role must be subscriber, publisher, publisheronly or moderator, in lower case, but this string of \
         {length} bytes is none of them"
    )]
    InvalidRole {
        /// Length of the refused string in bytes.
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

    /// The connection data is not well-formed Unicode.
    #[error(
        "the data is not well-formed Unicode: it holds half of a surrogate pair or bytes that are not UTF-8; \
         pass a string, and binary data as base64 or hexadecimal"
    )]
    InvalidData,

    /// One of the layout classes cannot be part of a list separated by spaces.
    #[error(
        "the layout class at index {index} is empty or holds whitespace or a control character; \
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
        "the token format must be jwt or t1, in lower case, but this string of {length} bytes is neither"
    )]
    InvalidTokenFormat {
        /// Length of the refused string in bytes.
        length: usize,
    },

    /// The option exists for the other kind of credentials only.
    #[error("{fault}")]
    UnsupportedOption {
        /// Which option.
        fault: OptionFault,
    },

    /// The `jti` is not a UUID in lower case.
    #[error(
        "the jti must be a UUID in lower case, but this string of {length} bytes is not; leave it unset unless you \
         need to reproduce a token"
    )]
    InvalidJti {
        /// Length of the refused string in bytes.
        length: usize,
    },

    /// The leeway is outside 0 to [`MAX_LEEWAY`].
    #[error(
        "the leeway must be 0 to {MAX_LEEWAY} seconds; correct the clock rather than allow for more"
    )]
    InvalidLeeway,

    /// The string is not a token that tokmint or an official SDK would write.
    #[error("the token is malformed: {fault}; {}", fault.advice())]
    MalformedToken {
        /// The malformed part, and what is wrong with it.
        fault: TokenFault,
    },

    /// The JWT asks for another signature algorithm than that of the credentials, or for a JWS
    /// extension.
    #[error("the token's header {fault}")]
    UnsupportedAlgorithm {
        /// What the header asks for.
        fault: AlgorithmFault,
    },

    /// The signature is not that of the token's bytes and this key.
    #[error(
        "the token's signature does not match: it was signed with another key, or changed afterwards; compare the API \
         secret or the key pair of the issuer with that of the verifier"
    )]
    InvalidSignature,

    /// The token names another API key or application ID.
    #[error("the token {fault}, or generate one with these")]
    TokenOfOtherProject {
        /// Whose it is.
        fault: OwnerFault,
    },

    /// The token has expired.
    #[error("the token expired {by} s ago; generate a new one")]
    TokenExpired {
        /// Seconds between its expiry and the time of verification, 0 at the very second.
        by: i64,
    },

    /// The token is not valid yet, or its issue time is in the future.
    #[error("the token {fault}")]
    TokenNotYetValid {
        /// Which time is in the future, and by how much.
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
        "the token is at least {length} bytes long, of which {MAX_TOKEN_BYTES} are read, and no valid token is longer; \
         pass the token alone"
    )]
    TokenTooLong {
        /// Length of the token in bytes, or less where a language counts otherwise and would have
        /// to read all of it.
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
        "the operating system gave no random bytes for the nonce or the jti; pass one, or retry when it can"
    )]
    SystemRandom,

    /// The cryptographic library could not compute the signature.
    #[error("the signature could not be computed; retry, and check the memory of the machine")]
    SigningFailed,

    /// The buffer does not hold the token. Nothing was written and nothing was signed.
    #[error("the buffer is too short for the token; pass one of at least {length} bytes")]
    BufferTooShort {
        /// A length in bytes that holds any token of these options, whatever its nonce.
        length: usize,
    },
}

/// Declares an enum of faults without data: the variants, each with its part of the sentence.
macro_rules! unit_faults {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $sentence:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[$doc])* #[error($sentence)] $variant,)*
        }
    };
}

unit_faults! {
    /// What is wrong with an API secret.
    SecretFault {
        /// It is empty, so anybody could sign.
        Empty = "is empty",
        /// It holds a NUL character, at which C programs would cut it.
        Nul = "holds a NUL character",
        /// It starts or ends with whitespace, a byte order mark or another character without width:
        /// traces of the file it was read from.
        OuterWhitespace = "starts or ends with whitespace or an invisible character, such as a line feed",
        /// It is a key of another kind (PEM, SSH or JWK) or a token. As an HMAC secret it could be
        /// public knowledge.
        OtherKind = "looks like a PEM, SSH or JWK key or a token, which cannot sign a project's tokens (a private key is \
            for the constructor for applications)",
        /// It has a quotation mark at an end, as in an env file or in JSON.
        Quoted = "starts or ends with a quotation mark, which is not part of it",
        /// It is a whole line that assigns a secret, such as `API_SECRET=...`.
        Assignment = "is a whole line that assigns it to a name, not only its value",
        /// It is the string of an absent value or of a template that was not filled in.
        Placeholder = "is what a language or a template writes where no value was filled in",
        /// It holds a control character, such as a line feed, or a character without width.
        Unprintable = "holds a control character or an invisible character",
        /// It is longer than [`MAX_API_SECRET_BYTES`].
        TooLong = "is longer than {MAX_API_SECRET_BYTES} bytes (a private key is for the constructor for applications)",
        /// It is the API key of the project.
        ApiKey = "is the API key, which is public",
    }
}

unit_faults! {
    /// Whose a session or a token is, in place of these credentials.
    OwnerFault {
        /// Another project's.
        OtherProject = "belongs to another project than this API key; use the credentials of that project",
        /// Another application's.
        OtherApplication = "belongs to another application than this one; use the credentials of that application",
        /// A project's, and these are credentials of an application.
        Project = "belongs to a project, but these are credentials of an application; use the project's API key and secret",
        /// An application's, and these are credentials of a project.
        Application = "belongs to an application, but these are credentials of a project; use the application's ID and key",
    }
}

unit_faults! {
    /// An option that exists for the other kind of credentials only.
    OptionFault {
        /// T1 for an application.
        TokenFormat = "the token format t1 is for projects only; leave it unset, as tokens of applications are JWTs",
        /// A nonce for an application.
        Nonce = "the option nonce is for projects only; tokens of applications have a jti",
        /// A `jti` for a client token of a project.
        Jti = "the option jti is for applications only; client tokens of projects have a nonce",
    }
}

/// What is wrong with the text of a private or a public key, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFault {
    /// There is nothing but whitespace.
    #[error("is empty; pass the text of the key file")]
    Empty,
    /// It is longer than [`MAX_KEY_BYTES`].
    #[error("is {length} bytes long, at most {MAX_KEY_BYTES} are read; pass one key alone")]
    TooLong {
        /// Length in bytes.
        length: usize,
    },
    /// It is neither UTF-8 nor DER.
    #[error(
        "is neither UTF-8 text nor DER; save the key file as UTF-8, which PowerShell's > does not"
    )]
    NotText,
    /// It is the string of an absent value, or of a template that was not filled in.
    #[error(
        "is what a language or a template writes where no value was filled in; load the key where this program runs"
    )]
    Placeholder,
    /// It is the path or the address of a file.
    #[error("is the path of a file; read the file and pass what it holds")]
    Path,
    /// It is a UUID.
    #[error("is an application ID, not a key; pass the text of the key file")]
    ApplicationId,
    /// It is one short word.
    #[error(
        "looks like an API secret; pass the text of the key file, or use the API key with this secret"
    )]
    ApiSecret,
    /// It has no line that begins a key.
    #[error(
        "has no line that begins with -----BEGIN, written exactly so; pass the whole text of the PEM file, as it is"
    )]
    NoPem,
    /// It ends before its END line.
    #[error(
        "has no -----END line, probably because a shell or an env file cut it at a line feed; pass all lines, or \
         write the line feeds as \\n"
    )]
    Truncated,
    /// Its base64, its DER or its numbers are wrong.
    #[error("is corrupt: its base64, its DER or its numbers are wrong; copy the key file again")]
    Corrupt,
    /// It is encrypted.
    #[error(
        "is encrypted with a passphrase; decrypt it first, for example with openssl pkey -in FILE -out NEW_FILE"
    )]
    Encrypted,
    /// It is an elliptic-curve key.
    #[error("is an elliptic-curve key; pass the RSA key of the application")]
    EllipticCurve,
    /// It is a key for another algorithm.
    #[error("is not for RSA PKCS #1 v1.5 signatures; pass the RSA key of the application")]
    OtherAlgorithm,
    /// It is an OpenSSH key.
    #[error(
        "is in OpenSSH format; convert a copy of it to PEM: ssh-keygen -p -m PEM -f COPY (a private key), or ssh-keygen -e \
         -m PKCS8 -f FILE (a public key)"
    )]
    OpenSsh,
    /// It is a public key in place of a private one.
    #[error("is a public key, which signs no token; pass the private key, or make a verifier")]
    Public,
    /// It is a private key in place of a public one.
    #[error("is a private key, which a verifier must not hold; pass the public key")]
    Private,
    /// It is a certificate in place of a private key.
    #[error("is a certificate, which holds a public key; pass the private key")]
    Certificate,
    /// It is a certificate signing request.
    #[error("is a certificate signing request; pass the key itself")]
    CertificateRequest,
    /// There is more than one key.
    #[error("is more than one key; pass one")]
    Several,
    /// It is JSON, but not the JWK of a public key.
    #[error("is JSON; pass the key in it, in PEM form")]
    Json,
    /// It is shorter than [`MIN_RSA_BITS`].
    #[error(
        "has {bits} bits, at least {MIN_RSA_BITS} are required; generate a new one for the application"
    )]
    TooSmall {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// It is longer than [`MAX_RSA_BITS`].
    #[error(
        "has {bits} bits, at most {MAX_RSA_BITS} are supported; generate a new one for the application"
    )]
    TooLarge {
        /// Length of the modulus in bits.
        bits: usize,
    },
    /// It has more than two primes.
    #[error("has more than two primes; generate a new one for the application")]
    MultiPrime,
}

/// What is wrong with a session ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionIdFault {
    /// It is longer than [`MAX_SESSION_ID_LENGTH`].
    #[error("is {length} bytes long, at most {MAX_SESSION_ID_LENGTH} are allowed")]
    TooLong {
        /// Length in bytes.
        length: usize,
    },
    /// It is empty, or the string of an absent value.
    #[error("is empty, or what a language writes where there is no value")]
    Placeholder,
    /// It starts or ends with whitespace or a character without width.
    #[error("starts or ends with whitespace or an invisible character")]
    OuterWhitespace,
    /// It has quotation marks at both ends.
    #[error("has quotation marks around it")]
    Quoted,
    /// It does not start with `1_` or `2_`.
    #[error("does not start with 1_ or 2_")]
    Prefix,
    /// It is a session ID without the hyphen at its end.
    #[error("lacks the hyphen at its end, which a double click does not select")]
    MissingHyphen,
    /// What follows the prefix is not canonical base64url without padding.
    #[error(
        "is cut off or changed: after its prefix it is not canonical base64url without padding"
    )]
    Base64,
    /// The decoded string is not UTF-8, or names no project.
    #[error("does not name the project or the application that created it")]
    Owner,
}

/// What is wrong with an expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpireTimeFault {
    /// It is not after the creation time.
    #[error(
        "must be at least 1 s after the creation time, but is {by} s before it; pass a later time or a longer lifetime"
    )]
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
    /// A token for REST calls would live longer than [`MAX_REST_LIFETIME`].
    #[error(
        "is {lifetime} s after the creation time, at most {MAX_REST_LIFETIME} s (24 hours) are allowed for REST \
         tokens; issue a new token when it ends"
    )]
    TooFarForRest {
        /// Seconds from the creation time to the expiry.
        lifetime: i64,
    },
    /// It is above [`MAX_TIME`].
    #[error(
        "looks like milliseconds: it is above {MAX_TIME}, but its unit is Unix seconds; divide it by 1000"
    )]
    Milliseconds,
    /// Both `expire_time` and `expires_in` are given.
    #[error("is given twice, as a time and as a lifetime; pass only one of them")]
    GivenTwice,
}

unit_faults! {
    /// Which part of a token is malformed, and why.
    TokenFault {
        /// It is of neither format.
        Shape = "it neither starts with T1== nor has three parts separated by dots",
        /// The header of a JWT is not base64.
        HeaderBase64 = "its header is not canonical, unpadded base64url",
        /// The header of a JWT is not JSON.
        HeaderJson = "its header is not a well-formed JSON object",
        /// The payload of a JWT is not base64.
        PayloadBase64 = "its payload is not canonical, unpadded base64url",
        /// The payload of a JWT is not JSON.
        PayloadJson = "its payload is not a well-formed JSON object",
        /// The signature of a JWT is not base64.
        SignatureBase64 = "its signature is not canonical, unpadded base64url",
        /// A T1 token is not base64.
        T1Base64 = "what follows T1== is not canonical, padded base64",
        /// The head of a T1 token is malformed.
        T1Head = "its head does not hold partner_id=KEY and sig= with 40 hexadecimal digits, each once, before a colon",
        /// The data of a T1 token is not form-encoded UTF-8.
        T1Field = "one of its fields is not form-encoded UTF-8 with an equals sign",
        /// A name appears twice in one object or form.
        DuplicateName = "one of its names appears twice",
        /// The scope of a JWT is missing or another one.
        Scope = "it has no scope session.connect, so it is no client token (REST tokens have none)",
        /// The `ist` of a JWT is missing or another one.
        IssuerType = "its ist is not project",
        /// The `iss` of a JWT is missing or not a string.
        Issuer = "its iss is not a string",
        /// The `application_id` of an application's JWT is missing or not a string.
        ApplicationId = "its application_id is missing or not a string",
        /// The `sub` of an application's JWT is another one.
        Subject = "its sub is not video",
        /// The session is missing.
        MissingSessionId = "it names no session",
        /// The session is not a session ID.
        SessionId = "its session ID is malformed",
        /// The role is missing.
        MissingRole = "it has no role",
        /// The role is another one.
        Role = "its role is none of the four",
        /// The time of issue is missing.
        MissingCreateTime = "it has no time of issue",
        /// The time of issue is not a time.
        CreateTime = "its time of issue is not in plain Unix seconds",
        /// The expiry is not a time.
        ExpireTime = "its expiry is not in plain Unix seconds",
        /// The `nbf` of a JWT is not a time.
        NotBefore = "its nbf is not in plain Unix seconds",
        /// The nonce or `jti` of a JWT is of another type.
        Nonce = "its nonce or jti is neither a number nor a well-formed Unicode string",
        /// The connection data of a JWT is of another type.
        Data = "its connection_data is not a well-formed Unicode string",
        /// The layout classes of a JWT are of another type.
        Layout = "its initial_layout_class_list is neither a string nor an array of strings",
    }
}

impl TokenFault {
    /// The way out: what is no JSON or form was changed in transit; the rest was issued like this.
    const fn advice(self) -> &'static str {
        use TokenFault::{HeaderBase64, HeaderJson, PayloadBase64, Shape};
        use TokenFault::{SignatureBase64, T1Base64, T1Head};
        match self {
            Shape | HeaderBase64 | HeaderJson | PayloadBase64 | SignatureBase64 | T1Base64
            | T1Head => "pass it whole and unchanged, as it was generated",
            TokenFault::Scope => "generate a client token for the session",
            _ => "correct it where the token is issued",
        }
    }
}

impl From<TokenFault> for Error {
    fn from(fault: TokenFault) -> Error {
        Error::MalformedToken { fault }
    }
}

unit_faults! {
    /// What the header of a JWT asks for.
    AlgorithmFault {
        /// `alg` is missing or another one.
        Algorithm = "names an algorithm that signs no client token: those of projects are signed with HS256, those of \
            applications with RS256",
        /// HS256, and these are credentials of an application.
        Project = "names HS256, with which a project's API secret signs, but these are credentials of an application; \
            use the project's API key and secret",
        /// RS256, and these are credentials of a project.
        Application = "names RS256, with which an application's private key signs, but these are credentials of a \
            project; use the application's ID and key",
        /// A JWS extension.
        Extension = "asks for an extension (crit, b64 or zip); client tokens are plain",
    }
}

/// Which time of a token is in the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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

named_enum! {
    /// What an error is about. Each group reserves 100 numbers, and bindings map errors by it.
    #[non_exhaustive]
    ErrorGroup {
        /// 100: the API key and secret, or the application ID and key.
        Credentials = "credentials",
        /// 200: the session ID.
        Session = "session",
        /// 300: an option of a call.
        Options = "options",
        /// 400: the token to verify.
        Token = "token",
        /// 500: the clock or the entropy of the system.
        System = "system",
        /// 900: how a call crossed an FFI boundary.
        Binding = "binding",
    }
}

/// Writes the table of codes. Those marked `: Error` are the codes of this crate's errors; only
/// bindings report the others.
macro_rules! error_codes {
    ($($group:ident {
        $($(#[$doc:meta])* $variant:ident $(: $error:ident)? = $number:literal $name:literal,)*
    })*) => {
        named_enum! {
            /// The stable code of an error: a name, and a number for languages that compare
            /// integers. Neither ever changes.
            #[non_exhaustive]
            ErrorCode {
                $($(
                    $(#[doc = concat!("See [`", stringify!($error), "::", stringify!($variant), "`].")])?
                    $(#[$doc])*
                    $variant = $name,
                )*)*
            }
        }

        impl ErrorCode {
            /// The number.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self {
                    $($(ErrorCode::$variant => $number,)*)*
                }
            }

            /// What the error is about.
            #[must_use]
            pub const fn group(self) -> ErrorGroup {
                match self {
                    $($(ErrorCode::$variant => ErrorGroup::$group,)*)*
                }
            }
        }

        impl Error {
            /// The stable code of this error.
            #[must_use]
            pub const fn code(self) -> ErrorCode {
                match self {
                    $($($($error::$variant { .. } => ErrorCode::$variant,)?)*)*
                }
            }
        }
    };
}

error_codes! {
    Credentials {
        InvalidApiKey: Error = 100 "invalid_api_key",
        InvalidApiSecret: Error = 101 "invalid_api_secret",
        InvalidApplicationId: Error = 102 "invalid_application_id",
        InvalidPrivateKey: Error = 103 "invalid_private_key",
        InvalidPublicKey: Error = 104 "invalid_public_key",
        NoPrivateKey: Error = 105 "no_private_key",
    }
    Session {
        InvalidSessionId: Error = 200 "invalid_session_id",
        SessionOfOtherProject: Error = 201 "session_of_other_project",
    }
    Options {
        InvalidRole: Error = 300 "invalid_role",
        InvalidExpireTime: Error = 301 "invalid_expire_time",
        DataTooLong: Error = 302 "data_too_long",
        InvalidData: Error = 303 "invalid_data",
        InvalidLayoutClass: Error = 304 "invalid_layout_class",
        LayoutClassListTooLong: Error = 305 "layout_class_list_too_long",
        InvalidCreateTime: Error = 306 "invalid_create_time",
        InvalidNonce: Error = 307 "invalid_nonce",
        InvalidTokenFormat: Error = 308 "invalid_token_format",
        InvalidLeeway: Error = 309 "invalid_leeway",
        UnsupportedOption: Error = 310 "unsupported_option",
        InvalidJti: Error = 311 "invalid_jti",
    }
    Token {
        MalformedToken: Error = 400 "malformed_token",
        UnsupportedAlgorithm: Error = 401 "unsupported_algorithm",
        InvalidSignature: Error = 402 "invalid_signature",
        TokenOfOtherProject: Error = 403 "token_of_other_project",
        TokenExpired: Error = 404 "token_expired",
        TokenNotYetValid: Error = 405 "token_not_yet_valid",
        MissingExpiry: Error = 406 "missing_expiry",
        TokenOfOtherSession: Error = 407 "token_of_other_session",
        TokenTooLong: Error = 408 "token_too_long",
        LifetimeTooLong: Error = 409 "lifetime_too_long",
    }
    System {
        SystemClock: Error = 500 "system_clock",
        SystemRandom: Error = 501 "system_random",
        SigningFailed: Error = 502 "signing_failed",
    }
    Binding {
        /// A null pointer was passed to a function. Only the C library reports it.
        NullPointer = 900 "null_pointer",
        /// A string is not well-formed Unicode. Only bindings report it.
        InvalidUtf8 = 901 "invalid_utf8",
        /// A size that cannot be. Only the C library and the WebAssembly module report it.
        InvalidSize = 902 "invalid_size",
        BufferTooShort: Error = 903 "buffer_too_short",
        /// A secret or a private key was passed to tokmint in a browser, where everybody could read
        /// it. Only the npm package reports it.
        SecretInBrowser = 904 "secret_in_browser",
        /// The native library cannot be loaded: there is none for this platform, or it cannot be
        /// written to a folder. Only the jar for Kotlin and Java reports it.
        LibraryNotLoaded = 905 "library_not_loaded",
        /// A panic, which is a defect of tokmint. Only bindings report it.
        Panic = 999 "panic",
    }
}
