import Foundation
import TokmintGenerated

/// What the holder of a token may do in the session.
public enum Role: String, Sendable, CaseIterable {
    /// Subscribe to streams only.
    case subscriber
    /// Publish and subscribe. The default, as in every official SDK.
    case publisher
    /// Publish only.
    case publisherOnly = "publisheronly"
    /// Publish, subscribe, and mute or disconnect others.
    case moderator
}

/// The two token formats.
public enum TokenFormat: String, Sendable, CaseIterable {
    /// A JSON Web Token, signed with HMAC-SHA256 by a project and with RS256 by an application. The default.
    case jwt
    /// The older `T1==` format of projects, signed with HMAC-SHA1.
    case t1
}

/// Whether the signature of a token is that of the credentials.
public enum SignatureState: String, Sendable, CaseIterable {
    /// It is.
    case valid
    /// It is not.
    case invalid
    /// There was no key, no readable signature, or another algorithm.
    case unchecked
}

/// The severity of a finding.
public enum Severity: String, Sendable, CaseIterable {
    /// A server would refuse the token; `OpenTok.verifyToken` does.
    case refused
    /// The token is accepted, but probably does not do what its issuer meant.
    case warning
    /// Something unusual that does no harm.
    case note
}

/// The `name` and the `value` of a member, as written in a token: nothing is escaped for a terminal.
public typealias Field = TokmintGenerated.Field

/// One thing that an inspection found.
public struct Finding: Sendable, Equatable {
    /// Its stable name for programs, such as `token_expired`, the same in every language.
    public let code: String
    /// Its severity. Every code has one.
    public let severity: Severity
    /// What is wrong and what to do, in one sentence for a person. It may quote a few characters of the token, escaped
    /// and shortened, but never its signature and never connection data.
    public let message: String
    /// What the server says to such a token; nil if that is not known.
    public let serverMessage: String?

    init(_ finding: TokmintGenerated.Finding) {
        code = finding.code
        severity = named(finding.severity)
        message = finding.message
        serverMessage = finding.serverMessage
    }
}

/// Why a token was not generated or not accepted.
///
/// The message is one sentence for a person. It never holds a secret, a key or the input, so it can be logged.
public struct TokmintError: Error, LocalizedError, CustomStringConvertible, Sendable {
    /// The groups of errors; the code tells the errors of a group apart.
    public enum Group: String, Sendable, CaseIterable {
        /// The API key, the API secret, the application ID or the key cannot be one, or there is no private key.
        case credentials
        /// The session ID is invalid or belongs to another project or application.
        case session
        /// An option is outside of its limits, or not one that these credentials have.
        case options
        /// The token is not one that a server would accept.
        case token
        /// The system has no usable clock or no random bytes.
        case system
        /// tokmint has a defect.
        case binding
    }

    /// The stable number of the error, the same in every language.
    public let number: Int
    /// The stable name of the error, such as `data_too_long`, the same in every language.
    public let code: String
    /// The group of the error.
    public let group: Group
    /// One sentence for a person.
    public let message: String

    init(_ error: TokmintGenerated.TokmintError) {
        switch error {
        case .Refused(let number, let code, let group, let sentence):
            self.number = Int(number)
            self.code = code
            self.group = Group(rawValue: group) ?? .binding
            message = sentence
        }
    }

    public var description: String { "\(code): \(message)" }
    public var errorDescription: String? { message }
}

/// What a token says. One that `verifyToken` returned is valid; one in an `Inspection` need not be.
public struct Token: Sendable, Equatable, CustomStringConvertible {
    /// The format it is written in.
    public let format: TokenFormat
    /// The API key of the project that issued it; nil if an application did.
    public let apiKey: String?
    /// The ID of the application that issued it, in lower case; nil if a project did.
    public let applicationId: String?
    /// The one session it admits to.
    public let sessionId: String
    /// What its holder may do there.
    public let role: Role
    /// When it was issued.
    public let createTime: Date
    /// The first second at which it is no longer valid.
    public let expireTime: Date
    /// The connection data, which everybody in the session can read; empty if there is none.
    public let data: String
    /// The layout classes of the holder's streams when an archive or broadcast is composed.
    public let initialLayoutClassList: [String]
    /// The nonce of a project's token, which need not be a number, or the `jti` of an application's, as written in the
    /// token; empty if there is none.
    public let nonce: String

