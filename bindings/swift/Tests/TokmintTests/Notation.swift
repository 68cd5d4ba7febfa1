import Foundation
import Tokmint
import XCTest

typealias Json = [String: Any]

/// Something that no value of the published types can say.
struct Inexpressible: Error {
    let why: String
}

/// A file of `tests/vectors`, as JSONSerialization reads it.
func vectorFile(_ file: String) throws -> Any {
    var repository = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { repository.deleteLastPathComponent() }
    let data = try Data(contentsOf: repository.appendingPathComponent("tests/vectors/\(file)"))
    return try JSONSerialization.jsonObject(with: data)
}

/// The list that a file of vectors holds.
func vectors(_ file: String, _ list: String = "vectors") throws -> [Json] {
    let json = try XCTUnwrap(vectorFile(file) as? Json)
    let cases = try XCTUnwrap(json[list] as? [Json])
    XCTAssertFalse(cases.isEmpty, file)
    return cases
}

/// Expands a string in the notation of `tests/vectors/README.md`.
func string(_ value: Any?, _ context: Json = [:]) throws -> String {
    let bytes = try expanded(value, context)
    let decoded = String(decoding: bytes, as: UTF8.self)
    guard Data(decoded.utf8) == bytes else { throw Inexpressible(why: "bytes that are not UTF-8") }
    return decoded
}

/// The same, with U+FFFD for what no string can hold.
func lenientString(_ value: Any?, _ context: Json = [:]) throws -> String {
    String(decoding: try expanded(value, context), as: UTF8.self)
}

/// The value of a member that can be null; nil for null.
func present(_ value: Any?) throws -> Any? {
    let value = try XCTUnwrap(value)
    return (value is NSNull) ? nil : value
}

/// The strings of some members of each object in a list; nil for null.
func rows(_ list: Any?, _ names: String...) throws -> [[String?]] {
    try XCTUnwrap(list as? [Json]).map { object in
        try names.map { name in try present(object[name]).map { try string($0) } }
    }
}

/// The bytes of a string; `context` has the credentials with which the generators of `attacks.json` sign.
func expanded(_ value: Any?, _ context: Json = [:]) throws -> Data {
    if let string = value as? String { return Data(string.utf8) }
    let generator = try XCTUnwrap(value as? Json)
    if let times = generator["times"] {
        let part = try string(generator["repeat"], context)
        return Data(String(repeating: part, count: Int(try integer(times))).utf8)
    }
    if let parts = generator["concat"] as? [Any] {
        return try parts.reduce(into: Data()) { all, part in all.append(try expanded(part, context)) }
    }
    if let units = generator["utf16"] as? [Any] {
        let codeUnits = try units.map { UInt16(try integer($0)) }
        let decoded = String(decoding: codeUnits, as: UTF16.self)
        guard Array(decoded.utf16) == codeUnits else { throw Inexpressible(why: "half of a surrogate pair") }
        return Data(decoded.utf8)
    }
    if let base64 = generator["base64"] as? String { return try XCTUnwrap(Data(base64Encoded: base64)) }
    if let parts = generator["jwt"] as? Json {
        let header = base64Url(try expanded(parts["header"], context))
        let payload = base64Url(try expanded(parts["payload"], context))
        let secret = try expanded(context["secret"], context)
        let signature = hmac(sha256, key: secret, Data("\(header).\(payload)".utf8))
        return Data("\(header).\(payload).\(base64Url(signature))".utf8)
    }
    let parts = try XCTUnwrap(generator["t1"] as? Json)
    let data = try expanded(parts["data"], context)
    let apiKey = try string(context["api_key"])
    let secret = try expanded(context["secret"], context)
    var content = Data("partner_id=\(apiKey)&sig=\(hexadecimal(hmac(sha1, key: secret, data))):".utf8)
    content.append(data)
    return Data("T1==\(content.base64EncodedString())".utf8)
}

func hexadecimal(_ bytes: Data) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
}

private func base64Url(_ bytes: Data) -> String {
    bytes.base64EncodedString()
        .replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
}

/// Whether the first part of a JWT names RS256.
func saysRs256(_ token: String) -> Bool {
    guard let end = token.firstIndex(of: ".") else { return false }
    var part = token[..<end].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    part += String(repeating: "=", count: (4 - part.count % 4) % 4)
    let header = Data(base64Encoded: part) ?? Data()
    return String(decoding: header, as: UTF8.self).contains("\"alg\":\"RS256\"")
}

