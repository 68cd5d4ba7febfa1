// The Swift program of the checks that hold in every language: `programs.py` says what it prints.

import Foundation
import Tokmint

let apiKey = "123456"
let apiSecret = "1234567890abcdef1234567890abcdef1234567890"
let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
let applicationId = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
let sessionOfApplication =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"

/// A number of kilobytes that Linux says of this process.
func ofStatus(_ name: String) -> Int {
    guard let file = fopen("/proc/self/status", "r") else { fatalError("no /proc") }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
        let text = String(cString: line)
        if text.hasPrefix(name), let number = Int(text.filter(\.isNumber)) { return number }
    }
    fatalError("nothing in /proc/self/status")
}

func write(_ bytes: Data) { FileHandle.standardOutput.write(bytes) }

// Secrets

final class Seen: TextOutputStream {
    var text = ""
    func write(_ string: String) { text += string }
}

/// Everything that the current request made visible.
let seen = Seen()

func see(_ shown: Any) { print(shown, to: &output) }
var output: Seen {
    get { seen }
    set {}
}

nonisolated(unsafe) var isThorough = false

/// The forms that Swift makes of a value.
func forms<Value>(_ value: Value) {
    see("\(value)")
    guard isThorough else { return }
    see(String(describing: value))
    see(String(reflecting: value))
    dump(value, to: &output)
    for child in Mirror(reflecting: value).children { see(child) }
    if let value = value as? Encodable, let json = try? JSONEncoder().encode(value) {
        see(String(decoding: json, as: UTF8.self))
    }
    if let error = value as? Error {
        see(error.localizedDescription)
        see(error as NSError)
    }
}

@discardableResult
func show<Value>(_ call: () throws -> Value) -> Value? {
    do {
        let value = try call()
        forms(value)
        return value
    } catch {
        forms(error)
        if let error = error as? TokmintError { forms(error) }
        return nil
    }
}

/// A secret or a key where something else belongs.
func misplaced(_ text: String) throws {
    let opentok = try OpenTok(apiKey: apiKey, apiSecret: apiSecret)
    show { try OpenTok(apiKey: text, apiSecret: apiSecret) }
    show { try OpenTok(apiKey: text, apiSecret: text) }
    show { try OpenTok(applicationId: text, privateKey: text) }
    show { try OpenTok(applicationId: applicationId, publicKey: text) }
    show { try OpenTok(applicationId: applicationId, publicKey: Data(text.utf8)) }
    show { try opentok.session(text) }
    show { try opentok.generateToken(sessionId: text) }
    let long = text + String(repeating: "x", count: 1000)
    show { try opentok.generateToken(sessionId: sessionId, data: long) }
    show { try opentok.generateToken(sessionId: sessionId, initialLayoutClassList: ["a b", text]) }
    show { try opentok.generateToken(sessionId: sessionId, initialLayoutClassList: [long]) }
    show { try opentok.generateToken(sessionId: sessionId, jti: text) }
    show { try opentok.generateRestToken(jti: text) }
    show { try opentok.verifyToken(text) }
    see(Role(rawValue: text) as Any)
    let token = try opentok.generateToken(sessionId: sessionId)
    show { try opentok.verifyToken(token, sessionId: text) }
    show { try opentok.inspectToken(token, sessionId: text) }
    guard let other = show({ try OpenTok(apiKey: apiKey, apiSecret: text) }) else { return }
    show { try other.verifyToken(token) }
    show { try other.inspectToken(token) }
}

/// The objects that keep a secret or a key, if it is one, and what they make.
func shown(_ opentok: OpenTok?, _ sessionId: String) throws {
    guard let opentok, let session = show({ try opentok.session(sessionId) }) else { return }
    let token = try opentok.generateToken(sessionId: sessionId, data: "name=Johnny")
    show { try opentok.verifyToken(token) }
    show { try opentok.inspectToken(token) }
    show { try session.verifyToken(String(token.dropFirst())) }
    for result in session.generateTokens([TokenOptions(nonce: -1)]) { forms(result) }
}

func secrets() throws {
    while let request = readLine() {
        let parts = request.split(separator: " ")
        let digits = Array(parts[1].utf8).map { $0 < 58 ? $0 - 48 : $0 - 87 }
        let bytes = Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
        let text = String(decoding: bytes, as: UTF8.self)
        isThorough = parts[2] == "all"
        try misplaced(text)
        if parts[0] == "secret" {
            try shown(show { try OpenTok(apiKey: apiKey, apiSecret: text) }, sessionId)
        } else {
            try shown(show { try OpenTok(applicationId: applicationId, privateKey: bytes) }, sessionOfApplication)
        }
        let all = Data(seen.text.utf8)
        write(Data("\(all.count)\n".utf8) + all)
        seen.text = ""
    }
}

// Soak

/// Keeps results, so that the compiler cannot leave a call out.
@inline(never)
func keep<Value>(_ value: Value) {}

func refused<Value>(_ call: () throws -> Value) {
    do { keep(try call()) } catch { return }
    fatalError("accepted")
}