    init(_ token: TokmintGenerated.Token) {
        format = named(token.format)
        apiKey = token.apiKey
        applicationId = token.applicationId
        sessionId = token.sessionId
        role = named(token.role)
        createTime = date(token.createTime)
        expireTime = date(token.expireTime)
        data = token.data
        initialLayoutClassList = token.initialLayoutClassList
        nonce = token.nonce
    }

    /// All but the connection data, which may say who the holder is.
    public var description: String {
        "Token(format: \(format), \(shown(apiKey, applicationId)), sessionId: \(sessionId), role: \(role), "
            + "createTime: \(createTime), expireTime: \(expireTime), initialLayoutClassList: \(initialLayoutClassList))"
    }
}

/// The contents of a token, as far as they can be parsed, and everything that is wrong with it.
///
/// Trust nothing that it shows: to admit somebody, use `OpenTok.verifyToken`.
public struct Inspection: Sendable, Equatable, CustomStringConvertible {
    private let native: TokmintGenerated.InspectedToken
    private let record: TokmintGenerated.Inspection
    /// The typed token, valid or not, if every field can be read.
    public let token: Token?
    /// What is wrong: first what makes `OpenTok.verifyToken` refuse it, in the order of its checks, then warnings, then
    /// notes.
    public let findings: [Finding]

    init(_ inspected: TokmintGenerated.InspectedToken) {
        native = inspected
        record = inspected.inspection()
        token = record.token.map { Token($0) }
        findings = record.findings.map { Finding($0) }
    }

    /// The format; nil if it cannot be told.
    public var format: TokenFormat? { record.format.map(named) }
    /// Whether the signature is that of the credentials.
    public var signature: SignatureState { named(record.signature) }
    /// The members of a JWT's header, or the fields of a T1 token's head without its signature.
    public var header: [Field] { record.header }
    /// The claims of a JWT or the fields of a T1 token, in token order.
    public var fields: [Field] { record.fields }
    /// The time of inspection; nil if none was given and the system's clock cannot be read.
    public var now: Date? { record.now.map(date) }
    /// When it was issued; nil if the token does not state it.
    public var createTime: Date? { record.createTime.map(date) }
    /// The first second at which it is no longer valid; nil if the token does not state it.
    public var expireTime: Date? { record.expireTime.map(date) }
    /// The time before which a JWT is not valid; nil if the token does not state it.
    public var notBefore: Date? { record.notBefore.map(date) }
    /// The time until its expiry, zero or less after it; nil if it has none.
    public var remainingLifetime: Duration? { record.remainingLifetime.map { .seconds($0) } }
    /// Whether `OpenTok.verifyToken` without leeway would refuse the token.
    public var isRefused: Bool { record.isRefused }
    /// All of it for a person, with control characters escaped. It shows the connection data.
    public var description: String { native.text() }
    /// All of it for a program: one JSON object.
    public var json: String { native.json() }

    public static func == (one: Inspection, other: Inspection) -> Bool { one.record == other.record }
}

/// Inspects a token without credentials: its signature stays unchecked, and its project or application is the one
/// that it names.
///
/// - Parameters:
///   - token: Any string.
///   - now: The time of inspection, in whole seconds; the current time by default.
///   - sessionId: The session that the token should be for; any by default.
/// - Throws: Nothing for any token; `TokmintError` if tokmint itself failed.
public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
    let options = inspectOptions(now, sessionId)
    return try translated { Inspection(try TokmintGenerated.inspectToken(token: utf8(token), options: options)) }
}

/// The credentials of one project or one Vonage application: mints, verifies and explains its tokens without a call to
/// any server.
///
/// Immutable and safe to share between tasks. It keeps the secret and the keys made from it, and wipes them when it is
/// deinitialized. The `String` or `Data` that held the secret or the key is the caller's.
public final class OpenTok: Sendable, CustomStringConvertible, CustomReflectable {
    /// The project's API key, which is no secret; nil for an application.
    public let apiKey: String?
    /// The application's ID in lower case, which is no secret; nil for a project.
    public let applicationId: String?
    private let native: TokmintGenerated.OpenTok

    /// Takes a project's API key and API secret, as its account page shows them.
    ///
    /// - Throws: `TokmintError` if one of them cannot be what it should.
    public convenience init(apiKey: String, apiSecret: String) throws {
        var secret = utf8(apiSecret)
        defer { secret.resetBytes(in: 0..<secret.count) }
        try self.init(.project, apiKey, secret)
    }

