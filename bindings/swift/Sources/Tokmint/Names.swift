// What has a name in core: its values are written by core's tests.

/// What the holder of a token may do in the session.
public enum Role: String, CaseIterable, Codable, Sendable {
    // tokmint:generated swift-roles
    /// Subscribe to streams only.
    case subscriber
    /// Publish and subscribe. The default, as in every official SDK.
    case publisher
    /// Publish only.
    case publisherOnly = "publisheronly"
    /// Publish, subscribe, and mute or disconnect others.
    case moderator
    // tokmint:end
}

/// The two token formats.
public enum TokenFormat: String, CaseIterable, Codable, Sendable {
    // tokmint:generated swift-token-formats
    /// A JSON Web Token (RFC 7515, RFC 7519), signed with HS256 for a project and with RS256 for an application.
    /// The default.
    case jwt
    /// The older `T1==` format of projects, signed with HMAC-SHA1.
    case t1
    // tokmint:end
}

/// Whether the signature of a token is that of the credentials.
public enum SignatureState: String, CaseIterable, Codable, Sendable {
    // tokmint:generated swift-signature-states
    /// It is.
    case valid
    /// It is not.
    case invalid
    /// There was no key, no readable signature, or another algorithm.
    case unchecked
    // tokmint:end
}

/// The severity of a finding. Every code has one severity.
public enum Severity: String, CaseIterable, Codable, Sendable {
    // tokmint:generated swift-severities
    /// Verify refuses the token, as servers do or may do.
    case refused
    /// Verify accepts the token, but it probably does not do what its issuer meant, or not on every server.
    case warning
    /// Something unusual that does no harm.
    case note
    // tokmint:end
}

extension TokmintError {
    /// The stable code of an error, the same in every language. Its name, `rawValue`, never changes; later versions add
    /// codes.
    ///
    /// It is encoded and printed as its name.
    public struct Code: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
        /// The name, such as `data_too_long`.
        public let rawValue: String

        /// Takes a name, also one that this version does not know.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The name.
        public var description: String { rawValue }