/// The number as it is written, because Foundation's classes for numbers differ between Linux and Apple's systems, and
/// so do their casts and roundings.
func integer(_ value: Any) throws -> Int64 {
    let number = try XCTUnwrap(value as? NSNumber)
    return try XCTUnwrap(Int64(number.stringValue))
}

func date(_ value: Any) throws -> Date {
    if let float = (value as? Json)?["float"] as? String {
        return Date(timeIntervalSince1970: try XCTUnwrap(Double(float)))
    }
    return Date(timeIntervalSince1970: TimeInterval(try integer(value)))
}

func duration(_ value: Any) throws -> Duration {
    .seconds(try integer(value))
}

func roleNamed(_ value: Any) throws -> Role {
    switch try string(value) {
    case "subscriber": return .subscriber
    case "publisher": return .publisher
    case "publisheronly": return .publisherOnly
    case "moderator": return .moderator
    default: throw Inexpressible(why: "an unknown role")
    }
}

func formatNamed(_ value: Any) throws -> TokenFormat {
    switch try string(value) {
    case "jwt": return .jwt
    case "t1": return .t1
    default: throw Inexpressible(why: "an unknown token format")
    }
}

/// A list of strings.
func strings(_ value: Any) throws -> [String] {
    try XCTUnwrap(value as? [Any]).map { try string($0) }
}

/// The options of a vector; nil for one that it does not give.
struct GenerateOptions {
    let role: Role?
    let expireTime: Date?
    let expiresIn: Duration?
    let data: String?
    let initialLayoutClassList: [String]?
    let tokenFormat: TokenFormat?
    let createTime: Date?
    let nonce: Int64?
    let jti: String?

    init(_ options: Json) throws {
        let known: Set<String> = [
            "role", "expire_time", "expires_in", "data", "initial_layout_class_list", "token_format", "create_time",
            "nonce", "jti",
        ]
        XCTAssertTrue(known.isSuperset(of: options.keys), "the runner knows every option: \(options.keys)")
        role = try options["role"].map(roleNamed)
        expireTime = try options["expire_time"].map(date)
        expiresIn = try options["expires_in"].map(duration)
        data = try options["data"].map { try string($0) }
        initialLayoutClassList = try options["initial_layout_class_list"].map(strings)
        tokenFormat = try options["token_format"].map(formatNamed)
        createTime = try options["create_time"].map(date)
        nonce = try options["nonce"].map(integer)
        jti = try options["jti"].map { try string($0) }
    }

    var isReproducible: Bool { createTime != nil && (nonce != nil || jti != nil) }

    /// As an item of a batch.
    var item: TokenOptions {
        TokenOptions(
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
    }
}

/// The options of a vector; nil for one that it does not give.
struct RestOptions {
    let expiresIn: Duration?
    let createTime: Date?
    let jti: String?

    init(_ options: Json) throws {
        let known: Set<String> = ["expires_in", "create_time", "jti"]
        XCTAssertTrue(known.isSuperset(of: options.keys), "the runner knows every option: \(options.keys)")
        expiresIn = try options["expires_in"].map(duration)
        createTime = try options["create_time"].map(date)
        jti = try options["jti"].map { try string($0) }
    }
}

/// The options of a vector; nil for one that it does not give.
struct CheckOptions {
    let now: Date?
    let leeway: Duration?
    let sessionId: String?

    init(_ options: Json) throws {
        let known: Set<String> = ["now", "leeway", "session_id"]
        XCTAssertTrue(known.isSuperset(of: options.keys), "the runner knows every option: \(options.keys)")
        now = try options["now"].map(date)
        leeway = try options["leeway"].map(duration)
        sessionId = try options["session_id"].map { try string($0) }
    }