func soak(_ key: String, _ calls: Int) throws {
    let opentok = try OpenTok(apiKey: apiKey, apiSecret: apiSecret)
    let session = try opentok.session(sessionId)
    let application = try OpenTok(applicationId: applicationId, privateKey: key)
    let classes = ["focus", "main"]
    func generate(_ format: TokenFormat? = nil) throws -> String {
        try opentok.generateToken(
            sessionId: sessionId, role: .moderator, data: "name=Johnny", initialLayoutClassList: classes,
            tokenFormat: format)
    }
    let jwt = try generate()
    let t1 = try generate(.t1)
    let ofApplication = try application.generateToken(sessionId: sessionOfApplication)
    let malformed = String(jwt.dropFirst())
    let broken = String(key.dropLast(100))
    let given = TokenOptions(role: .moderator, data: "name=Johnny", initialLayoutClassList: classes)
    let many = Array(repeating: given, count: 16)
    // Of slow functions one of so many calls is made; `batch_generate` makes sixteen tokens in each.
    let functions: [(String, Int, () throws -> Void)] = [
        ("generate", 1, { keep(try generate()) }),
        ("generate_t1", 1, { keep(try generate(.t1)) }),
        ("generate_refused", 1, { refused { try opentok.generateToken(sessionId: sessionId, nonce: -1) } }),
        ("session_generate", 1, { keep(try session.generateToken(data: "name=Johnny")) }),
        ("batch_generate", 16, { keep(session.generateTokens(many)) }),
        ("generate_rest", 1, { keep(try opentok.generateRestToken()) }),
        ("verify", 1, { keep(try opentok.verifyToken(jwt)) }),
        ("verify_t1", 1, { keep(try opentok.verifyToken(t1)) }),
        ("verify_refused", 1, { refused { try opentok.verifyToken(malformed) } }),
        ("inspect", 1, { keep(try opentok.inspectToken(jwt).findings) }),
        ("inspect_refused", 1, { keep(try inspectToken(malformed).description) }),
        ("opentok", 10, { keep(try OpenTok(apiKey: apiKey, apiSecret: apiSecret)) }),
        ("opentok_refused", 1, { refused { try OpenTok(apiKey: apiKey, apiSecret: "") } }),
        ("session", 10, { keep(try opentok.session(sessionId)) }),
        ("session_refused", 1, { refused { try opentok.session("1_x") } }),
        ("application_generate", 1000, { keep(try application.generateToken(sessionId: sessionOfApplication)) }),
        ("application_verify", 100, { keep(try application.verifyToken(ofApplication)) }),
        ("application_verify_refused", 100, { refused { try application.verifyToken(jwt) } }),
        ("application", 1000, { keep(try OpenTok(applicationId: applicationId, privateKey: key)) }),
        ("application_refused", 100, { refused { try OpenTok(applicationId: applicationId, privateKey: broken) } }),
    ]
    for (name, oneOf, call) in functions {
        let count = max(10, calls / oneOf)
        for _ in 0..<max(count / 100, min(count, 1000)) { try call() }
        let before = ofStatus("VmRSS:")
        for _ in 0..<count { try call() }
        write(Data("\(name) \(count) \(max(0, ofStatus("VmRSS:") - before)) 0\n".utf8))
    }
}

// Large inputs

let runs = 7

func outcome(_ call: () throws -> Any) -> Bool {
    do {
        return (try call() as? Inspection)?.isRefused ?? false
    } catch {
        return true
    }
}

func largeInputs(_ key: String, _ size: Int) throws {
    let opentok = try OpenTok(apiKey: apiKey, apiSecret: apiSecret)
    let session = try opentok.session(sessionId)
    let application = try OpenTok(applicationId: applicationId, privateKey: key)
    let token = try opentok.generateToken(sessionId: sessionId)
    let long = String(repeating: "x", count: size)
    let longKey = key + long
    let longKeyData = Data(longKey.utf8)
    let places: [(String, () throws -> Any)] = [
        ("secret", { try OpenTok(apiKey: apiKey, apiSecret: long) }),
        ("api_key", { try OpenTok(apiKey: long, apiSecret: apiSecret) }),
        ("token", { try opentok.verifyToken(long) }),
        ("token_of_application", { try application.verifyToken(long) }),
        ("token_inspected", { try opentok.inspectToken(long) }),
        ("session_id", { try opentok.generateToken(sessionId: long) }),
        ("session", { try opentok.session(long) }),
        ("session_id_to_verify", { try opentok.verifyToken(token, sessionId: long) }),
        ("data", { try opentok.generateToken(sessionId: sessionId, data: long) }),
        ("data_of_session", { try session.generateToken(data: long) }),
        ("layout_class", { try opentok.generateToken(sessionId: sessionId, initialLayoutClassList: [long]) }),
        ("jti", { try opentok.generateToken(sessionId: sessionId, jti: long) }),
        ("private_key", { try OpenTok(applicationId: applicationId, privateKey: longKey) }),
        ("private_key_as_bytes", { try OpenTok(applicationId: applicationId, privateKey: longKeyData) }),
        ("public_key", { try OpenTok(applicationId: applicationId, publicKey: longKey) }),
    ]
    for (place, call) in places {
        let isRefused = outcome(call)
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let before = ofStatus("VmRSS:")
        var times = (0..<runs).map { _ in
            let start = DispatchTime.now().uptimeNanoseconds
            _ = outcome(call)
            return DispatchTime.now().uptimeNanoseconds - start
        }
        times.sort()
        let grown = max(0, ofStatus("VmHWM:") - before)
        write(Data("\(place) \(size) \(isRefused ? "refused" : "accepted") \(times[runs / 2]) \(grown)\n".utf8))
    }
}

let arguments = CommandLine.arguments
let key = try String(contentsOfFile: arguments[2], encoding: .utf8)
switch arguments[1] {
case "secrets": try secrets()
case "soak": try soak(key, Int(arguments[3])!)
default: for size in arguments[3...] { try largeInputs(key, Int(size)!) }
}
