import Foundation

/// Options for a new token. What is outside of the limits is refused; nothing is changed silently.
public struct TokenOptions: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// What the holder may do in the session; a publisher by default.
    public var role: Role?
    /// When the token ends, in whole seconds (a fraction is dropped): 1 second to 30 days after its issue, and 24 hours
    /// by default.
    public var expireTime: Date?
    /// The token's lifetime in whole seconds, 1 second to 30 days. Only one of the two may be given.
    public var expiresIn: Duration?
    /// Connection data, at most 1000 UTF-16 code units, which everybody in the session can read; none by default.
    public var data: String?
    /// Classes of the layout in which an archive or a broadcast is composed, each without whitespace, at most 1000
    /// UTF-16 code units with the spaces between them; none by default.
    public var initialLayoutClassList: [String]?
    /// The format of the token; a JWT by default. Applications have no other.
    public var tokenFormat: TokenFormat?
    /// When the token is issued, in whole seconds; now by default. Its lifetime counts from it.
    public var createTime: Date?
    /// A number that tells equal tokens of a project apart, 0 to 2^53 - 1; by default one that was not used before.
    public var nonce: Int64?
    /// A UUID in lower case that tells equal tokens of an application apart; a random one by default.
    public var jti: String?

    /// Takes the options, each documented at its property. One that is nil is not given, and takes its default.
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

    /// The options that are given, but for the connection data, which may say who the holder is.
    public var description: String { shown.description(Self.self) }

    /// The same as `description` shows, for `dump` and debuggers.
    public var customMirror: Mirror { shown.mirror(self, .struct) }

    private var shown: Shown {
        Shown([
            "role": role, "expireTime": expireTime, "expiresIn": expiresIn, "data": data.map { _ in "(not shown)" },
            "initialLayoutClassList": initialLayoutClassList, "tokenFormat": tokenFormat, "createTime": createTime,
            "nonce": nonce, "jti": jti,
        ])
    }
}
