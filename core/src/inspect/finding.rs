//! The findings of an inspection: their codes, how grave each is, and what a server says.

use serde::Serialize;

use crate::named::shown_as_name;

/// How grave a finding is. Every code has one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Verify refuses the token, as servers do or may do.
    Refused,
    /// Verify accepts the token, but it probably does not do what its issuer meant, or not on every server.
    Warning,
    /// Something unusual that does no harm.
    Note,
}

impl Severity {
    /// Every severity, the gravest first.
    pub const ALL: [Severity; 3] = [Severity::Refused, Severity::Warning, Severity::Note];

    /// The name: `refused`, `warning` or `note`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Refused => "refused",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// One thing that an inspection found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is, for programs.
    pub code: FindingCode,
    /// How grave it is: that of the code.
    pub severity: Severity,
    /// What is wrong and what to do, in one sentence for a person. It may quote a few characters of the token, escaped
    /// and shortened, but never its signature and never connection data.
    pub message: String,
    /// What the server says to such a token, where that is known.
    pub server_message: Option<&'static str>,
}

impl Finding {
    pub(super) fn new(code: FindingCode, message: impl Into<String>) -> Finding {
        Finding {
            code,
            severity: code.severity(),
            message: message.into(),
            server_message: code.server_message(),
        }
    }
}

