import Foundation
import Tokmint
import XCTest

private let apiSecret = "1234567890abcdef1234567890abcdef1234567890"
private let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
private let otherSessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC41fg"

/// What the vectors cannot say of sessions and batches.
final class SessionTests: XCTestCase {
    /// Outlives its credentials in every test.
    private func session(_ id: String = sessionId) throws -> Session {
        try OpenTok(apiKey: "123456", apiSecret: apiSecret).session(id)
    }

    private func refusal(_ call: () throws -> Any) -> String? {
        do {
            return "\(try call())"
        } catch {
            return (error as? TokmintError)?.code.rawValue
        }
    }

    private func code(_ result: Result<String, TokmintError>) -> String? {
        guard case .failure(let refused) = result else { return nil }
        return refused.code.rawValue
    }

    func testABatchHasAResultForEachItemInOrderWhateverIsWrongWithTheOthers() throws {
        let createTime = Date(timeIntervalSince1970: 1_800_000_000)
        let faults = [
            ("data_too_long", TokenOptions(data: String(repeating: "x", count: 1001))),
            ("unsupported_option", TokenOptions(jti: "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed")),
            ("invalid_nonce", TokenOptions(nonce: -1)),
        ]
        let items: [(String?, TokenOptions)] = (0..<210).map { index in
            let nonce = Int64(index)
            switch index % 7 {
            case 0: return faults[index / 7 % faults.count]
            // A few with equal options, so that the batch prepares what they share, and then others.
            case 1...4: return (nil, TokenOptions(data: "item=\(index)", createTime: createTime, nonce: nonce))
            case 5: return (nil, TokenOptions(tokenFormat: .t1, createTime: createTime, nonce: nonce))
            default:
                let data = String(repeating: "\u{1}", count: 1000)
                return (nil, TokenOptions(data: data, createTime: createTime, nonce: nonce))
            }
        }
        let session = try session()
        let options = items.map { $0.1 }
        for results in [session.generateTokens(options), Array(session.generateTokens(options.lazy))] {
            XCTAssertEqual(results.map(code), items.map { $0.0 })
            for ((code, given), result) in zip(items, results) where code == nil {
                let single = try session.generateToken(
                    data: given.data, tokenFormat: given.tokenFormat, createTime: given.createTime, nonce: given.nonce)
                XCTAssertEqual(try result.get(), single)
            }
        }
        XCTAssertTrue(session.generateTokens([TokenOptions]()).isEmpty)
    }

    func testABatchReadsTheClockOnce() throws {
        let session = try session()
        let items = (0..<20).lazy.map { index in
            // The last items come in a later second.
            if index == 15 { Thread.sleep(forTimeInterval: 1.1) }
            return TokenOptions(data: "item=\(index)")
        }
        let later = try session.generateTokens(items).map { try session.verifyToken($0.get()) }
        let eager = try session.generateTokens(AnySequence(items)).map { try session.verifyToken($0.get()) }
        for said in [Array(later), eager] {
            XCTAssertEqual(said.map { $0.data }, (0..<20).map { "item=\($0)" })
            XCTAssertEqual(Set(said.map { $0.createTime }).count, 1)
            XCTAssertEqual(Set(said.map { $0.nonce }).count, 20)
        }
        // Each batch reads it again.
        XCTAssertGreaterThan(eager[0].createTime, later[0].createTime)
    }

    func testALazySequenceIsReadItemByItem() throws {
        let session = try session()
        var read = 0
        let endless = sequence(first: 0) { $0 + 1 }.lazy.map { index in
            read += 1
            return TokenOptions(data: "item=\(index)")
        }
        let results = session.generateTokens(endless)
        XCTAssertEqual(read, 0)
        let last = try XCTUnwrap(Array(results.prefix(10)).last)
        XCTAssertEqual(try session.verifyToken(last.get()).data, "item=9")
        XCTAssertEqual(read, 10)
    }

    func testASessionVerifiesItsOwnTokensAndNoOthers() throws {
        let session = try session()
        let other = try self.session(otherSessionId)
        let token = try session.generateToken(data: "name=Johnny")
        XCTAssertEqual(try session.verifyToken(token).data, "name=Johnny")
        XCTAssertEqual(refusal { try other.verifyToken(token) }, "token_of_other_session")
        XCTAssertEqual(refusal { try session.verifyToken(other.generateToken()) }, "token_of_other_session")
        let later = Date() + 86_405
        XCTAssertEqual(refusal { try session.verifyToken(token, now: later) }, "token_expired")
        XCTAssertEqual(try session.verifyToken(token, now: later, leeway: .seconds(60)).sessionId, sessionId)
    }