        // tokmint:generated swift-error-codes
        /// The API key is not 1 to 20 ASCII digits.
        public static let invalidApiKey = Self(rawValue: "invalid_api_key")
        /// The API secret cannot be a secret that the account page shows.
        public static let invalidApiSecret = Self(rawValue: "invalid_api_secret")
        /// The application ID is not a UUID.
        public static let invalidApplicationId = Self(rawValue: "invalid_application_id")
        /// The private key is not an RSA key that signs tokens.
        public static let invalidPrivateKey = Self(rawValue: "invalid_private_key")
        /// The public key is not an RSA key that verifies tokens.
        public static let invalidPublicKey = Self(rawValue: "invalid_public_key")
        /// Credentials with a public key only were asked for a token.
        public static let noPrivateKey = Self(rawValue: "no_private_key")
        /// The string is not a session ID.
        public static let invalidSessionId = Self(rawValue: "invalid_session_id")
        /// The session was created by another project or application, so no server would admit the token to it.
        public static let sessionOfOtherProject = Self(rawValue: "session_of_other_project")
        /// The role is none of the four.
        public static let invalidRole = Self(rawValue: "invalid_role")
        /// The expiry is not one that a token can have.
        public static let invalidExpireTime = Self(rawValue: "invalid_expire_time")
        /// The connection data exceeds 1,000 UTF-16 units.
        public static let dataTooLong = Self(rawValue: "data_too_long")
        /// The connection data is not well-formed Unicode.
        public static let invalidData = Self(rawValue: "invalid_data")
        /// One of the layout classes cannot be part of a list separated by spaces.
        public static let invalidLayoutClass = Self(rawValue: "invalid_layout_class")
        /// The layout classes exceed 1,000 UTF-16 units.
        public static let layoutClassListTooLong = Self(rawValue: "layout_class_list_too_long")
        /// The creation time is outside 0 to 100,000,000,000 Unix seconds.
        public static let invalidCreateTime = Self(rawValue: "invalid_create_time")
        /// The nonce is outside 0 to 9,007,199,254,740,991.
        public static let invalidNonce = Self(rawValue: "invalid_nonce")
        /// The token format has no such name.
        public static let invalidTokenFormat = Self(rawValue: "invalid_token_format")
        /// The leeway is outside 0 to 3,600 seconds.
        public static let invalidLeeway = Self(rawValue: "invalid_leeway")
        /// The option exists for the other kind of credentials only.
        public static let unsupportedOption = Self(rawValue: "unsupported_option")
        /// The `jti` is not a UUID in lower case.
        public static let invalidJti = Self(rawValue: "invalid_jti")
        /// The string is not a token that tokmint or an official SDK would write.
        public static let malformedToken = Self(rawValue: "malformed_token")
        /// The JWT asks for another signature algorithm than that of the credentials, or for a JWS extension.
        public static let unsupportedAlgorithm = Self(rawValue: "unsupported_algorithm")
        /// The signature is not that of the token's bytes and this key.
        public static let invalidSignature = Self(rawValue: "invalid_signature")
        /// The token names another API key or application ID.
        public static let tokenOfOtherProject = Self(rawValue: "token_of_other_project")
        /// The token has expired.
        public static let tokenExpired = Self(rawValue: "token_expired")
        /// The token is not valid yet, or its issue time is in the future.
        public static let tokenNotYetValid = Self(rawValue: "token_not_yet_valid")
        /// The JWT has no expiry.
        public static let missingExpiry = Self(rawValue: "missing_expiry")
        /// The token is for another session than the expected one.
        public static let tokenOfOtherSession = Self(rawValue: "token_of_other_session")
        /// The token exceeds 65,536 bytes.
        public static let tokenTooLong = Self(rawValue: "token_too_long")
        /// The token's expiry is more than 2,592,000 seconds after its issue.
        public static let lifetimeTooLong = Self(rawValue: "lifetime_too_long")
        /// The system clock shows a time before 1970 or after 100,000,000,000 Unix seconds.
        public static let systemClock = Self(rawValue: "system_clock")
        /// The operating system gave no random bytes.
        public static let systemRandom = Self(rawValue: "system_random")
        /// The cryptographic library could not compute the signature.
        public static let signingFailed = Self(rawValue: "signing_failed")
        /// A null pointer was passed to a function. Only the C library reports it.
        public static let nullPointer = Self(rawValue: "null_pointer")
        /// A string is not well-formed Unicode. Only bindings report it.
        public static let invalidUtf8 = Self(rawValue: "invalid_utf8")
        /// A size that cannot be. Only the C library and the WebAssembly module report it.
        public static let invalidSize = Self(rawValue: "invalid_size")
        /// The buffer does not hold the token. Nothing was written and nothing was signed.
        public static let bufferTooShort = Self(rawValue: "buffer_too_short")
        /// A secret or a private key was passed to tokmint in a browser, where everybody could read it. Only the npm
        /// package reports it.
        public static let secretInBrowser = Self(rawValue: "secret_in_browser")
        /// The native library cannot be loaded: there is none for this platform, or it cannot be written to a folder.
        /// Only the jar for Kotlin and Java reports it.
        public static let libraryNotLoaded = Self(rawValue: "library_not_loaded")
        /// A panic, which is a defect of tokmint. Only bindings report it.
        public static let panic = Self(rawValue: "panic")
        // tokmint:end
    }
}

extension Finding {
    /// The stable code of a finding, the same in every language. Its name, `rawValue`, never changes; later versions add
    /// codes.
    ///
    /// It is encoded and printed as its name.
    public struct Code: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
        /// The name, such as `token_expired`.
        public let rawValue: String

        /// Takes a name, also one that this version does not know.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The name.
        public var description: String { rawValue }

