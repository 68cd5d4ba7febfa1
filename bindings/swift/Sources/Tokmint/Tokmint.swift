import Foundation
import TokmintGenerated

/// What the holder of a token may do in the session: `.subscriber`, `.publisher` (the default), `.publisherOnly` or
/// `.moderator`.
public typealias Role = TokmintGenerated.Role

/// The two token formats: `.jwt` (the default) and `.t1`.
public typealias TokenFormat = TokmintGenerated.TokenFormat

/// Whether the signature of a token is that of a project: `.valid`, `.invalid`, or `.unchecked` without credentials and
/// where there is nothing to check.
public typealias SignatureState = TokmintGenerated.SignatureState

/// How grave a finding is: `.refused` if a server would refuse the token, `.warning` if it probably does not do what its
/// issuer meant, `.note` for something unusual that does no harm.
public typealias Severity = TokmintGenerated.Severity

/// The `name` and the `value` of a member, as they stand in a token: nothing is escaped for a terminal.
public typealias Field = TokmintGenerated.Field

/// One thing that an inspection found: its stable `code`, its `severity`, a `message` for a person, and the
/// `serverMessage` where it is known what a server says.
public typealias Finding = TokmintGenerated.Finding

/// Why a token was not generated or not accepted.
///
/// The message is one sentence for a person. It never holds the secret and never the input itself, so it can be logged.
public struct TokmintError: Error, LocalizedError, CustomStringConvertible, Sendable {
    /// The stable number of the error, the same in every language.
    public let number: Int
    /// The stable name of the error, such as `data_too_long`, the same in every language.
    public let code: String
    /// One sentence for a person.
    public let message: String

    public var description: String { "\(code): \(message)" }
    public var errorDescription: String? { message }
}

/// What a token says. One that `OpenTok.verifyToken` returned is valid; one in an `Inspection` need not be.
public struct Token: Sendable, Equatable, CustomStringConvertible {
    /// The format it is written in.
    public let format: TokenFormat
    /// The API key of the project that issued it.
    public let apiKey: String
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
    /// The nonce as it stands in the token, which need not be a number; empty if there is none.
    public let nonce: String

    init(_ token: TokmintGenerated.Token) {
        format = token.format
        apiKey = token.apiKey
        sessionId = token.sessionId
        role = token.role
        createTime = Date(timeIntervalSince1970: TimeInterval(token.createTime))
        expireTime = Date(timeIntervalSince1970: TimeInterval(token.expireTime))
        data = token.data
        initialLayoutClassList = token.initialLayoutClassList
        nonce = token.nonce
    }

    /// All but the connection data, which may say who the holder is.
    public var description: String {
        "Token(format: \(format), apiKey: \(apiKey), sessionId: \(sessionId), role: \(role), createTime: \(createTime), "
            + "expireTime: \(expireTime), initialLayoutClassList: \(initialLayoutClassList))"
    }
}

/// What a token says, as far as it reads, and everything that is wrong with it.
///
/// Trust nothing that it shows: to admit somebody, use `OpenTok.verifyToken`.
public struct Inspection: Sendable, Equatable, CustomStringConvertible {
    /// The format; nil if it cannot be told.
    public let format: TokenFormat?
    /// Whether the signature is that of the project.
    public let signature: SignatureState
    /// The members of a JWT's header, or `partner_id` of a T1 token.
    public let header: [Field]
    /// The claims of a JWT or the fields of a T1 token, in their order.
    public let fields: [Field]
    /// The token with its types, if every field reads, whether it is valid or not.
    public let token: Token?
    /// When it was issued; nil if it does not say so or beyond the year 9999.
    public let createdAt: Date?
    /// The first second at which it is no longer valid; nil in the same way.
    public let expiresAt: Date?
    /// The time before which a JWT is not valid; nil in the same way.
    public let notBefore: Date?
    /// The time until its expiry, zero or less when it is over; nil if it does not name one.
    public let remainingLifetime: Duration?
    /// What is wrong: first what makes `OpenTok.verifyToken` refuse it, in the order of its checks, then warnings, then
    /// notes.
    public let findings: [Finding]
    /// Whether `OpenTok.verifyToken` without leeway would refuse the token.
    public let isRefused: Bool
    /// All of it for a person, with control characters escaped. It shows the connection data.
    public let description: String
    /// All of it for a program: one JSON object.
    public let json: String

    init(_ inspection: TokmintGenerated.Inspection) {
        format = inspection.format
        signature = inspection.signature
        header = inspection.header
        fields = inspection.fields
        token = inspection.token.map { Token($0) }
        let reader = ISO8601DateFormatter()
        createdAt = inspection.createdAt.flatMap { reader.date(from: $0) }
        expiresAt = inspection.expiresAt.flatMap { reader.date(from: $0) }
        notBefore = inspection.notBefore.flatMap { reader.date(from: $0) }
        remainingLifetime = inspection.remainingLifetime.map { Duration.seconds($0) }
        findings = inspection.findings
        isRefused = inspection.isRefused
        description = inspection.text
        json = inspection.json
    }
}

/// Inspects a token without credentials: its signature stays unchecked, and its project is the one that it names.
///
/// - Parameters:
///   - token: Any text.
///   - now: The time of inspection, in whole seconds; the current time by default.
///   - sessionId: The session that the token should be for; any by default.
/// - Throws: Nothing for any token; `TokmintError` if tokmint itself failed.
public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
    let options = inspectOptions(now, sessionId)
    return try translated { Inspection(try TokmintGenerated.inspectToken(token: utf8(token), options: options)) }
}

