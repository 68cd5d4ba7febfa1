import Foundation

#if compiler(>=6.0)
internal import TokmintGenerated
internal import tokmintFFI
#else
import TokmintGenerated
import tokmintFFI
#endif

/// One session of an `OpenTok`, to generate many tokens for it. `OpenTok.session` makes it.
///
/// Immutable and safe to share between tasks. It keeps the keys, also after its `OpenTok` is deinitialized, and wipes
/// them with the last that has them.
public final class Session: Sendable, CustomStringConvertible, CustomReflectable {
    /// The ID of the session, which is no secret.
    public let sessionId: String
    private let apiKey: String?
    private let applicationId: String?
    private let native: TokmintGenerated.Session

    init(_ native: TokmintGenerated.Session, of opentok: OpenTok, _ sessionId: String) {
        self.native = native
        self.sessionId = sessionId
        apiKey = opentok.apiKey
        applicationId = opentok.applicationId
    }

    func generated(_ options: TokenOptions) -> Result<String, TokmintError> {
        let options = Argument(options).lowered()
        return called {
            uniffi_tokmint_uniffi_fn_method_session_generate_token(native.uniffiCloneHandle(), options, $0)
        }.map { $0.read { $0.text() } }
    }

    func verified(_ token: String, _ options: Argument) -> Result<Token, TokmintError> {
        let (token, options) = (Argument(token).lowered(), options.lowered())
        return called {
            uniffi_tokmint_uniffi_fn_method_session_verify_token(native.uniffiCloneHandle(), token, options, $0)
        }.map { $0.read { $0.token() } }
    }

    /// Generates many tokens: one result for each item, in order. An item at fault has its own error as its result, and
    /// the others have their tokens.
    ///
    /// The clock is read once for all of them.
    ///
    /// - Parameter options: The options of each token; `TokenOptions` has their units and limits.
    /// - Returns: The token of each item, or the `TokmintError` that `generateToken` would throw.
    public func generateTokens(_ options: some Sequence<TokenOptions>) -> [Result<String, TokmintError>] {
        options.map(resultOfABatch())
    }

    /// Generates many tokens as the result is iterated, so that any number of them takes no more memory than one.
    ///
    /// The clock is read when this is called. To iterate again generates other tokens.
    ///
    /// - Parameter options: The options of each token; `TokenOptions` has their units and limits.
    /// - Returns: The token of each item, or the `TokmintError` that `generateToken` would throw.
    public func generateTokens<Options: LazySequenceProtocol>(
        _ options: Options
    ) -> LazyMapSequence<Options.Elements, Result<String, TokmintError>> where Options.Element == TokenOptions {
        options.map(resultOfABatch())
    }

    private func resultOfABatch() -> (TokenOptions) -> Result<String, TokmintError> {
        let batch = native.batch()
        return { options in
            let options = Argument(options).lowered()
            return called {
                uniffi_tokmint_uniffi_fn_method_batch_generate_token(batch.uniffiCloneHandle(), options, $0)
            }.map { $0.read { $0.text() } }
        }
    }

    /// The API key or the application ID, and the session ID, never the secret or a key.
    public var description: String { shown.description(Session.self) }

    /// The same as `description` shows, for `dump` and debuggers.
    public var customMirror: Mirror { shown.mirror(self, .class) }

    private var shown: Shown {
        Shown(["apiKey": apiKey, "applicationId": applicationId, "sessionId": sessionId])
    }
}

#if compiler(>=6.0)  // An older compiler does not even parse what follows.
#if !TOKMINT_UNTYPED
extension Session {
    /// Generates a token with which its holder can connect to the session.
    ///
    /// - Parameters:
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
    /// - Throws: `TokmintError` if an option is out of its limits, or there is no private key.
    public func generateToken(
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
        return try generated(options).get()
    }

    /// Verifies a token as `OpenTok.verifyToken` does. It must be for this session.
    ///
    /// - Parameters:
    ///   - token: The token, whole and unchanged.
    ///   - now: The time of verification, in whole seconds; the current time by default.
    ///   - leeway: How much clocks may differ, in whole seconds up to an hour; nothing by default. Issue times up to 60
    ///     seconds ahead are always accepted, and a larger leeway extends that.
    /// - Throws: `TokmintError` if the token is not one that a server would accept for this session; its code says why.
    public func verifyToken(_ token: String, now: Date? = nil, leeway: Duration? = nil) throws(TokmintError) -> Token {
        try verified(token, Argument(now: now, leeway: leeway, sessionId: nil)).get()
    }
}
#endif
#endif