    /// Takes the ID of a Vonage application, a UUID in any case, and its private key.
    ///
    /// - Parameters:
    ///   - applicationId: The application's ID.
    ///   - privateKey: The text of its private key, never a path: PEM in PKCS #8 or PKCS #1, also as an environment
    ///     variable holds it, with `\n` for line feeds, on one line, or as base64 of the whole file.
    /// - Throws: `TokmintError` if one of them cannot be what it should; its message says why.
    public convenience init(applicationId: String, privateKey: String) throws {
        var key = utf8(privateKey)
        defer { key.resetBytes(in: 0..<key.count) }
        try self.init(.application, applicationId, key)
    }

    /// Takes the ID of a Vonage application and what the file of its private key holds, PEM or DER.
    ///
    /// - Throws: `TokmintError` if one of them cannot be what it should; its message says why.
    public convenience init(applicationId: String, privateKey: Data) throws {
        try self.init(.application, applicationId, privateKey)
    }

    /// Takes an application's ID and public key, for a service that verifies and inspects tokens and must not be able to
    /// generate any.
    ///
    /// - Parameters:
    ///   - applicationId: The application's ID.
    ///   - publicKey: The text of its public key, never a path: PEM in SubjectPublicKeyInfo or PKCS #1, an X.509
    ///     certificate, or a JWK. A private key is refused.
    /// - Throws: `TokmintError` if one of them cannot be what it should; its message says why.
    public convenience init(applicationId: String, publicKey: String) throws {
        try self.init(.verifier, applicationId, utf8(publicKey))
    }

    /// Takes an application's ID and what the file of its public key holds, also in DER.
    ///
    /// - Throws: `TokmintError` if one of them cannot be what it should; its message says why.
    public convenience init(applicationId: String, publicKey: Data) throws {
        try self.init(.verifier, applicationId, publicKey)
    }

    /// Borrows the secret or the key; who made a copy of it wipes it.
    private init(_ kind: CredentialsKind, _ id: String, _ secret: Data) throws {
        native = try translated { try TokmintGenerated.OpenTok(kind: kind, id: utf8(id), secret: secret) }
        apiKey = native.apiKey()
        applicationId = native.applicationId()
    }

