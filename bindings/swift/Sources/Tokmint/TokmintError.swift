import Foundation

/// Why a token was not generated or not accepted.
///
/// The message is one sentence for a person. It never holds a secret, a key or the input, so it can be logged.
public struct TokmintError: Error, Hashable, Sendable, LocalizedError, CustomStringConvertible {
    /// The groups of errors; the code tells the errors of a group apart.
    public enum Group: String, CaseIterable, Codable, Sendable {
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