        // tokmint:generated swift-finding-codes
        /// Whitespace or a byte order mark around the token.
        public static let whiteSpaceAround = Self(rawValue: "white_space_around")
        /// `b'...'` around the token: a Python bytes object that was formatted.
        public static let pythonBytes = Self(rawValue: "python_bytes")
        /// Quotation marks around the token.
        public static let quotesAround = Self(rawValue: "quotes_around")
        /// Other characters around the token, such as `Bearer`, a name or a full stop.
        public static let textAround = Self(rawValue: "text_around")
        /// `[object Promise]`: a JavaScript call that was not awaited.
        public static let promise = Self(rawValue: "promise")
        /// An empty string, or a placeholder such as `null` or `undefined`.
        public static let noToken = Self(rawValue: "no_token")
        /// Percent-escapes in the token.
        public static let urlEncoded = Self(rawValue: "url_encoded")
        /// The escapes of JSON or of source code in the token, such as `\u003d`.
        public static let jsonEscaped = Self(rawValue: "json_escaped")
        /// HTML entities in the token, such as `&#61;`.
        public static let htmlEscaped = Self(rawValue: "html_escaped")
        /// Quoted-printable in the token, such as `=3D`.
        public static let quotedPrintable = Self(rawValue: "quoted_printable")
        /// Whitespace inside of the token.
        public static let whiteSpaceInside = Self(rawValue: "white_space_inside")
        /// A T1 token without `T1==`.
        public static let missingPrefix = Self(rawValue: "missing_prefix")
        /// A session ID in place of a token.
        public static let sessionIdAsToken = Self(rawValue: "session_id_as_token")
        /// The end of the token is missing.
        public static let truncated = Self(rawValue: "truncated")
        /// The token exceeds 65,536 bytes; nothing was read.
        public static let tokenTooLong = Self(rawValue: "token_too_long")
        /// The string is of neither format.
        public static let malformedToken = Self(rawValue: "malformed_token")
        /// The header of a JWT is malformed.
        public static let malformedHeader = Self(rawValue: "malformed_header")
        /// The payload of a JWT is malformed.
        public static let malformedPayload = Self(rawValue: "malformed_payload")
        /// The signature of a JWT is malformed.
        public static let malformedSignature = Self(rawValue: "malformed_signature")
        /// The base64 of a T1 token is malformed.
        public static let malformedBase64 = Self(rawValue: "malformed_base64")
        /// The head of a T1 token is malformed.
        public static let malformedHead = Self(rawValue: "malformed_head")
        /// A field of a T1 token is malformed.
        public static let malformedFields = Self(rawValue: "malformed_fields")
        /// A name appears twice in the token.
        public static let duplicateField = Self(rawValue: "duplicate_field")
        /// The JWT is signed with an algorithm that signs no client token, or that does not go with its claims and the
        /// credentials.
        public static let unsupportedAlgorithm = Self(rawValue: "unsupported_algorithm")
        /// The JWT asks for an extension.
        public static let criticalExtension = Self(rawValue: "critical_extension")
        /// The token of a Vonage application, with the credentials of a project.
        public static let applicationToken = Self(rawValue: "application_token")
        /// The token of a project, with the credentials of an application.
        public static let projectToken = Self(rawValue: "project_token")
        /// The signature does not match.
        public static let invalidSignature = Self(rawValue: "invalid_signature")
        /// The signature matches the API secret with whitespace or a byte order mark around it.
        public static let untrimmedSecret = Self(rawValue: "untrimmed_secret")
        /// The signature matches the API secret in another form: quoted, decoded or encoded.
        public static let mangledSecret = Self(rawValue: "mangled_secret")
        /// The token of another project or application.
        public static let tokenOfOtherProject = Self(rawValue: "token_of_other_project")
        /// A token for REST calls.
        public static let restToken = Self(rawValue: "rest_token")
        /// A JWT for something else than connecting to a session.
        public static let notAClientToken = Self(rawValue: "not_a_client_token")
        /// The `iss` or `ist` of a JWT is not that of a project, or its `application_id` is none.
        public static let malformedIssuer = Self(rawValue: "malformed_issuer")
        /// The `sub` of an application's JWT is not `video`.
        public static let malformedSubject = Self(rawValue: "malformed_subject")
        /// The token names no session.
        public static let missingSessionId = Self(rawValue: "missing_session_id")
        /// The token's session ID is malformed.
        public static let malformedSessionId = Self(rawValue: "malformed_session_id")
        /// The session of another project or application.
        public static let sessionOfOtherProject = Self(rawValue: "session_of_other_project")
        /// The session of a Vonage application, in a project's token.
        public static let sessionOfApplication = Self(rawValue: "session_of_application")
        /// The session of a project, in an application's token.
        public static let sessionOfProject = Self(rawValue: "session_of_project")
        /// The token is for another session than the expected one.
        public static let tokenOfOtherSession = Self(rawValue: "token_of_other_session")
        /// The token has no role.
        public static let missingRole = Self(rawValue: "missing_role")
        /// The role is none of the four.
        public static let unknownRole = Self(rawValue: "unknown_role")
        /// The role has upper-case letters.
        public static let miscasedRole = Self(rawValue: "miscased_role")
        /// The role has a dotless i.
        public static let localizedRole = Self(rawValue: "localized_role")
        /// The token has no issue time.
        public static let missingCreateTime = Self(rawValue: "missing_create_time")
        /// The issue time is malformed.
        public static let malformedCreateTime = Self(rawValue: "malformed_create_time")
        /// The JWT has no expiry.
        public static let missingExpiry = Self(rawValue: "missing_expiry")
        /// The expiry is malformed.
        public static let malformedExpireTime = Self(rawValue: "malformed_expire_time")
        /// The `nbf` of a JWT is malformed.
        public static let malformedNotBefore = Self(rawValue: "malformed_not_before")
        /// The nonce of a JWT is malformed.
        public static let malformedNonce = Self(rawValue: "malformed_nonce")
        /// The connection data of a JWT is malformed.
        public static let malformedData = Self(rawValue: "malformed_data")
        /// The layout classes of a JWT are malformed.
        public static let malformedLayout = Self(rawValue: "malformed_layout")
        /// The expiry is more than 30 days after the issue.
        public static let lifetimeTooLong = Self(rawValue: "lifetime_too_long")
        /// A time in milliseconds.
        public static let milliseconds = Self(rawValue: "milliseconds")
        /// The token has expired.
        public static let tokenExpired = Self(rawValue: "token_expired")
        /// The token was issued in the future.
        public static let issuedInTheFuture = Self(rawValue: "issued_in_the_future")
        /// The `nbf` of a JWT is in the future.
        public static let notBefore = Self(rawValue: "not_before")
        /// No time was given, and the system clock has none.
        public static let systemClock = Self(rawValue: "system_clock")
        /// The token was issued a few seconds in the future.
        public static let clockSkew = Self(rawValue: "clock_skew")
        /// A T1 token without expiry.
        public static let defaultExpiry = Self(rawValue: "default_expiry")
        /// An application's token for more than 24 hours.
        public static let longLifetime = Self(rawValue: "long_lifetime")
        /// A time with a fraction.
        public static let fractionalTime = Self(rawValue: "fractional_time")
        /// The connection data exceeds 1,000 UTF-16 units.
        public static let dataTooLong = Self(rawValue: "data_too_long")
        /// A T1 token whose connection data was not form-encoded, so that it ends at its first `&`.
        public static let unencodedData = Self(rawValue: "unencoded_data")
        /// The connection data holds an e-mail address.
        public static let dataWithEmailAddress = Self(rawValue: "data_with_email_address")
        /// The connection data holds a telephone number.
        public static let dataWithTelephoneNumber = Self(rawValue: "data_with_telephone_number")
        /// The connection data holds a secret.
        public static let dataWithSecret = Self(rawValue: "data_with_secret")
        /// A JWT with `data` for `connection_data`.
        public static let dataClaim = Self(rawValue: "data_claim")
        /// A JWT with a claim whose name servers do not know.
        public static let misnamedClaim = Self(rawValue: "misnamed_claim")
        /// The layout classes of a JWT are an array.
        public static let layoutAsArray = Self(rawValue: "layout_as_array")
        /// The layout classes are URL-encoded.
        public static let urlEncodedLayout = Self(rawValue: "url_encoded_layout")
        /// The layout classes are joined by commas, which makes them one class.
        public static let commaSeparatedLayout = Self(rawValue: "comma_separated_layout")
        /// A JWT with nulls.
        public static let nullField = Self(rawValue: "null_field")
        /// A JWT with `subject` for `sub`.
        public static let subjectClaim = Self(rawValue: "subject_claim")
        /// An application's token without a role.
        public static let defaultRole = Self(rawValue: "default_role")
        /// An application's token without `acl`.
        public static let noAcl = Self(rawValue: "no_acl")
        /// A T1 token in URL-safe base64.
        public static let urlSafeBase64 = Self(rawValue: "url_safe_base64")
        /// A field of a T1 token that nobody reads: in its head, or without a name.
        public static let ignoredField = Self(rawValue: "ignored_field")
        /// More fields than 256, not all of them shown.
        public static let manyFields = Self(rawValue: "many_fields")
        // tokmint:end
    }
}