macro_rules! finding_codes {
    ($($severity:ident { $($(#[$doc:meta])* $variant:ident = $name:literal $(says $server:literal)?,)* })*) => {
        /// The stable code of a finding. Its name is the same in every language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingCode {
            $($($(#[$doc])* $variant,)*)*
        }

        impl FindingCode {
            /// Every code.
            pub const ALL: &'static [FindingCode] = &[$($(FindingCode::$variant,)*)*];

            /// The name, fixed for ever: lower-case words joined by underscores.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(FindingCode::$variant => $name,)*)*
                }
            }

            /// How grave findings with this code are.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $($(FindingCode::$variant => Severity::$severity,)*)*
                }
            }

            /// What the server says to a token with such a finding, where that is known.
            #[must_use]
            pub const fn server_message(self) -> Option<&'static str> {
                match self {
                    $($($(FindingCode::$variant => Some($server),)?)*)*
                    _ => None,
                }
            }
        }
    };
}

finding_codes! {
    Refused {
        /// White space or a byte order mark around the token.
        WhiteSpaceAround = "white_space_around",
        /// `b'...'` around the token: a Python bytes object that was formatted.
        PythonBytes = "python_bytes",
        /// Quotation marks around the token.
        QuotesAround = "quotes_around",
        /// Other text around the token, such as `Bearer` or a name.
        TextAround = "text_around",
        /// `[object Promise]`: a JavaScript call that was not awaited.
        Promise = "promise",
        /// Nothing, or the text of an absent value.
        NoToken = "no_token",
        /// Percent-escapes in the token.
        UrlEncoded = "url_encoded",
        /// White space inside of the token.
        WhiteSpaceInside = "white_space_inside",
        /// A T1 token without `T1==`.
        MissingPrefix = "missing_prefix" says "Invalid token format",
        /// A session ID in the place of a token.
        SessionIdAsToken = "session_id_as_token",
        /// The end of the token is missing.
        Truncated = "truncated",
        /// The token exceeds [`MAX_TOKEN_BYTES`](crate::limits::MAX_TOKEN_BYTES); nothing was read.
        TokenTooLong = "token_too_long",
        /// The text is of neither format.
        MalformedToken = "malformed_token",
        /// The header of a JWT does not read.
        MalformedHeader = "malformed_header",
        /// The payload of a JWT does not read.
        MalformedPayload = "malformed_payload",
        /// The signature of a JWT does not read.
        MalformedSignature = "malformed_signature",
        /// The base64 of a T1 token does not read.
        MalformedBase64 = "malformed_base64",
        /// The head of a T1 token does not read.
        MalformedHead = "malformed_head",
        /// A field of a T1 token does not read.
        MalformedFields = "malformed_fields",
        /// A name stands in the token twice.
        DuplicateField = "duplicate_field",
        /// The JWT is not signed with HS256.
        UnsupportedAlgorithm = "unsupported_algorithm",
        /// The JWT asks for an extension.
        CriticalExtension = "critical_extension",
        /// The token of a Vonage application.
        ApplicationToken = "application_token",
        /// The signature does not match.
        InvalidSignature = "invalid_signature",
        /// The signature matches the API secret with white space behind it.
        UntrimmedSecret = "untrimmed_secret",
        /// The token of another project.
        TokenOfOtherProject = "token_of_other_project",
        /// A token for REST calls.
        RestToken = "rest_token",
        /// A JWT for something else than connecting to a session.
        NotAClientToken = "not_a_client_token",
        /// The `iss` or `ist` of a JWT is not that of a project.
        MalformedIssuer = "malformed_issuer",
        /// The token names no session.
        MissingSessionId = "missing_session_id",
        /// The token's session ID is not one.
        MalformedSessionId = "malformed_session_id",
        /// The session of another project.
        SessionOfOtherProject = "session_of_other_project",
        /// The session of a Vonage application.
        SessionOfApplication = "session_of_application",
        /// The token is for another session than the expected one.
        TokenOfOtherSession = "token_of_other_session",
        /// The token has no role.
        MissingRole = "missing_role",
        /// The role is none of the four.
        UnknownRole = "unknown_role",
        /// The role has upper-case letters.
        MiscasedRole = "miscased_role",
        /// The role has a dotless i.
        LocalizedRole = "localized_role",
        /// The token has no time of issue.
        MissingCreateTime = "missing_create_time",
        /// The time of issue does not read.
        MalformedCreateTime = "malformed_create_time",
        /// The JWT has no expiry.
        MissingExpiry = "missing_expiry",
        /// The expiry does not read.
        MalformedExpireTime = "malformed_expire_time",
        /// The `nbf` of a JWT does not read.
        MalformedNotBefore = "malformed_not_before",
        /// The nonce of a JWT does not read.
        MalformedNonce = "malformed_nonce",
        /// The connection data of a JWT does not read.
        MalformedData = "malformed_data",
        /// The layout classes of a JWT do not read.
        MalformedLayout = "malformed_layout",
        /// The expiry is more than 30 days after the issue.
        LifetimeTooLong = "lifetime_too_long",
        /// A time in milliseconds.
        Milliseconds = "milliseconds",
        /// The token has expired.
        TokenExpired = "token_expired" says "token has expired",
        /// The token was issued in the future.
        IssuedInTheFuture = "issued_in_the_future",
        /// The `nbf` of a JWT lies in the future.
        NotBefore = "not_before",
        /// No time was given, and the system clock has none.
        SystemClock = "system_clock",
    }
    Warning {
        /// The token was issued a few seconds in the future.
        ClockSkew = "clock_skew",
        /// A T1 token without expiry.
        DefaultExpiry = "default_expiry",
        /// A time with a fraction.
        FractionalTime = "fractional_time",
        /// The connection data exceeds [`MAX_DATA_UNITS`](crate::limits::MAX_DATA_UNITS).
        DataTooLong = "data_too_long",
        /// The connection data holds an e-mail address.
        DataWithEmailAddress = "data_with_email_address",
        /// The connection data holds a telephone number.
        DataWithTelephoneNumber = "data_with_telephone_number",
        /// The connection data holds a secret.
        DataWithSecret = "data_with_secret",
        /// A JWT with `data` for `connection_data`.
        DataClaim = "data_claim",
        /// A JWT with a claim whose name servers do not know.
        MisnamedClaim = "misnamed_claim",
        /// The layout classes of a JWT are an array.
        LayoutAsArray = "layout_as_array",
        /// The layout classes are URL-encoded.
        UrlEncodedLayout = "url_encoded_layout",
    }
    Note {
        /// A JWT with nulls.
        NullField = "null_field",
        /// A JWT with `subject` for `sub`.
        SubjectClaim = "subject_claim",
        /// A T1 token in URL-safe base64.
        UrlSafeBase64 = "url_safe_base64",
        /// More fields than [`MAX_INSPECTED_FIELDS`](crate::limits::MAX_INSPECTED_FIELDS), not all of them shown.
        ManyFields = "many_fields",
    }
}

shown_as_name!(FindingCode);
shown_as_name!(Severity);