/// The credentials of one project: mints, verifies and explains its tokens without a call to any server.
///
/// Immutable and safe to share between tasks. It keeps no copy of the secret but the key states made from it, which are
/// wiped when it goes away. The `String` that held the secret is the caller's.
public final class OpenTok: Sendable, CustomStringConvertible, CustomReflectable {
    /// The project's API key, which is no secret.
    public let apiKey: String
    private let native: TokmintGenerated.OpenTok

    /// Takes a project's API key and API secret, as its account page shows them.
    ///
    /// - Throws: `TokmintError` if one of them cannot be what it should.
    public init(apiKey: String, apiSecret: String) throws {
        self.apiKey = apiKey
        var secret = utf8(apiSecret)
        defer { secret.resetBytes(in: 0..<secret.count) }
        native = try translated { try TokmintGenerated.OpenTok(apiKey: utf8(apiKey), apiSecret: secret) }
    }

    /// Generates a token that admits its holder to a session.
    ///
    /// - Parameters:
    ///   - sessionId: A session that this project created.
    ///   - role: What the holder may do; a publisher by default.
    ///   - expireTime: When the token ends, in whole seconds (a fraction is dropped), at most 30 days after its issue;
    ///     24 hours after it by default.
    ///   - expiresIn: The same as a life in whole seconds. Only one of the two may be given.
    ///   - data: Connection data, at most 1000 UTF-16 code units, which everybody in the session can read.
    ///   - initialLayoutClassList: Layout classes without white space.
    ///   - tokenFormat: The format of the token; a JWT by default.
    ///   - createTime: When the token is issued, in whole seconds; now by default.
    ///   - nonce: A number that tells equal tokens apart, 0 to 2^53 - 1; by default one that was not used before.
    /// - Throws: `TokmintError` if the session is not one of this project, or an option is out of its limits.
    public func generateToken(
        sessionId: String,
        role: Role? = nil,
        expireTime: Date? = nil,
        expiresIn: Duration? = nil,
        data: String? = nil,
        initialLayoutClassList: [String]? = nil,
        tokenFormat: TokenFormat? = nil,
        createTime: Date? = nil,
        nonce: Int64? = nil
    ) throws -> String {
        let options = TokmintGenerated.TokenOptions(
            role: role,
            expireTime: expireTime.map(unixSeconds),
            expiresIn: expiresIn.map(wholeSeconds),
            data: data.map(utf8),
            initialLayoutClassList: initialLayoutClassList.map { $0.map(utf8) },
            tokenFormat: tokenFormat,
            createTime: createTime.map(unixSeconds),
            nonce: nonce
        )
        return try translated { try native.generateToken(sessionId: utf8(sessionId), options: options) }
    }

    /// Verifies a token of this project, JWT or T1, and returns what it says.
    ///
    /// - Parameters:
    ///   - token: The token, whole and unchanged.
    ///   - now: The time of verification; the current time by default.
    ///   - leeway: How much clocks may differ, in whole seconds up to an hour; nothing by default.
    ///   - sessionId: The session that the token must be for; any of the project by default.
    /// - Throws: `TokmintError` if the token is not one that a server would accept; its code says why.
    public func verifyToken(
        _ token: String,
        now: Date? = nil,
        leeway: Duration? = nil,
        sessionId: String? = nil
    ) throws -> Token {
        let options = TokmintGenerated.VerifyOptions(
            now: now.map(unixSeconds),
            leeway: leeway.map(wholeSeconds),
            sessionId: sessionId.map(utf8)
        )
        return try translated { Token(try native.verifyToken(token: utf8(token), options: options)) }
    }

    /// Says what a token holds, and everything for which `verifyToken` would refuse it, each with what to do.
    ///
    /// `verifyToken` accepts a token, without leeway, exactly if `Inspection.isRefused` is false. Trust nothing that an
    /// inspection shows: to admit somebody, verify. Without credentials there is the function of the same name.
    ///
    /// - Parameters:
    ///   - token: Any text.
    ///   - now: The time of inspection, in whole seconds; the current time by default.
    ///   - sessionId: The session that the token should be for; any of the project by default.
    /// - Throws: Nothing for any token; `TokmintError` if tokmint itself failed.
    public func inspectToken(_ token: String, now: Date? = nil, sessionId: String? = nil) throws -> Inspection {
        let options = inspectOptions(now, sessionId)
        return try translated { Inspection(try native.inspectToken(token: utf8(token), options: options)) }
    }

    /// The API key, never the secret.
    public var description: String { "OpenTok(apiKey: \(apiKey))" }

    public var customMirror: Mirror { Mirror(self, children: ["apiKey": apiKey]) }
}

private func inspectOptions(_ now: Date?, _ sessionId: String?) -> TokmintGenerated.InspectOptions {
    TokmintGenerated.InspectOptions(now: now.map(unixSeconds), sessionId: sessionId.map(utf8))
}

private func utf8(_ text: String) -> Data { Data(text.utf8) }

/// Whole seconds, and the nearest that 64 bits can hold.
private func unixSeconds(_ date: Date) -> Int64 {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    return Int64(exactly: seconds) ?? (seconds > 0 ? .max : .min)
}

private func wholeSeconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return attoseconds < 0 && seconds > .min ? seconds - 1 : seconds
}

private func translated<T>(_ call: () throws -> T) throws -> T {
    do {
        return try call()
    } catch let TokmintGenerated.TokmintError.Refused(number, code, sentence) {
        throw TokmintError(number: Int(number), code: code, message: sentence)
    } catch {
        // A panic outside of the guard of the native library. Its text is dropped, since it may hold input.
        throw TokmintError(
            number: 99,
            code: "panic",
            message: "tokmint itself failed, which is a defect of tokmint; please report it"
        )
    }
}
