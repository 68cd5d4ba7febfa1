// The calls that throw, for compilers before 6.0, which know no typed errors: every error is a `TokmintError` too. What
// they do is documented beside the others.

import Foundation

#if compiler(<6.0) || TOKMINT_UNTYPED
extension OpenTok {
    public convenience init(apiKey: String, apiSecret: String) throws {
        self.init(try OpenTok.native(.project, apiKey, wiping: apiSecret).get())
    }

    public convenience init(applicationId: String, privateKey: String) throws {
        self.init(try OpenTok.native(.application, applicationId, wiping: privateKey).get())
    }

    public convenience init(applicationId: String, privateKey: Data) throws {
        self.init(try OpenTok.native(.application, applicationId, privateKey).get())
    }

    public convenience init(applicationId: String, publicKey: String) throws {
        self.init(try OpenTok.native(.verifier, applicationId, utf8(publicKey)).get())
    }

    public convenience init(applicationId: String, publicKey: Data) throws {
        self.init(try OpenTok.native(.verifier, applicationId, publicKey).get())
    }

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
            role: role,
            expireTime: expireTime,
            expiresIn: expiresIn,
            data: data,
            initialLayoutClassList: initialLayoutClassList,
            tokenFormat: tokenFormat,
            createTime: createTime,
            nonce: nonce,
            jti: jti
        )
        return try generated(sessionId, options).get()
    }

    public func session(_ sessionId: String) throws -> Session {
        try opened(sessionId).get()
    }

    public func generateRestToken(
        expiresIn: Duration? = nil,
        createTime: Date? = nil,
        jti: String? = nil
    ) throws -> String {
        try generatedForRest(expiresIn, createTime, jti).get()
    }

    public func verifyToken(
        _ token: String,
        now: Date? = nil,
        leeway: Duration? = nil,
        sessionId: String? = nil
    ) throws -> Token {
        try verified(token, Argument(now: now, leeway: leeway, sessionId: sessionId)).get()
    }

    public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
        try inspected(token, Argument(now: now, sessionId: sessionId)).get()
    }
}

extension Session {
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
            role: role,
            expireTime: expireTime,
            expiresIn: expiresIn,
            data: data,
            initialLayoutClassList: initialLayoutClassList,
            tokenFormat: tokenFormat,
            createTime: createTime,
            nonce: nonce,
            jti: jti
        )
        return try generated(options).get()
    }

    public func verifyToken(_ token: String, now: Date? = nil, leeway: Duration? = nil) throws -> Token {
        try verified(token, Argument(now: now, leeway: leeway, sessionId: nil)).get()
    }
}

public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
    try inspectedWithoutCredentials(token, Argument(now: now, sessionId: sessionId)).get()
}
#endif
