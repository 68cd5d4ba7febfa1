import Foundation

/// What a token says.
///
/// One that `OpenTok.verifyToken` returned is valid. One in an `Inspection` need not be, and one that was decoded is
/// what somebody encoded: trust neither.
///
/// An encoder writes its times as it writes every `Date`: those of Foundation as seconds since 2001, unless their
/// `dateEncodingStrategy` is set, to `.secondsSince1970` or `.iso8601` for example. Decode with the same strategy.
public struct Token: Hashable, Codable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The format it is written in.
    public let format: TokenFormat
    /// The API key of the project that issued it; nil if an application did.
    public let apiKey: String?
    /// The ID of the application that issued it, in lower case; nil if a project did.
    public let applicationId: String?
    /// The one session that its holder can connect to.
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

    /// All but the connection data, which may say who the holder is.
    public var description: String { shown.description(Self.self) }

    /// The same as `description` shows, for `dump` and debuggers.
    public var customMirror: Mirror { shown.mirror(self, .struct) }

    private var shown: Shown {
        Shown([
            "format": format, "apiKey": apiKey, "applicationId": applicationId, "sessionId": sessionId, "role": role,
            "createTime": createTime, "expireTime": expireTime, "initialLayoutClassList": initialLayoutClassList,
        ])
    }
}
