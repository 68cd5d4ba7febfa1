import Foundation

#if compiler(>=6.0)
internal import TokmintGenerated
internal import tokmintFFI
#else
import TokmintGenerated
import tokmintFFI
#endif

/// The credentials of one project or one Vonage application: mints, verifies and explains its tokens without a call to
/// any server.
///
/// For servers only: whoever has the API secret or the private key can generate tokens, so ship neither in an app.
///
/// Immutable and safe to share between tasks. It keeps the secret and the keys made from it, and wipes them when it is
/// deinitialized. The `String` or `Data` that held the secret or the key is the caller's.
public final class OpenTok: Sendable, CustomStringConvertible, CustomReflectable {
    /// The project's API key, which is no secret; nil for an application.
    public let apiKey: String?
    /// The application's ID in lower case, which is no secret; nil for a project.
    public let applicationId: String?
    private let native: TokmintGenerated.OpenTok

    init(_ native: TokmintGenerated.OpenTok) {
        self.native = native
        apiKey = native.apiKey()
        applicationId = native.applicationId()
    }

    /// Borrows the secret or the key; who made a copy of it wipes it.
    static func native(
        _ kind: CredentialsKind, _ id: String, _ secret: Data
    ) -> Result<TokmintGenerated.OpenTok, TokmintError> {
        result { try TokmintGenerated.OpenTok(kind: kind, id: utf8(id), secret: secret) }
    }

    /// Wipes the bytes that it makes of the secret or the key.
    static func native(
        _ kind: CredentialsKind, _ id: String, wiping secret: String
    ) -> Result<TokmintGenerated.OpenTok, TokmintError> {
        var secret = utf8(secret)
        defer { secret.resetBytes(in: 0..<secret.count) }
        return native(kind, id, secret)
    }

    func generated(_ sessionId: String, _ options: TokenOptions) -> Result<String, TokmintError> {
        let (sessionId, options) = (Argument(sessionId).lowered(), Argument(options).lowered())
        return called {
            uniffi_tokmint_uniffi_fn_method_opentok_generate_token(native.uniffiCloneHandle(), sessionId, options, $0)
        }.map { $0.read { $0.text() } }
    }

    func opened(_ sessionId: String) -> Result<Session, TokmintError> {
        result { Session(try native.session(sessionId: utf8(sessionId)), of: self, sessionId) }
    }

    func generatedForRest(_ expiresIn: Duration?, _ createTime: Date?, _ jti: String?) -> Result<String, TokmintError> {
        let options = RestTokenOptions(
            expiresIn: expiresIn.map(wholeSeconds), createTime: createTime.map(unixSeconds), jti: jti.map(utf8))
        return result { try native.generateRestToken(options: options) }
    }

    func verified(_ token: String, _ options: Argument) -> Result<Token, TokmintError> {
        let (token, options) = (Argument(token).lowered(), options.lowered())
        return called {
            uniffi_tokmint_uniffi_fn_method_opentok_verify_token(native.uniffiCloneHandle(), token, options, $0)
        }.map { $0.read { $0.token() } }
    }

    func inspected(_ token: String, _ options: Argument) -> Result<Inspection, TokmintError> {
        let (token, options) = (Argument(token).lowered(), options.lowered())
        return inspection(
            called {
                uniffi_tokmint_uniffi_fn_method_opentok_inspect_token(native.uniffiCloneHandle(), token, options, $0)
            }
        )
    }

    /// The API key or the application ID, never the secret or a key.
    public var description: String { shown.description(OpenTok.self) }

    /// The same as `description` shows, for `dump` and debuggers.
    public var customMirror: Mirror { shown.mirror(self, .class) }

    private var shown: Shown { Shown(["apiKey": apiKey, "applicationId": applicationId]) }
}

func inspectedWithoutCredentials(_ token: String, _ options: Argument) -> Result<Inspection, TokmintError> {
    let (token, options) = (Argument(token).lowered(), options.lowered())
    return inspection(called { uniffi_tokmint_uniffi_fn_func_inspect_token(token, options, $0) })
}

