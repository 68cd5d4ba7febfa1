package dev.tokmint

/**
 * The stable code of an error, the same in every language.
 *
 * A later version may have more codes, but changes none: give a `when` or a `switch` an `else` or a `default`.
 */
public enum class ErrorCode(
    /** The stable number of the error: hundreds by group. */
    public val number: Int,
    /** The stable name of the error in every language, such as `data_too_long`. */
    public val value: String,
) {
    // tokmint:generated kotlin-error-codes
    /** The API key is not 1 to 20 ASCII digits. */
    INVALID_API_KEY(100, "invalid_api_key"),
    /** The API secret cannot be a secret that the account page shows. */
    INVALID_API_SECRET(101, "invalid_api_secret"),
    /** The application ID is not a UUID. */
    INVALID_APPLICATION_ID(102, "invalid_application_id"),
    /** The private key is not an RSA key that signs tokens. */
    INVALID_PRIVATE_KEY(103, "invalid_private_key"),
    /** The public key is not an RSA key that verifies tokens. */
    INVALID_PUBLIC_KEY(104, "invalid_public_key"),
    /** Credentials with a public key only were asked for a token. */
    NO_PRIVATE_KEY(105, "no_private_key"),
    /** The string is not a session ID. */
    INVALID_SESSION_ID(200, "invalid_session_id"),
    /** The session was created by another project or application, so no server would admit the token to it. */
    SESSION_OF_OTHER_PROJECT(201, "session_of_other_project"),
    /** The role is none of the four. */
    INVALID_ROLE(300, "invalid_role"),
    /** The expiry is not one that a token can have. */
    INVALID_EXPIRE_TIME(301, "invalid_expire_time"),
    /** The connection data exceeds 1,000 UTF-16 units. */
    DATA_TOO_LONG(302, "data_too_long"),
    /** The connection data is not well-formed Unicode. */
    INVALID_DATA(303, "invalid_data"),
    /** One of the layout classes cannot be part of a list separated by spaces. */
    INVALID_LAYOUT_CLASS(304, "invalid_layout_class"),
    /** The layout classes exceed 1,000 UTF-16 units. */
    LAYOUT_CLASS_LIST_TOO_LONG(305, "layout_class_list_too_long"),
    /** The creation time is outside 0 to 100,000,000,000 Unix seconds. */
    INVALID_CREATE_TIME(306, "invalid_create_time"),
    /** The nonce is outside 0 to 9,007,199,254,740,991. */
    INVALID_NONCE(307, "invalid_nonce"),
    /** The token format has no such name. */
    INVALID_TOKEN_FORMAT(308, "invalid_token_format"),
    /** The leeway is outside 0 to 3,600 seconds. */
    INVALID_LEEWAY(309, "invalid_leeway"),
    /** The option exists for the other kind of credentials only. */
    UNSUPPORTED_OPTION(310, "unsupported_option"),
    /** The `jti` is not a UUID in lower case. */
    INVALID_JTI(311, "invalid_jti"),
    /** The string is not a token that tokmint or an official SDK would write. */
    MALFORMED_TOKEN(400, "malformed_token"),
    /** The JWT asks for another signature algorithm than that of the credentials, or for a JWS extension. */
    UNSUPPORTED_ALGORITHM(401, "unsupported_algorithm"),
    /** The signature is not that of the token's bytes and this key. */
    INVALID_SIGNATURE(402, "invalid_signature"),
    /** The token names another API key or application ID. */
    TOKEN_OF_OTHER_PROJECT(403, "token_of_other_project"),
    /** The token has expired. */
    TOKEN_EXPIRED(404, "token_expired"),
    /** The token is not valid yet, or its issue time is in the future. */
    TOKEN_NOT_YET_VALID(405, "token_not_yet_valid"),
    /** The JWT has no expiry. */
    MISSING_EXPIRY(406, "missing_expiry"),
    /** The token is for another session than the expected one. */
    TOKEN_OF_OTHER_SESSION(407, "token_of_other_session"),
    /** The token exceeds 65,536 bytes. */
    TOKEN_TOO_LONG(408, "token_too_long"),
    /** The token's expiry is more than 2,592,000 seconds after its issue. */
    LIFETIME_TOO_LONG(409, "lifetime_too_long"),
    /** The system clock shows a time before 1970 or after 100,000,000,000 Unix seconds. */
    SYSTEM_CLOCK(500, "system_clock"),
    /** The operating system gave no random bytes. */
    SYSTEM_RANDOM(501, "system_random"),
    /** The cryptographic library could not compute the signature. */
    SIGNING_FAILED(502, "signing_failed"),
    /** A null pointer was passed to a function. Only the C library reports it. */
    NULL_POINTER(900, "null_pointer"),
    /** A string is not well-formed Unicode. Only bindings report it. */
    INVALID_UTF8(901, "invalid_utf8"),
    /** A size that cannot be. Only the C library and the WebAssembly module report it. */
    INVALID_SIZE(902, "invalid_size"),
    /** The buffer does not hold the token. Nothing was written and nothing was signed. */
    BUFFER_TOO_SHORT(903, "buffer_too_short"),
    /**
     * A secret or a private key was passed to tokmint in a browser, where everybody could read it. Only the npm package
     * reports it.
     */
    SECRET_IN_BROWSER(904, "secret_in_browser"),
    /**
     * The native library cannot be loaded: there is none for this platform, or it cannot be written to a folder. Only
     * the jar for Kotlin and Java reports it.
     */
    LIBRARY_NOT_LOADED(905, "library_not_loaded"),
    /** A panic, which is a defect of tokmint. Only bindings report it. */
    PANIC(999, "panic"),
    // tokmint:end
    ;

    /** The [value]. */
    override fun toString(): String = value
}

