import Foundation

#if compiler(>=6.0)
internal import TokmintGenerated
#else
import TokmintGenerated
#endif

/// A member of a token and its value, as written there: nothing is escaped for a terminal.
public struct Field: Hashable, Codable, Sendable {
    /// The name, unescaped in a JWT and still form-encoded in T1.
    public let name: String
    /// The JSON of the value in a JWT, quotes included; the form-encoded value in T1.
    public let value: String
}

/// One thing that an inspection found.
public struct Finding: Hashable, Codable, Sendable {
    /// Its stable code, the same in every language.
    public let code: Code
    /// Its severity. Every code has one.
    public let severity: Severity
    /// What is wrong and what to do, in one sentence for a person. It may quote a few characters of the token, escaped
    /// and shortened, but never its signature and never connection data.
    public let message: String
    /// What the server says to such a token; nil if that is not known.
    public let serverMessage: String?
}

/// The contents of a token, as far as they can be parsed, and everything that is wrong with it.
///
/// Trust nothing that it shows: to decide whether to let somebody in, use `OpenTok.verifyToken`.
///
/// An encoder writes its times as it writes every `Date`: those of Foundation as seconds since 2001, unless their
/// `dateEncodingStrategy` is set. Decode with the same strategy. For a program in another language, write `json`.
public struct Inspection: Hashable, Codable, Sendable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// What two equal inspections have in common.
    struct Contents: Hashable, Codable {
        let format: TokenFormat?
        let signature: SignatureState
        let header: [Field]
        let fields: [Field]
        let token: Token?
        let now: Date?
        let createTime: Date?
        let expireTime: Date?
        let notBefore: Date?
        let remainingSeconds: Int64?
        let findings: [Finding]
        let isRefused: Bool
    }

    /// The text and the JSON that core makes of it. Those of a decoded inspection were encoded with it.
    enum Forms: Sendable {
        case onDemand(InspectedToken)
        case made(text: String, json: String)
    }

    private let contents: Contents
    private let forms: Forms

    init(_ contents: Contents, _ inspected: InspectedToken) {
        self.contents = contents
        forms = .onDemand(inspected)
    }

    /// The format; nil if it cannot be told.
    public var format: TokenFormat? { contents.format }
    /// Whether the signature is that of the credentials.
    public var signature: SignatureState { contents.signature }
    /// The members of a JWT's header, or the fields of a T1 token's head without its signature.
    public var header: [Field] { contents.header }
    /// The claims of a JWT or the fields of a T1 token, in token order.
    public var fields: [Field] { contents.fields }
    /// The typed token, valid or not, if every field can be read.
    public var token: Token? { contents.token }
    /// The time of inspection; nil if none was given and the system's clock cannot be read.
    public var now: Date? { contents.now }
    /// When it was issued; nil if the token does not state it.
    public var createTime: Date? { contents.createTime }
    /// The first second at which it is no longer valid; nil if the token does not state it.
    public var expireTime: Date? { contents.expireTime }
    /// The time before which a JWT is not valid; nil if the token does not state it.
    public var notBefore: Date? { contents.notBefore }
    /// The time until its expiry, zero or less after it; nil if it has none.
    public var remainingLifetime: Duration? { contents.remainingSeconds.map { .seconds($0) } }
    /// What is wrong: first what makes `OpenTok.verifyToken` refuse it, in the order of its checks, then warnings, then
    /// notes.
    public var findings: [Finding] { contents.findings }
    /// Whether `OpenTok.verifyToken` without leeway would refuse the token.
    public var isRefused: Bool { contents.isRefused }

    /// All of it for a person, with control characters escaped. It shows the connection data.
    public var description: String {
        switch forms {
        case .onDemand(let inspected): return inspected.text()
        case .made(let text, _): return text
        }
    }

    /// All of it for a program, as one JSON object that is the same in every language.
    ///
    /// Its `created_at`, `expires_at` and `not_before` are times as text (RFC 3339, in UTC), and null where there is
    /// none. The `token` in it, which is null if a field cannot be read, has its `create_time` and `expire_time` in
    /// Unix seconds.
    public var json: String {
        switch forms {
        case .onDemand(let inspected): return inspected.json()
        case .made(_, let json): return json
        }
    }

    private var shown: Shown {
        Shown([
            "format": format, "signature": signature, "token": token, "now": now, "createTime": createTime,
            "expireTime": expireTime, "notBefore": notBefore, "remainingLifetime": remainingLifetime,
            "findings": findings, "isRefused": isRefused,
        ])
    }

    /// Its members on one line, for `dump`, debuggers, and inspections in arrays: all but `header` and `fields`, which show
    /// the connection data.
    public var debugDescription: String { shown.description(Inspection.self) }

    /// The same members.
    public var customMirror: Mirror { shown.mirror(self, .struct) }

    /// Whether the two say the same.
    public static func == (one: Inspection, other: Inspection) -> Bool { one.contents == other.contents }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(contents) }

    private enum CodingKeys: CodingKey {
        case contents, text, json
    }

    /// Decodes what `encode(to:)` wrote.
    ///
    /// - Throws: What the decoder throws if it is not an encoded inspection.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        contents = try container.decode(Contents.self, forKey: .contents)
        forms = .made(
            text: try container.decode(String.self, forKey: .text),
            json: try container.decode(String.self, forKey: .json)
        )
    }

    /// Encodes it for `init(from:)`, connection data included. Programs in other languages read `json`.
    ///
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(contents, forKey: .contents)
        try container.encode(description, forKey: .text)
        try container.encode(json, forKey: .json)
    }
}
