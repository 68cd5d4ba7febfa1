// The calls that throw, for compilers before 6.0, which know no typed errors: every error is a `TokmintError` too. The
// calls of the same names in OpenTok.swift and Session.swift have the whole documentation, and the same bodies: Swift
// has no condition for a part of a declaration.

import Foundation

#if compiler(<6.0) || TOKMINT_UNTYPED
extension OpenTok {
    /// Takes a project's API key and API secret. Every error is a `TokmintError`.
    public convenience init(apiKey: String, apiSecret: String) throws {
        self.init(try OpenTok.native(.project, apiKey, wiping: apiSecret).get())
    }

    /// Takes an application's ID and the text of its private key, never a path. Every error is a `TokmintError`.
    public convenience init(applicationId: String, privateKey: String) throws {
        self.init(try OpenTok.native(.application, applicationId, wiping: privateKey).get())
    }

    /// Takes an application's ID and the bytes of its private key, PEM or DER. Every error is a `TokmintError`.
    public convenience init(applicationId: String, privateKey: Data) throws {
        self.init(try OpenTok.native(.application, applicationId, privateKey).get())
    }

    /// Takes an application's ID and the text of its public key, never a path. Every error is a `TokmintError`.
    public convenience init(applicationId: String, publicKey: String) throws {
        self.init(try OpenTok.native(.verifier, applicationId, utf8(publicKey)).get())
    }

    /// Takes an application's ID and the bytes of its public key, PEM or DER. Every error is a `TokmintError`.
    public convenience init(applicationId: String, publicKey: Data) throws {
        self.init(try OpenTok.native(.verifier, applicationId, publicKey).get())
    }

    /// Generates a token with which its holder can connect to a session. `TokenOptions` has the units, limits and
    /// defaults of the options. Every error is a `TokmintError`.
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
    ) throws -> String {
        let options = TokenOptions(
            role: role, expireTime: expireTime, expiresIn: expiresIn, data: data,
            initialLayoutClassList: initialLayoutClassList, tokenFormat: tokenFormat, createTime: createTime,
            nonce: nonce, jti: jti)
        return try generated(sessionId, options).get()
    }

    /// Prepares a session, so that each of its tokens takes less time. Worth it from about five tokens on. Every error
    /// is a `TokmintError`.
    public func session(_ sessionId: String) throws -> Session {
        try opened(sessionId).get()
    }

    /// Generates a JWT for the platform's REST calls, which lives 1 second to 24 hours; 3 minutes by default for a
    /// project, 15 for an application. Every error is a `TokmintError`.
    public func generateRestToken(
        expiresIn: Duration? = nil,
        createTime: Date? = nil,
        jti: String? = nil
    ) throws -> String {
        try generatedForRest(expiresIn, createTime, jti).get()
    }

    /// Verifies a token of these credentials, with a leeway up to an hour, and returns what it says. Every error is a
    /// `TokmintError`.
    public func verifyToken(
        _ token: String,
        now: Date? = nil,
        leeway: Duration? = nil,
        sessionId: String? = nil
    ) throws -> Token {
        try verified(token, Argument(now: now, leeway: leeway, sessionId: sessionId)).get()
    }

    /// Explains any string as a token of these credentials. It throws a `TokmintError` only if tokmint has a defect.
    public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
        try inspected(token, Argument(now: now, sessionId: sessionId)).get()
    }
}

extension Session {
    /// Generates a token with which its holder can connect to the session. `TokenOptions` has the units, limits and
    /// defaults of the options. Every error is a `TokmintError`.
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
    ) throws -> String {
        let options = TokenOptions(
            role: role, expireTime: expireTime, expiresIn: expiresIn, data: data,
            initialLayoutClassList: initialLayoutClassList, tokenFormat: tokenFormat, createTime: createTime,
            nonce: nonce, jti: jti)
        return try generated(options).get()
    }

    /// Verifies a token of this session, with a leeway up to an hour, and returns what it says. Every error is a
    /// `TokmintError`.
    public func verifyToken(_ token: String, now: Date? = nil, leeway: Duration? = nil) throws -> Token {
        try verified(token, Argument(now: now, leeway: leeway, sessionId: nil)).get()
    }
}

/// Inspects any string without credentials: its signature stays unchecked. It throws a `TokmintError` only if tokmint
/// has a defect.
public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
    try inspectedWithoutCredentials(token, Argument(now: now, sessionId: sessionId)).get()
}
#endif