    /// A time and nothing else.
    init(now: Any?) throws {
        try self.init(["now": XCTUnwrap(now)])
    }
}

extension OpenTok {
    /// Generates, and expects that a session and its batches give the same token or refuse with the same error.
    func generate(_ sessionId: String, _ options: GenerateOptions) throws -> String {
        let once = try attempt {
            try generateToken(
                sessionId: sessionId,
                role: options.role,
                expireTime: options.expireTime,
                expiresIn: options.expiresIn,
                data: options.data,
                initialLayoutClassList: options.initialLayoutClassList,
                tokenFormat: options.tokenFormat,
                createTime: options.createTime,
                nonce: options.nonce,
                jti: options.jti
            )
        }
        var others: [Result<String, TokmintError>] = []
        switch try attempt({ try session(sessionId) }) {
        case .failure(let refused):
            others = [.failure(refused)]
        case .success(let session):
            XCTAssertEqual(session.sessionId, sessionId)
            others = session.generateTokens([options.item]) + Array(session.generateTokens([options.item].lazy))
            XCTAssertEqual(others.count, 2)
            others.append(
                try attempt {
                    try session.generateToken(
                        role: options.role,
                        expireTime: options.expireTime,
                        expiresIn: options.expiresIn,
                        data: options.data,
                        initialLayoutClassList: options.initialLayoutClassList,
                        tokenFormat: options.tokenFormat,
                        createTime: options.createTime,
                        nonce: options.nonce,
                        jti: options.jti
                    )
                }
            )
        }
        for other in others {
            switch (once, other) {
            case (.success(let token), .success(let same)):
                if options.isReproducible { XCTAssertEqual(token, same) }
            case (.failure(let refused), .failure(let same)):
                XCTAssertEqual(refused.code, same.code)
            default:
                XCTFail("\(once), but by a session \(other)")
            }
        }
        return try once.get()
    }

    func generateRest(_ options: RestOptions) throws -> String {
        try generateRestToken(expiresIn: options.expiresIn, createTime: options.createTime, jti: options.jti)
    }

    /// Verifies, and expects that inspect says the same where there is no leeway, which it does not have.
    func verify(_ token: String, _ options: CheckOptions) throws -> Token {
        let verified = try attempt {
            try verifyToken(token, now: options.now, leeway: options.leeway, sessionId: options.sessionId)
        }
        if options.leeway == nil {
            let inspection = try inspect(token, options, by: self)
            XCTAssertEqual(inspection.isRefused, (try? verified.get()) == nil, "\(inspection)")
        }
        return try encodedAndDecoded(verified.get())
    }
}

/// Inspects a token with credentials, or without.
func inspect(_ token: String, _ options: CheckOptions, by opentok: OpenTok?) throws -> Inspection {
    let (now, sessionId) = (options.now, options.sessionId)
    let inspection =
        try opentok?.inspectToken(token, now: now, sessionId: sessionId)
        ?? inspectToken(token, now: now, sessionId: sessionId)
    let decoded = try encodedAndDecoded(inspection)
    XCTAssertEqual(decoded.description, inspection.description)
    XCTAssertEqual(decoded.json, inspection.json)
    return decoded
}

/// What a value becomes by way of JSON, which is equal to it.
func encodedAndDecoded<Value: Codable & Hashable>(_ value: Value) throws -> Value {
    let decoded = try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    XCTAssertEqual(decoded, value)
    XCTAssertEqual(decoded.hashValue, value.hashValue)
    return decoded
}

/// What a call returns, or the error with which tokmint refuses it.
func attempt<Value>(_ call: () throws -> Value) throws -> Result<Value, TokmintError> {
    do {
        return .success(try call())
    } catch let refused as TokmintError {
        return .failure(refused)
    }
}

/// Runs cases, and returns a member of those that could not be run, by reason.
func leavingOut(_ cases: [Json], by member: String, _ run: (Json) throws -> Void) throws -> [String: Set<String>] {
    var left: [String: Set<String>] = [:]
    for vector in cases {
        let key = try string(vector[member])
        do {
            try run(vector)
        } catch let inexpressible as Inexpressible {
            left[inexpressible.why, default: []].insert(key)
        }
    }
    return left
}

/// Much less than a leak of 64 bytes for every token amounts to.
let allowedResidentBytes = 8_000_000

/// Bytes of the process that are in memory.
func resident() throws -> Int {
    #if os(Linux)
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try XCTUnwrap(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try XCTUnwrap(Int(line.filter { $0.isNumber })) * 1024
    #else
    throw XCTSkip("nothing under /proc says what a process has in memory")
    #endif
}
