//! The findings of an inspection: their codes and severities, what a server says, and the sentences
//! that are always the same.

use serde::Serialize;

use crate::names::named_enum;

named_enum! {
    /// The severity of a finding. Every code has one severity.
    Severity {
        /// Verify refuses the token, as servers do or may do.
        Refused = "refused",
        /// Verify accepts the token, but it probably does not do what its issuer meant, or not on
        /// every server.
        Warning = "warning",
        /// Something unusual that does no harm.
        Note = "note",
    }
}

/// One thing that an inspection found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is, for programs.
    pub code: FindingCode,
    /// The severity of the code.
    pub severity: Severity,
    /// What is wrong and what to do, in one sentence for a person. It may quote a few characters of
    /// the token, escaped and shortened, but never its signature and never connection data.
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

    /// A finding whose sentence is always the same: that of its code.
    pub(super) fn of_code(code: FindingCode) -> Finding {
        Finding::new(code, code.sentence().unwrap_or_default())
    }
}

/// Writes the table of codes. `says` is the reply of the server, `means` the sentence of a finding
/// that is always the same.
macro_rules! finding_codes {
    ($($severity:ident {
        $($(#[$doc:meta])* $variant:ident = $name:literal $(says $server:literal)? $(means $sentence:literal)?,)*
    })*) => {
        named_enum! {
            /// The stable code of a finding. Its name never changes.
            #[non_exhaustive]
            FindingCode {
                $($($(#[$doc])* $variant = $name,)*)*
            }
        }

        impl FindingCode {
            /// The severity of findings with this code.
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

            /// The sentence of findings with this code, where it is always the same.
            pub(super) const fn sentence(self) -> Option<&'static str> {
                match self {
                    $($($(FindingCode::$variant => Some($sentence),)?)*)*
                    _ => None,
                }
            }
        }
    };
}

finding_codes! {
    Refused {
        /// Whitespace or a byte order mark around the token.
        WhiteSpaceAround = "white_space_around"
            means "there is whitespace or a byte order mark around the token; trim what it is read from",
        /// `b'...'` around the token: a Python bytes object that was formatted.
        PythonBytes = "python_bytes"
            means "the token is wrapped in b'...': a Python bytes object was formatted, as the vonage-video SDK \
                returns; decode it to a str first",
        /// Quotation marks around the token.
        QuotesAround = "quotes_around"
            means "there are quotation marks around the token; pass the string itself, not its JSON or source form",
        /// Other characters around the token, such as `Bearer`, a name or a full stop.
        TextAround = "text_around"
            means "there are other characters around the token, such as Bearer, a name or the end of a sentence; pass \
                the token alone",
        /// `[object Promise]`: a JavaScript call that was not awaited.
        Promise = "promise"
            means "this is the string of a JavaScript promise; await the call that makes the token",
        /// An empty string, or a placeholder such as `null` or `undefined`.
        NoToken = "no_token"
            means "there is no token: the string is empty or that of an absent value; look where the token gets lost",
        /// Percent-escapes in the token.
        UrlEncoded = "url_encoded"
            means "the token holds percent-escapes; decode it once where it is taken from the URL or form",
        /// The escapes of JSON or of source code in the token, such as `\u003d`.
        JsonEscaped = "json_escaped"
            means "the token holds the escapes of JSON or of source code, such as \\u003d for =; parse the JSON that \
                it is taken from",
        /// HTML entities in the token, such as `&#61;`.
        HtmlEscaped = "html_escaped"
            means "the token holds HTML entities, such as &#61; for =; decode it where it is taken from the page",
        /// Quoted-printable in the token, such as `=3D`.
        QuotedPrintable = "quoted_printable"
            means "the token is written in quoted-printable, as in the source of an e-mail, where = is =3D; decode \
                the message first",
        /// Whitespace inside of the token.
        WhiteSpaceInside = "white_space_inside"
            means "there is whitespace inside the token: it was wrapped into lines, or its plus signs were decoded to \
                spaces; pass it unchanged",
        /// A T1 token without `T1==`.
        MissingPrefix = "missing_prefix" says "Invalid token format"
            means "the token lacks T1== at its start; it is part of the token, so pass it too",
        /// A session ID in place of a token.
        SessionIdAsToken = "session_id_as_token"
            means "this is a session ID, not a token; pass each in its own place",
        /// The end of the token is missing.
        Truncated = "truncated"
            means "the end of the token is missing; look for a column, variable or message that is too short for it",
        /// The token exceeds [`MAX_TOKEN_BYTES`](crate::limits::MAX_TOKEN_BYTES); nothing was read.
        TokenTooLong = "token_too_long",
        /// The string is of neither format.
        MalformedToken = "malformed_token",
        /// The header of a JWT is malformed.
        MalformedHeader = "malformed_header",
        /// The payload of a JWT is malformed.
        MalformedPayload = "malformed_payload",
        /// The signature of a JWT is malformed.
        MalformedSignature = "malformed_signature",
        /// The base64 of a T1 token is malformed.
        MalformedBase64 = "malformed_base64",
        /// The head of a T1 token is malformed.
        MalformedHead = "malformed_head",
        /// A field of a T1 token is malformed.
        MalformedFields = "malformed_fields",
        /// A name appears twice in the token.
        DuplicateField = "duplicate_field",
        /// The JWT is signed with an algorithm that signs no client token, or that does not go with
        /// its claims and the credentials.
        UnsupportedAlgorithm = "unsupported_algorithm",
        /// The JWT asks for an extension.
        CriticalExtension = "critical_extension",
        /// The token of a Vonage application, with the credentials of a project.
        ApplicationToken = "application_token"
            means "the token is that of a Vonage application (RS256, application_id) and no project's; give the \
                application's ID and key to check it, or generate one with the project's API key and secret",
        /// The token of a project, with the credentials of an application.
        ProjectToken = "project_token"
            means "the token is that of a project (an API key and its secret) and no application's; give the project's \
                API key and secret to check it, or generate one with the application's ID and private key",
        /// The signature does not match.
        InvalidSignature = "invalid_signature",
        /// The signature matches the API secret with whitespace or a byte order mark around it.
        UntrimmedSecret = "untrimmed_secret",
        /// The signature matches the API secret in another form: quoted, decoded or encoded.
        MangledSecret = "mangled_secret",
        /// The token of another project or application.
        TokenOfOtherProject = "token_of_other_project",
        /// A token for REST calls.
        RestToken = "rest_token"
            means "this is a token for REST calls, without session and role; generate a client token for the session",
        /// A JWT for something else than connecting to a session.
        NotAClientToken = "not_a_client_token",
        /// The `iss` or `ist` of a JWT is not that of a project, or its `application_id` is none.
        MalformedIssuer = "malformed_issuer",
        /// The `sub` of an application's JWT is not `video`.
        MalformedSubject = "malformed_subject",
        /// The token names no session.
        MissingSessionId = "missing_session_id",
        /// The token's session ID is malformed.
        MalformedSessionId = "malformed_session_id",
        /// The session of another project or application.
        SessionOfOtherProject = "session_of_other_project",
        /// The session of a Vonage application, in a project's token.
        SessionOfApplication = "session_of_application"
            means "the session was created by a Vonage application, not by a project; create it with the project's \
                API key and secret, or use a token of that application",
        /// The session of a project, in an application's token.
        SessionOfProject = "session_of_project"
            means "the session was created by a project, not by a Vonage application; create it with the application's \
                ID and private key, or use a token of that project",
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
        /// The token has no issue time.
        MissingCreateTime = "missing_create_time",
        /// The issue time is malformed.
        MalformedCreateTime = "malformed_create_time",
        /// The JWT has no expiry.
        MissingExpiry = "missing_expiry",
        /// The expiry is malformed.
        MalformedExpireTime = "malformed_expire_time",
        /// The `nbf` of a JWT is malformed.
        MalformedNotBefore = "malformed_not_before",
        /// The nonce of a JWT is malformed.
        MalformedNonce = "malformed_nonce",
        /// The connection data of a JWT is malformed.
        MalformedData = "malformed_data",
        /// The layout classes of a JWT are malformed.
        MalformedLayout = "malformed_layout",
        /// The expiry is more than 30 days after the issue.
        LifetimeTooLong = "lifetime_too_long",
        /// A time in milliseconds.
        Milliseconds = "milliseconds",
        /// The token has expired.
        TokenExpired = "token_expired" says "token has expired",
        /// The token was issued in the future.
        IssuedInTheFuture = "issued_in_the_future",
        /// The `nbf` of a JWT is in the future.
        NotBefore = "not_before",
        /// No time was given, and the system clock has none.
        SystemClock = "system_clock",
    }
    Warning {
        /// The token was issued a few seconds in the future.
        ClockSkew = "clock_skew",
        /// A T1 token without expiry.
        DefaultExpiry = "default_expiry",
        /// An application's token for more than 24 hours.
        LongLifetime = "long_lifetime",
        /// A time with a fraction.
        FractionalTime = "fractional_time",
        /// The connection data exceeds [`MAX_DATA_UNITS`](crate::limits::MAX_DATA_UNITS).
        DataTooLong = "data_too_long",
        /// A T1 token whose connection data was not form-encoded, so that it ends at its first `&`.
        UnencodedData = "unencoded_data"
            means "the connection data ends at its first &, and servers ignore the field after it; form-encode the data where \
                the token is issued",
        /// The connection data holds an e-mail address.
        DataWithEmailAddress = "data_with_email_address",
        /// The connection data holds a telephone number.
        DataWithTelephoneNumber = "data_with_telephone_number",
        /// The connection data holds a secret.
        DataWithSecret = "data_with_secret",
        /// A JWT with `data` for `connection_data`.
        DataClaim = "data_claim"
            means "the data is in the claim data, which servers ignore, as the Ruby and PHP vonage SDKs write it; the \
                claim is connection_data",
        /// A JWT with a claim whose name servers do not know.
        MisnamedClaim = "misnamed_claim",
        /// The layout classes of a JWT are an array.
        LayoutAsArray = "layout_as_array"
            means "the layout classes are an array, as the vonage-video SDK for Python writes, where all others write \
                one string; join them by spaces",
        /// The layout classes are URL-encoded.
        UrlEncodedLayout = "url_encoded_layout",
        /// The layout classes are joined by commas, which makes them one class.
        CommaSeparatedLayout = "comma_separated_layout"
            means "a layout class holds a comma or a control character, which do not separate classes; join classes by spaces",
    }
    Note {
        /// A JWT with nulls.
        NullField = "null_field"
            means "some claims are null, as the PHP SDK writes options that are not given; leave them out",
        /// A JWT with `subject` for `sub`.
        SubjectClaim = "subject_claim"
            means "the subject is in the claim subject, as the Python SDKs write for applications; the registered \
                claim is sub",
        /// An application's token without a role.
        DefaultRole = "default_role"
            means "the token has no role, which means publisher; the PHP vonage SDK writes none unless told to: set it",
        /// An application's token without `acl`.
        NoAcl = "no_acl"
            means "the token has no acl, as the Java and .NET SDKs write none; the others allow the paths of sessions",
        /// A T1 token in URL-safe base64.
        UrlSafeBase64 = "url_safe_base64"
            means "the token is in URL-safe base64, as the Java SDK writes; servers read it, programs with a standard \
                decoder may not",
        /// A field of a T1 token that nobody reads: in its head, or without a name.
        IgnoredField = "ignored_field"
            means "servers ignore a field of the token: one in the head, which is not signed, or one without a name; leave it \
                out, or write it after the colon if it means something",
        /// More fields than [`MAX_INSPECTED_FIELDS`](crate::limits::MAX_INSPECTED_FIELDS), not all
        /// of them shown.
        ManyFields = "many_fields",
    }
}
