import Foundation

/// Why a token was not generated or not accepted.
///
/// The message is one sentence for a person. It never holds a secret, a key or the input, so it can be logged.
///
/// With compilers of Swift 6.0 and later the calls throw this type and no other, and a `catch` knows it. Older
/// compilers need `catch let error as TokmintError`.
public struct TokmintError: Error, Hashable, Sendable, LocalizedError, CustomStringConvertible {
    /// The groups of errors; the code tells the errors of a group apart.
    public enum Group: String, CaseIterable, Codable, Sendable {
        /// The API key, the API secret, the application ID or the key cannot be one, or there is no private key.
        case credentials
        /// The session ID is malformed, or the session is one of another project or application.
        case session
        /// An option is outside of its limits, or not one that these credentials have.
        case options
        /// The token is not one that a server would accept.
        case token
        /// The system has no usable clock or no random bytes.
        case system
        /// tokmint has a defect, or does not fit its native library. A server answers it with the status 500.
        ///
        /// Other languages also have ill-formed strings in this group (`Code.invalidUtf8`). A `String` of Swift is
        /// always well-formed: U+FFFD took the place of half a surrogate pair when it was made. So a session ID or a
        /// `jti` of a client with such a half is an error of `session` or `options`.
        case binding
    }

    /// The stable number of the error, the same in every language.
    public let number: Int
    /// The stable code of the error, the same in every language.
    public let code: Code
    /// The group of the error.
    public let group: Group
    /// One sentence for a person.
    public let message: String

    /// The code and the message.
    public var description: String { "\(code): \(message)" }
    /// The message.
    public var errorDescription: String? { message }
}