    /// Generates a token that admits its holder to a session.
    ///
    /// - Parameters:
    ///   - sessionId: A session that this project or application created.
    ///   - role: What the holder may do; a publisher by default.
    ///   - expireTime: When the token ends, in whole seconds (a fraction is dropped), at most 30 days after its issue;
    ///     24 hours after it by default.
    ///   - expiresIn: The token's lifetime in whole seconds. Only one of the two may be given.
    ///   - data: Connection data, at most 1000 UTF-16 code units, which everybody in the session can read.
    ///   - initialLayoutClassList: Layout classes without whitespace.
    ///   - tokenFormat: The format of the token; a JWT by default. Applications have no other.
    ///   - createTime: When the token is issued, in whole seconds; now by default.
    ///   - nonce: A number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used
    ///     before.
    ///   - jti: A UUID in lower case that tells equal tokens of an application apart; a random one by default.
    /// - Throws: `TokmintError` if the session is not one of these credentials, an option is out of its limits, or there
    ///   is no private key.
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
        return try translated { try native.generateToken(sessionId: utf8(sessionId), options: options.native) }
    }

    /// Prepares a session, so that each of its tokens takes less time. Worth it from about three tokens on.
    ///
    /// - Parameter sessionId: A session that this project or application created.
    /// - Throws: `TokmintError` if it is not a session of these credentials.
    public func session(_ sessionId: String) throws -> Session {
        let session = try translated { try native.session(sessionId: utf8(sessionId)) }
        return Session(session, of: self, sessionId)
    }

    /// Generates a JWT for the platform's REST calls, such as creating a session: the value of the header
    /// `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer ` for an application.
    ///
    /// It is for servers only, and admits nobody to a session: `verifyToken` refuses it.
    ///
    /// - Parameters:
    ///   - expiresIn: The token's lifetime in whole seconds, at most 24 hours; 3 minutes by default for a project, 15 for
    ///     an application.
    ///   - createTime: When the token is issued, in whole seconds; now by default.
    ///   - jti: A UUID in lower case that tells equal tokens apart; a random one by default.
    /// - Throws: `TokmintError` if an option is out of its limits, or there is no private key.
    public func generateRestToken(
        expiresIn: Duration? = nil,
        createTime: Date? = nil,
        jti: String? = nil
    ) throws -> String {
        let options = TokmintGenerated.RestTokenOptions(
            expiresIn: expiresIn.map(wholeSeconds),
            createTime: createTime.map(unixSeconds),
            jti: jti.map(utf8)
        )
        return try translated { try native.generateRestToken(options: options) }
    }

    /// Verifies a token of this project, JWT or T1, or of this application, and returns what it says.
    ///
    /// - Parameters:
    ///   - token: The token, whole and unchanged.
    ///   - now: The time of verification; the current time by default.
    ///   - leeway: How much clocks may differ, in whole seconds up to an hour; nothing by default.
    ///   - sessionId: The session that the token must be for; any of these credentials by default.
    /// - Throws: `TokmintError` if the token is not one that a server would accept; its code says why.
    public func verifyToken(
        _ token: String,
        now: Date? = nil,
        leeway: Duration? = nil,
        sessionId: String? = nil
    ) throws -> Token {
        let options = verifyOptions(now, leeway, sessionId)
        return try translated { Token(try native.verifyToken(token: utf8(token), options: options)) }
    }

    /// Explains what a token holds, and everything for which `verifyToken` would refuse it, each with what to do.
    ///
    /// `verifyToken` accepts a token, without leeway, if and only if `Inspection.isRefused` is false. Trust nothing
    /// that an inspection shows: to admit somebody, verify. Without credentials there is the function of the same name.
    ///
    /// - Parameters:
    ///   - token: Any string.
    ///   - now: The time of inspection, in whole seconds; the current time by default.
    ///   - sessionId: The session that the token should be for; any of these credentials by default.
    /// - Throws: Nothing for any token; `TokmintError` if tokmint itself failed.
    public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
        let options = inspectOptions(now, sessionId)
        return try translated { Inspection(try native.inspectToken(token: utf8(token), options: options)) }
    }

    /// The API key or the application ID, never the secret or a key.
    public var description: String { "OpenTok(\(shown(apiKey, applicationId)))" }

    public var customMirror: Mirror {
        Mirror(self, children: ["apiKey": apiKey as Any, "applicationId": applicationId as Any])
    }
}

/// Options for a new token. What is outside of core's limits is refused; nothing is changed silently.
public struct TokenOptions: Sendable, Equatable {
    /// What the holder may do in the session; a publisher by default.
    public var role: Role?
    /// When the token ends, in whole seconds (a fraction is dropped), at most 30 days after its issue; 24 hours after it
    /// by default.
    public var expireTime: Date?
    /// The token's lifetime in whole seconds. Only one of the two may be given.
    public var expiresIn: Duration?
    /// Connection data, at most 1000 UTF-16 code units, which everybody in the session can read.
    public var data: String?
    /// Layout classes without whitespace.
    public var initialLayoutClassList: [String]?
    /// The format of the token; a JWT by default. Applications have no other.
    public var tokenFormat: TokenFormat?
    /// When the token is issued, in whole seconds; now by default.
    public var createTime: Date?
    /// A number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used before.
    public var nonce: Int64?
    /// A UUID in lower case that tells equal tokens of an application apart; a random one by default.
    public var jti: String?

    /// Options that are not given take the defaults of tokmint's core.
    public init(
        role: Role? = nil,
        expireTime: Date? = nil,
        expiresIn: Duration? = nil,
        data: String? = nil,
        initialLayoutClassList: [String]? = nil,
        tokenFormat: TokenFormat? = nil,
        createTime: Date? = nil,
        nonce: Int64? = nil,
        jti: String? = nil
    ) {
        self.role = role
        self.expireTime = expireTime
        self.expiresIn = expiresIn
        self.data = data
        self.initialLayoutClassList = initialLayoutClassList
        self.tokenFormat = tokenFormat
        self.createTime = createTime
        self.nonce = nonce
        self.jti = jti
    }