/**
 * The stable code of what an inspection finds, the same in every language.
 *
 * A later version may have more codes, but changes none: give a `when` or a `switch` an `else` or a `default`.
 */
public enum class FindingCode(
    /** The stable name of the code in every language, such as `token_expired`. */
    public val value: String,
) {
    // tokmint:generated kotlin-finding-codes
    /** Whitespace or a byte order mark around the token. */
    WHITE_SPACE_AROUND("white_space_around"),
    /** `b'...'` around the token: a Python bytes object that was formatted. */
    PYTHON_BYTES("python_bytes"),
    /** Quotation marks around the token. */
    QUOTES_AROUND("quotes_around"),
    /** Other characters around the token, such as `Bearer`, a name or a full stop. */
    TEXT_AROUND("text_around"),
    /** `[object Promise]`: a JavaScript call that was not awaited. */
    PROMISE("promise"),
    /** An empty string, or a placeholder such as `null` or `undefined`. */
    NO_TOKEN("no_token"),
    /** Percent-escapes in the token. */
    URL_ENCODED("url_encoded"),
    /** The escapes of JSON or of source code in the token, such as `\u003d`. */
    JSON_ESCAPED("json_escaped"),
    /** HTML entities in the token, such as `&#61;`. */
    HTML_ESCAPED("html_escaped"),
    /** Quoted-printable in the token, such as `=3D`. */
    QUOTED_PRINTABLE("quoted_printable"),
    /** Whitespace inside of the token. */
    WHITE_SPACE_INSIDE("white_space_inside"),
    /** A T1 token without `T1==`. */
    MISSING_PREFIX("missing_prefix"),
    /** A session ID in place of a token. */
    SESSION_ID_AS_TOKEN("session_id_as_token"),
    /** The end of the token is missing. */
    TRUNCATED("truncated"),
    /** The token exceeds 65,536 bytes; nothing was read. */
    TOKEN_TOO_LONG("token_too_long"),
    /** The string is of neither format. */
    MALFORMED_TOKEN("malformed_token"),
    /** The header of a JWT is malformed. */
    MALFORMED_HEADER("malformed_header"),
    /** The payload of a JWT is malformed. */
    MALFORMED_PAYLOAD("malformed_payload"),
    /** The signature of a JWT is malformed. */
    MALFORMED_SIGNATURE("malformed_signature"),
    /** The base64 of a T1 token is malformed. */
    MALFORMED_BASE64("malformed_base64"),
    /** The head of a T1 token is malformed. */
    MALFORMED_HEAD("malformed_head"),
    /** A field of a T1 token is malformed. */
    MALFORMED_FIELDS("malformed_fields"),
    /** A name appears twice in the token. */
    DUPLICATE_FIELD("duplicate_field"),
    /**
     * The JWT is signed with an algorithm that signs no client token, or that does not go with its claims and the
     * credentials.
     */
    UNSUPPORTED_ALGORITHM("unsupported_algorithm"),
    /** The JWT asks for an extension. */
    CRITICAL_EXTENSION("critical_extension"),
    /** The token of a Vonage application, with the credentials of a project. */
    APPLICATION_TOKEN("application_token"),
    /** The token of a project, with the credentials of an application. */
    PROJECT_TOKEN("project_token"),
    /** The signature does not match. */
    INVALID_SIGNATURE("invalid_signature"),
    /** The signature matches the API secret with whitespace or a byte order mark around it. */
    UNTRIMMED_SECRET("untrimmed_secret"),
    /** The signature matches the API secret in another form: quoted, decoded or encoded. */
    MANGLED_SECRET("mangled_secret"),
    /** The token of another project or application. */
    TOKEN_OF_OTHER_PROJECT("token_of_other_project"),
    /** A token for REST calls. */
    REST_TOKEN("rest_token"),
    /** A JWT for something else than connecting to a session. */
    NOT_A_CLIENT_TOKEN("not_a_client_token"),
    /** The `iss` or `ist` of a JWT is not that of a project, or its `application_id` is none. */
    MALFORMED_ISSUER("malformed_issuer"),
    /** The `sub` of an application's JWT is not `video`. */
    MALFORMED_SUBJECT("malformed_subject"),
    /** The token names no session. */
    MISSING_SESSION_ID("missing_session_id"),
    /** The token's session ID is malformed. */
    MALFORMED_SESSION_ID("malformed_session_id"),
    /** The session of another project or application. */
    SESSION_OF_OTHER_PROJECT("session_of_other_project"),
    /** The session of a Vonage application, in a project's token. */
    SESSION_OF_APPLICATION("session_of_application"),
    /** The session of a project, in an application's token. */
    SESSION_OF_PROJECT("session_of_project"),
    /** The token is for another session than the expected one. */
    TOKEN_OF_OTHER_SESSION("token_of_other_session"),
    /** The token has no role. */
    MISSING_ROLE("missing_role"),
    /** The role is none of the four. */
    UNKNOWN_ROLE("unknown_role"),
    /** The role has upper-case letters. */
    MISCASED_ROLE("miscased_role"),
    /** The role has a dotless i. */
    LOCALIZED_ROLE("localized_role"),
    /** The token has no issue time. */
    MISSING_CREATE_TIME("missing_create_time"),
    /** The issue time is malformed. */
    MALFORMED_CREATE_TIME("malformed_create_time"),
    /** The JWT has no expiry. */
    MISSING_EXPIRY("missing_expiry"),
    /** The expiry is malformed. */
    MALFORMED_EXPIRE_TIME("malformed_expire_time"),
    /** The `nbf` of a JWT is malformed. */
    MALFORMED_NOT_BEFORE("malformed_not_before"),
    /** The nonce of a JWT is malformed. */
    MALFORMED_NONCE("malformed_nonce"),
    /** The connection data of a JWT is malformed. */
    MALFORMED_DATA("malformed_data"),
    /** The layout classes of a JWT are malformed. */
    MALFORMED_LAYOUT("malformed_layout"),
    /** The expiry is more than 30 days after the issue. */
    LIFETIME_TOO_LONG("lifetime_too_long"),
    /** A time in milliseconds. */
    MILLISECONDS("milliseconds"),
    /** The token has expired. */
    TOKEN_EXPIRED("token_expired"),
    /** The token was issued in the future. */
    ISSUED_IN_THE_FUTURE("issued_in_the_future"),
    /** The `nbf` of a JWT is in the future. */
    NOT_BEFORE("not_before"),
    /** No time was given, and the system clock has none. */
    SYSTEM_CLOCK("system_clock"),
    /** The token was issued a few seconds in the future. */
    CLOCK_SKEW("clock_skew"),
    /** A T1 token without expiry. */
    DEFAULT_EXPIRY("default_expiry"),
    /** An application's token for more than 24 hours. */
    LONG_LIFETIME("long_lifetime"),
    /** A time with a fraction. */
    FRACTIONAL_TIME("fractional_time"),
    /** The connection data exceeds 1,000 UTF-16 units. */
    DATA_TOO_LONG("data_too_long"),
    /** A T1 token whose connection data was not form-encoded, so that it ends at its first `&`. */
    UNENCODED_DATA("unencoded_data"),
    /** The connection data holds an e-mail address. */
    DATA_WITH_EMAIL_ADDRESS("data_with_email_address"),
    /** The connection data holds a telephone number. */
    DATA_WITH_TELEPHONE_NUMBER("data_with_telephone_number"),
    /** The connection data holds a secret. */
    DATA_WITH_SECRET("data_with_secret"),
    /** A JWT with `data` for `connection_data`. */
    DATA_CLAIM("data_claim"),
    /** A JWT with a claim whose name servers do not know. */
    MISNAMED_CLAIM("misnamed_claim"),
    /** The layout classes of a JWT are an array. */
    LAYOUT_AS_ARRAY("layout_as_array"),
    /** The layout classes are URL-encoded. */
    URL_ENCODED_LAYOUT("url_encoded_layout"),
    /** The layout classes are joined by commas, which makes them one class. */
    COMMA_SEPARATED_LAYOUT("comma_separated_layout"),
    /** A JWT with nulls. */
    NULL_FIELD("null_field"),
    /** A JWT with `subject` for `sub`. */
    SUBJECT_CLAIM("subject_claim"),
    /** An application's token without a role. */
    DEFAULT_ROLE("default_role"),
    /** An application's token without `acl`. */
    NO_ACL("no_acl"),
    /** A T1 token in URL-safe base64. */
    URL_SAFE_BASE64("url_safe_base64"),
    /** A field of a T1 token that nobody reads: in its head, or without a name. */
    IGNORED_FIELD("ignored_field"),
    /** More fields than 256, not all of them shown. */
    MANY_FIELDS("many_fields"),
    // tokmint:end
    ;

    /** The [value]. */
    override fun toString(): String = value
}
