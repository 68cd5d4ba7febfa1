import Foundation

/// Options for a new token. What is outside of core's limits is refused; nothing is changed silently.
public struct TokenOptions: Hashable, Sendable {
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
}