    func testAVerifierPreparesSessionsThatVerify() throws {
        let id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
        let ofApplication =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
        let keys = try XCTUnwrap((vectorFile("keys.json") as? Json)?["keys"] as? [String: Json])
        let pair = try XCTUnwrap(keys["main"])
        let application = try OpenTok(applicationId: id, privateKey: string(pair["private_key"]))
        let token = try XCTUnwrap(application.session(ofApplication).generateTokens([TokenOptions()]).first).get()
        let session = try OpenTok(applicationId: id, publicKey: string(pair["public_key"])).session(ofApplication)
        XCTAssertEqual(try session.verifyToken(token).applicationId, id)
        XCTAssertEqual(refusal { try session.generateToken() }, "no_private_key")
        let results = session.generateTokens([TokenOptions(), TokenOptions(nonce: 1)])
        XCTAssertEqual(results.map(code), ["no_private_key", "no_private_key"])
        XCTAssertEqual("\(session)", "Session(applicationId: \(id), sessionId: \(ofApplication))")
    }

    func testTheSecretIsNotPrinted() throws {
        let session = try session()
        var dumped = ""
        dump(session, to: &dumped)
        XCTAssertEqual("\(session)", "Session(apiKey: 123456, sessionId: \(sessionId))")
        XCTAssertTrue(dumped.contains(sessionId) && dumped.contains("123456"), dumped)
        XCTAssertFalse(dumped.contains(apiSecret))
    }

    func testABatchOutlivesItsSession() throws {
        let results = try session().generateTokens([TokenOptions(), TokenOptions()].lazy)
        XCTAssertEqual(Set(try results.map { try $0.get() }).count, 2)
    }

    func testALazyBatchOfAMillionTokensTakesNoMoreMemoryThanOne() throws {
        let count = 1_000_000
        let session = try session()
        var before = 0
        var index = 0
        for result in session.generateTokens((0..<count).lazy.map { _ in TokenOptions(data: "name=Johnny") }) {
            _ = try result.get()
            index += 1
            if index == count / 5 { before = try resident() }
        }
        XCTAssertEqual(index, count)
        let grown = try resident() - before
        print("memory after a batch of \(count) tokens: resident \(grown)")
        XCTAssertLessThan(grown, allowedResidentBytes)
    }

    func testEightThreadsShareASessionAndNoNonceComesTwice() throws {
        let count = ProcessInfo.processInfo.environment["TOKMINT_TOKENS"].flatMap { Int($0) } ?? 200_000
        let session = try session()
        let nonces = Nonces(count)
        byThreads(0..<count / 2, session, nonces)
        let before = Result { try resident() }
        byThreads(count / 2..<count, session, nonces)
        let after = Result { try resident() }
        XCTAssertEqual(nonces.failures, [])
        let sorted = nonces.sorted()
        let twice = zip(sorted, sorted.dropFirst()).filter { $0 == $1 }.count
        print("\(count) tokens by eight threads, nonces that came twice: \(twice)")
        XCTAssertEqual(twice, 0)
        let grown = try after.get() - before.get()
        print("memory after them: resident \(grown)")
        XCTAssertLessThan(grown, allowedResidentBytes)
    }

    /// Half of the tokens are those of batches.
    private func byThreads(_ all: Range<Int>, _ session: Session, _ nonces: Nonces) {
        let group = DispatchGroup()
        let shares = (0...8).map { all.lowerBound + all.count * $0 / 8 }
        for (first, end) in zip(shares, shares.dropFirst()) {
            group.enter()
            Thread {
                defer { group.leave() }
                do {
                    for start in stride(from: first, to: end, by: 200) {
                        for index in start..<min(start + 100, end) {
                            try nonces.set(index, session.verifyToken(session.generateToken()).nonce)
                        }
                        let items = min(start + 100, end)..<min(start + 200, end)
                        let results = session.generateTokens(items.map { TokenOptions(data: "item=\($0)") })
                        for (index, result) in zip(items, results) {
                            let said = try session.verifyToken(result.get())
                            guard said.data == "item=\(index)" else { throw Inexpressible(why: said.data) }
                            try nonces.set(index, said.nonce)
                        }
                    }
                } catch {
                    nonces.fail("\(error)")
                }
            }.start()
        }
        group.wait()
    }
}

/// Each of its places is written by one thread. They are in memory from the start.
private final class Nonces: @unchecked Sendable {
    private let places: UnsafeMutableBufferPointer<Int64>
    private let lock = NSLock()
    private(set) var failures: [String] = []

    init(_ count: Int) {
        places = .allocate(capacity: count)
        places.initialize(repeating: -1)
    }

    deinit { places.deallocate() }

    func set(_ index: Int, _ nonce: String) throws {
        guard let nonce = Int64(nonce) else { throw Inexpressible(why: nonce) }
        places[index] = nonce
    }

    func fail(_ why: String) {
        lock.lock()
        failures.append(why)
        lock.unlock()
    }

    func sorted() -> [Int64] { places.sorted() }
}