#if compiler(>=6.0)  // An older compiler does not even parse what follows.
#if !TOKMINT_UNTYPED
extension OpenTok {
    /// Takes a project's API key and API secret, as its account page shows them.
    ///
    /// - Parameters:
    ///   - apiKey: The API key, 1 to 20 digits.
    ///   - apiSecret: The API secret, never a path.
    /// - Throws: `TokmintError` of the group `credentials` if one of them cannot be what it should.
    public convenience init(apiKey: String, apiSecret: String) throws(TokmintError) {
        self.init(try OpenTok.native(.project, apiKey, wiping: apiSecret).get())
    }

    /// Takes the ID of a Vonage application, a UUID in any case, and its private key.
    ///
    /// - Parameters:
    ///   - applicationId: The application's ID.
    ///   - privateKey: The text of its private key, never a path: PEM in PKCS #8 or PKCS #1, also as an environment
    ///     variable holds it, with `\n` for line feeds, on one line, or as base64 of the whole file. 2,048 to 8,192
    ///     bits.
    /// - Throws: `TokmintError` of the group `credentials` if one of them cannot be what it should; its message says
    ///   why.
    public convenience init(applicationId: String, privateKey: String) throws(TokmintError) {
        self.init(try OpenTok.native(.application, applicationId, wiping: privateKey).get())
    }

    /// Takes the ID of a Vonage application and what the file of its private key holds, PEM or DER.
    ///
    /// - Parameters:
    ///   - applicationId: The application's ID, a UUID in any case.
    ///   - privateKey: The bytes of its private key. `Data` is not wiped, and stays the caller's.
    /// - Throws: `TokmintError` of the group `credentials` if one of them cannot be what it should; its message says
    ///   why.
    public convenience init(applicationId: String, privateKey: Data) throws(TokmintError) {
        self.init(try OpenTok.native(.application, applicationId, privateKey).get())
    }

    /// Takes an application's ID and public key, for a service that verifies and inspects tokens and must not be able
    /// to generate any.
    ///
    /// - Parameters:
    ///   - applicationId: The application's ID, a UUID in any case.
    ///   - publicKey: The text of its public key, never a path: PEM in SubjectPublicKeyInfo or PKCS #1, an X.509
    ///     certificate, or a JWK. A private key is refused.
    /// - Throws: `TokmintError` of the group `credentials` if one of them cannot be what it should; its message says
    ///   why.
    public convenience init(applicationId: String, publicKey: String) throws(TokmintError) {
        self.init(try OpenTok.native(.verifier, applicationId, utf8(publicKey)).get())
    }

    /// Takes an application's ID and what the file of its public key holds, also in DER.
    ///
    /// - Parameters:
    ///   - applicationId: The application's ID, a UUID in any case.
    ///   - publicKey: The bytes of its public key.
    /// - Throws: `TokmintError` of the group `credentials` if one of them cannot be what it should; its message says
    ///   why.
    public convenience init(applicationId: String, publicKey: Data) throws(TokmintError) {
        self.init(try OpenTok.native(.verifier, applicationId, publicKey).get())
    }

    /// Generates a token with which its holder can connect to a session.
    ///
    /// - Parameters:
    ///   - sessionId: A session that this project or application created.
    ///   - role: What the holder may do; a publisher by default.
    ///   - expireTime: When the token ends, in whole seconds (a fraction is dropped): 1 second to 30 days after its
    ///     issue, and 24 hours by default.
    ///   - expiresIn: The token's lifetime in whole seconds, 1 second to 30 days. Only one of the two may be given.
    ///   - data: Connection data, at most 1000 UTF-16 code units, which everybody in the session can read; none by
    ///     default.
    ///   - initialLayoutClassList: Classes of the layout in which an archive or a broadcast is composed, each without
    ///     whitespace, at most 1000 UTF-16 code units with the spaces between them; none by default.
    ///   - tokenFormat: The format of the token; a JWT by default. Applications have no other.
    ///   - createTime: When the token is issued, in whole seconds; now by default. Its lifetime counts from it.
    ///   - nonce: A number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used
    ///     before.
    ///   - jti: A UUID in lower case that tells equal tokens of an application apart; a random one by default.
    /// - Throws: `TokmintError` if the session is not one of these credentials, an option is out of its limits, or
    ///   there is no private key.
    public func generateToken(
        sessionId: String,
        role: Role? = nil,
        expireTime: Date? = nil,
        expiresIn: Duration? = nil,
        data: String? = nil,
        initialLayoutClassList: [String]? = nil,
        tokenFormat: TokenFormat? = nil,
        createTime: Date? = nil,
        nonce: Int64? = nil,
        jti: String? = nil
    ) throws(TokmintError) -> String {
        let options = TokenOptions(
            role: role, expireTime: expireTime, expiresIn: expiresIn, data: data,
            initialLayoutClassList: initialLayoutClassList, tokenFormat: tokenFormat, createTime: createTime,
            nonce: nonce, jti: jti)
        return try generated(sessionId, options).get()
    }

