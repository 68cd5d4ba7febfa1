// As much of HTTP as the example needs, on this machine only. A program of your own takes a framework for servers.

import Foundation

#if canImport(Darwin)
import Darwin
private let stream = SOCK_STREAM
#else
import Glibc
private let stream = Int32(SOCK_STREAM.rawValue)
#endif

struct Request: Sendable {
    let method: String
    let path: String
    /// By their names in lower case.
    let headers: [String: String]
    let body: Data
}

struct Response: Sendable {
    var status = 200
    let body: [String: String]
}

/// Serves requests, each connection in a thread of its own; port 0 is any that is free.
func serve(port: UInt16, _ respond: @escaping @Sendable (Request) -> Response) throws {
    signal(SIGPIPE, SIG_IGN)
    let server = try checked(socket(AF_INET, stream, 0))
    var reuse: Int32 = 1
    try checked(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout.size(ofValue: reuse))))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout.size(ofValue: address))
    try withUnsafeMutablePointer(to: &address) { address in
        try address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
            try checked(bind(server, address, length))
            try checked(listen(server, 64))
            try checked(getsockname(server, address, &length))
        }
    }
    // Unbuffered, so that who waits for it sees it.
    FileHandle.standardOutput.write(Data("listening on port \(UInt16(bigEndian: address.sin_port))\n".utf8))
    while true {
        let connection = accept(server, nil, nil)
        guard connection >= 0 else { continue }
        Thread.detachNewThread {
            defer { close(connection) }
            var patience = timeval(tv_sec: 5, tv_usec: 0)
            setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout.size(ofValue: patience)))
            let response = read(from: connection).map(respond) ?? Response(status: 400, body: ["error": "bad request"])
            write(response, to: connection)
        }
    }
}

@discardableResult
private func checked(_ result: Int32) throws -> Int32 {
    guard result >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return result
}

/// Reads one request of at most 64 kB.
private func read(from connection: Int32) -> Request? {
    var received = Data()
    var chunk = [UInt8](repeating: 0, count: 4096)
    let end = Data("\r\n\r\n".utf8)
    while received.count < 65_536 {
        if let range = received.range(of: end) {
            let lines = String(decoding: received[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            let words = lines[0].split(separator: " ")
            guard words.count == 3 else { return nil }
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                headers[line[..<colon].lowercased()] = value
            }
            let body = received[range.upperBound...]
            guard let length = Int(headers["content-length"] ?? "0") else { return nil }
            if body.count >= length {
                return Request(method: String(words[0]), path: String(words[1]), headers: headers, body: Data(body))
            }
        }
        let count = recv(connection, &chunk, chunk.count, 0)
        guard count > 0 else { return nil }
        received.append(contentsOf: chunk[..<count])
    }
    return nil
}

private func write(_ response: Response, to connection: Int32) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let body = try? encoder.encode(response.body) else { return }
    let head = "HTTP/1.1 \(response.status) -\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n"
    let bytes = Data("\(head)Connection: close\r\n\r\n".utf8) + body
    var sent = 0
    while sent < bytes.count {
        let count = bytes.withUnsafeBytes { send(connection, $0.baseAddress! + sent, bytes.count - sent, 0) }
        guard count > 0 else { return }
        sent += count
    }
}
