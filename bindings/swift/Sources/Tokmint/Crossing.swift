// The calls of the native library that are made for each token. The Swift that UniFFI generates takes several times as
// long as they do: it reads every number by way of Foundation. It keeps the objects, and makes the other calls.

import Foundation

#if compiler(>=6.0)
internal import TokmintGenerated
internal import tokmintFFI
#else
import TokmintGenerated
import tokmintFFI
#endif

/// An argument in UniFFI's encoding: numbers begin with their highest byte, strings and lists with their length, and
/// what may be absent with 0 or 1.
struct Argument {
    private var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// A string as an argument of its own.
    init(_ string: String) {
        self.init(capacity: 4 + string.utf8.count)
        write(string)
    }

    init(_ options: TokenOptions) {
        self.init(capacity: 128 + (options.data?.utf8.count ?? 0))
        write(options.role?.rawValue)
        write(options.expireTime.map(unixSeconds))
        write(options.expiresIn.map(wholeSeconds))
        write(options.data)
        write(options.initialLayoutClassList)
        write(options.tokenFormat?.rawValue)
        write(options.createTime.map(unixSeconds))
        write(options.nonce)
        write(options.jti)
    }

    /// The options of verify.
    init(now: Date?, leeway: Duration?, sessionId: String?) {
        self.init(capacity: 32 + (sessionId?.utf8.count ?? 0))
        write(now.map(unixSeconds))
        write(leeway.map(wholeSeconds))
        write(sessionId)
    }

    /// The options of inspect.
    init(now: Date?, sessionId: String?) {
        self.init(capacity: 32 + (sessionId?.utf8.count ?? 0))
        write(now.map(unixSeconds))
        write(sessionId)
    }

    private mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func write(length: Int) {
        guard let length = Int32(exactly: length) else { preconditionFailure("the native library takes no 2 GB") }
        write(length)
    }

    private mutating func write(_ string: String) {
        write(length: string.utf8.count)
        bytes.append(contentsOf: string.utf8)
    }

    private mutating func write(_ number: Int64?) {
        bytes.append(number == nil ? 0 : 1)
        if let number { write(number) }
    }

    private mutating func write(_ string: String?) {
        bytes.append(string == nil ? 0 : 1)
        if let string { write(string) }
    }

    private mutating func write(_ list: [String]?) {
        bytes.append(list == nil ? 0 : 1)
        guard let list else { return }
        write(length: list.count)
        for string in list { write(string) }
    }

    /// A copy that the native library frees.
    func lowered() -> RustBuffer {
        bytes.withUnsafeBufferPointer { bytes in
            var status = RustCallStatus()
            let foreign = ForeignBytes(len: Int32(bytes.count), data: bytes.baseAddress)
            return ffi_tokmint_uniffi_rustbuffer_from_bytes(foreign, &status)
        }
    }
}

/// What a call returned, in the same encoding. It is read in the order in which core's binding declares the members.
struct Reply {
    private static var otherVersion: String { "the native library is of another version" }
    private var bytes: UnsafeRawBufferPointer