    var native: TokmintGenerated.TokenOptions {
        TokmintGenerated.TokenOptions(
            role: role?.rawValue,
            expireTime: expireTime.map(unixSeconds),
            expiresIn: expiresIn.map(wholeSeconds),
            data: data.map(utf8),
            initialLayoutClassList: initialLayoutClassList.map { $0.map(utf8) },
            tokenFormat: tokenFormat?.rawValue,
            createTime: createTime.map(unixSeconds),
            nonce: nonce,
            jti: jti.map(utf8)
        )
    }
}

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

    /// Generates a token that admits its holder to the session. `TokenOptions` describes the options.
    ///
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
        return try translated { try native.generateToken(options: options.native) }
    }

    /// Generates many tokens: one result for each item, in order. An item at fault has its own error as its result, and
    /// the others have their tokens.
    ///
    /// The clock is read once for all of them.
    public func generateTokens(_ options: some Sequence<TokenOptions>) -> [Result<String, TokmintError>] {
        options.map(resultOfABatch())
    }

    /// Generates many tokens as the result is iterated, so that any number of them takes no more memory than one.
    ///
    /// The clock is read when this is called. To iterate again generates other tokens.
    public func generateTokens<Options: LazySequenceProtocol>(
        _ options: Options
    ) -> LazyMapSequence<Options.Elements, Result<String, TokmintError>> where Options.Element == TokenOptions {
        options.map(resultOfABatch())
    }

    private func resultOfABatch() -> (TokenOptions) -> Result<String, TokmintError> {
        let batch = native.batch()
        return { options in result { try batch.generateToken(options: options.native) } }
    }

    /// Verifies a token as `OpenTok.verifyToken` does. It must be for this session.
    ///
    /// - Parameters:
    ///   - token: The token, whole and unchanged.
    ///   - now: The time of verification; the current time by default.
    ///   - leeway: How much clocks may differ, in whole seconds up to an hour; nothing by default.
    /// - Throws: `TokmintError` if the token is not one that a server would accept for this session; its code says why.
    public func verifyToken(_ token: String, now: Date? = nil, leeway: Duration? = nil) throws -> Token {
        let options = verifyOptions(now, leeway, nil)
        return try translated { Token(try native.verifyToken(token: utf8(token), options: options)) }
    }

    /// The API key or the application ID, and the session ID, never the secret or a key.
    public var description: String { "Session(\(shown(apiKey, applicationId)), sessionId: \(sessionId))" }

    public var customMirror: Mirror {
        Mirror(
            self,
            children: ["apiKey": apiKey as Any, "applicationId": applicationId as Any, "sessionId": sessionId]
        )
    }
}

/// The one of the two that is there.
private func shown(_ apiKey: String?, _ applicationId: String?) -> String {
    apiKey.map { "apiKey: \($0)" } ?? "applicationId: \(applicationId ?? "")"
}

private func verifyOptions(_ now: Date?, _ leeway: Duration?, _ sessionId: String?) -> TokmintGenerated.VerifyOptions {
    TokmintGenerated.VerifyOptions(
        now: now.map(unixSeconds),
        leeway: leeway.map(wholeSeconds),
        sessionId: sessionId.map(utf8)
    )
}

private func inspectOptions(_ now: Date?, _ sessionId: String?) -> TokmintGenerated.InspectOptions {
    TokmintGenerated.InspectOptions(now: now.map(unixSeconds), sessionId: sessionId.map(utf8))
}

private func utf8(_ string: String) -> Data { Data(string.utf8) }

/// Whole seconds, and the nearest that 64 bits can hold.
private func unixSeconds(_ date: Date) -> Int64 {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    return Int64(exactly: seconds) ?? (seconds > 0 ? .max : .min)
}

private func wholeSeconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return attoseconds < 0 && seconds > .min ? seconds - 1 : seconds
}

/// The value that has this name in core.
private func named<Value: RawRepresentable>(_ name: String) -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: name) else { preconditionFailure("the native library is of another version") }
    return value
}

private func date(_ unixSeconds: Int64) -> Date { Date(timeIntervalSince1970: TimeInterval(unixSeconds)) }

private func translated<T>(_ call: () throws -> T) throws -> T { try result(call).get() }

private func result<T>(_ call: () throws -> T) -> Result<T, TokmintError> {
    do {
        return .success(try call())
    } catch let error as TokmintGenerated.TokmintError {
        return .failure(TokmintError(error))
    } catch {
        // A panic that UniFFI caught. Its message is dropped, since it may hold input.
        return .failure(TokmintError(panicError()))
    }
}