    /// Prepares a session, so that each of its tokens takes less time. Worth it from about five tokens on.
    ///
    /// - Parameter sessionId: A session that this project or application created.
    /// - Throws: `TokmintError` if it is not a session of these credentials.
    public func session(_ sessionId: String) throws(TokmintError) -> Session {
        try opened(sessionId).get()
    }

    /// Generates a JWT for the platform's REST calls, such as creating a session: the value of the header
    /// `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer ` for an application.
    ///
    /// It is for servers only, and nobody can connect to a session with it: `verifyToken` refuses it.
    ///
    /// - Parameters:
    ///   - expiresIn: The token's lifetime in whole seconds, 1 second to 24 hours; 3 minutes by default for a project,
    ///     15 for an application.
    ///   - createTime: When the token is issued, in whole seconds; now by default.
    ///   - jti: A UUID in lower case that tells equal tokens apart; a random one by default.
    /// - Throws: `TokmintError` if an option is out of its limits, or there is no private key.
    public func generateRestToken(
        expiresIn: Duration? = nil,
        createTime: Date? = nil,
        jti: String? = nil
    ) throws(TokmintError) -> String {
        try generatedForRest(expiresIn, createTime, jti).get()
    }

    /// Verifies a token of this project, JWT or T1, or of this application, and returns what it says.
    ///
    /// - Parameters:
    ///   - token: The token, whole and unchanged.
    ///   - now: The time of verification, in whole seconds; the current time by default.
    ///   - leeway: How much clocks may differ, in whole seconds up to an hour; nothing by default. Issue times up to 60
    ///     seconds ahead are always accepted, and a larger leeway extends that.
    ///   - sessionId: The session that the token must be for; any of these credentials by default.
    /// - Throws: `TokmintError` if the token is not one that a server would accept; its code says why.
    public func verifyToken(
        _ token: String,
        now: Date? = nil,
        leeway: Duration? = nil,
        sessionId: String? = nil
    ) throws(TokmintError) -> Token {
        try verified(token, Argument(now: now, leeway: leeway, sessionId: sessionId)).get()
    }

    /// Explains what a token holds, and everything for which `verifyToken` would refuse it, each with what to do.
    ///
    /// `verifyToken` accepts a token, without leeway, if and only if `Inspection.isRefused` is false. Trust nothing
    /// that an inspection shows: to let somebody in, verify. Without credentials there is the function of the same
    /// name.
    ///
    /// - Parameters:
    ///   - token: Any string.
    ///   - now: The time of inspection, in whole seconds; the current time by default.
    ///   - sessionId: The session that the token should be for; any of these credentials by default.
    /// - Throws: Nothing for any string; `TokmintError` of the group `binding` if tokmint has a defect. It throws in
    ///   Swift's sense because the call into the native library can fail.
    public func inspectToken(
        _ token: String,
        now: Date? = nil,
        sessionId: String? = nil
    ) throws(TokmintError) -> Inspection {
        try inspected(token, Argument(now: now, sessionId: sessionId)).get()
    }
}

/// Inspects a token without credentials: its signature stays unchecked, and its project or application is the one
/// that it names.
///
/// - Parameters:
///   - token: Any string.
///   - now: The time of inspection, in whole seconds; the current time by default.
///   - sessionId: The session that the token should be for; any by default.
/// - Throws: Nothing for any string; `TokmintError` of the group `binding` if tokmint has a defect. It throws in
///   Swift's sense because the call into the native library can fail.
public func inspectToken(
    _ token: String,
    now: Date? = nil,
    sessionId: String? = nil
) throws(TokmintError) -> Inspection {
    try inspectedWithoutCredentials(token, Argument(now: now, sessionId: sessionId)).get()
}
#endif
#endif