    fileprivate init(_ buffer: RustBuffer) {
        bytes = UnsafeRawBufferPointer(start: buffer.data, count: Int(buffer.len))
    }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        precondition(count >= 0 && count <= bytes.count, Reply.otherVersion)
        let taken = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
        return taken
    }

    private mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number {
        Number(bigEndian: take(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
    }

    private mutating func string() -> String {
        String(decoding: take(Int(number(Int32.self))), as: UTF8.self)
    }

    private mutating func list<Element>(_ read: (inout Reply) -> Element) -> [Element] {
        let count = Int(number(Int32.self))
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(read(&self)) }
        return elements
    }

    private mutating func optional<Value>(_ read: (inout Reply) -> Value) -> Value? {
        number(UInt8.self) == 0 ? nil : read(&self)
    }

    private mutating func date() -> Date { Date(timeIntervalSince1970: TimeInterval(number(Int64.self))) }

    /// The value that has a name in core.
    private mutating func named<Value: RawRepresentable>() -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: string()) else { preconditionFailure(Reply.otherVersion) }
        return value
    }

    /// All that is left: a result that is a string has no length in front.
    mutating func text() -> String { String(decoding: take(bytes.count), as: UTF8.self) }

    mutating func token() -> Token {
        Token(
            format: named(),
            apiKey: optional { $0.string() },
            applicationId: optional { $0.string() },
            sessionId: string(),
            role: named(),
            createTime: date(),
            expireTime: date(),
            data: string(),
            initialLayoutClassList: list { $0.string() },
            nonce: string()
        )
    }

    mutating func inspection() -> Inspection.Contents {
        Inspection.Contents(
            format: optional { $0.named() },
            signature: named(),
            header: list { $0.field() },
            fields: list { $0.field() },
            token: optional { $0.token() },
            now: optional { $0.date() },
            createTime: optional { $0.date() },
            expireTime: optional { $0.date() },
            notBefore: optional { $0.date() },
            remainingSeconds: optional { $0.number(Int64.self) },
            findings: list { $0.finding() },
            isRefused: number(UInt8.self) != 0
        )
    }

    private mutating func field() -> Field { Field(name: string(), value: string()) }

    private mutating func finding() -> Finding {
        Finding(
            code: Finding.Code(rawValue: string()),
            severity: named(),
            message: string(),
            serverMessage: optional { $0.string() }
        )
    }

    fileprivate mutating func error() -> TokmintError {
        _ = number(Int32.self)  // the only variant
        return TokmintError(
            number: Int(number(Int32.self)),
            code: TokmintError.Code(rawValue: string()),
            group: TokmintError.Group(rawValue: string()) ?? .binding,
            message: string()
        )
    }
}

extension RustBuffer {
    /// Reads what it holds, and frees it.
    func read<Value>(_ read: (inout Reply) -> Value) -> Value {
        var reply = Reply(self)
        let value = read(&reply)
        var status = RustCallStatus()
        ffi_tokmint_uniffi_rustbuffer_free(self, &status)
        return value
    }
}

/// Calls a function of the native library.
func called<Value>(_ function: (UnsafeMutablePointer<RustCallStatus>) -> Value) -> Result<Value, TokmintError> {
    uniffiEnsureTokmintUniffiInitialized()
    var status = RustCallStatus()
    let value = function(&status)
    switch status.code {
    case 0:
        return .success(value)
    case 1:
        return .failure(status.errorBuf.read { $0.error() })
    default:
        // A panic that UniFFI caught. Its message is dropped, since it may hold input.
        status.errorBuf.read { _ in }
        return .failure(TokmintError(panicError()))
    }
}

/// Makes a call by the Swift that UniFFI generated.
func result<Value>(_ call: () throws -> Value) -> Result<Value, TokmintError> {
    do {
        return .success(try call())
    } catch let error as TokmintGenerated.TokmintError {
        return .failure(TokmintError(error))
    } catch {
        return .failure(TokmintError(panicError()))
    }
}

extension TokmintError {
    init(_ error: TokmintGenerated.TokmintError) {
        switch error {
        case .Refused(let number, let code, let group, let sentence):
            self.init(
                number: Int(number),
                code: Code(rawValue: code),
                group: Group(rawValue: group) ?? .binding,
                message: sentence
            )
        }
    }
}

/// The inspection whose handle a call returned.
func inspection(_ handle: Result<UInt64, TokmintError>) -> Result<Inspection, TokmintError> {
    handle.flatMap { handle in
        let inspected = InspectedToken(unsafeFromHandle: handle)
        return called {
            uniffi_tokmint_uniffi_fn_method_inspectedtoken_inspection(inspected.uniffiCloneHandle(), $0)
        }.map { Inspection($0.read { $0.inspection() }, inspected) }
    }
}

func utf8(_ string: String) -> Data { Data(string.utf8) }

/// Whole seconds, and the nearest that 64 bits can hold.
func unixSeconds(_ date: Date) -> Int64 {
    let seconds = date.timeIntervalSince1970.rounded(.down)
    return Int64(exactly: seconds) ?? (seconds > 0 ? .max : .min)
}

/// Whole seconds, and the nearest that 64 bits can hold: `components` ends the process for others.
func wholeSeconds(_ duration: Duration) -> Int64 {
    if duration >= .seconds(Int64.max) { return .max }
    if duration <= .seconds(Int64.min) { return .min }
    let (seconds, attoseconds) = duration.components
    return attoseconds < 0 ? seconds - 1 : seconds
}
