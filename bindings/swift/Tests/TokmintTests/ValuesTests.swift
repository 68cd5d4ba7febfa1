import Foundation
import Tokmint
import XCTest

private let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

/// What the values can do that calls take and return. That they survive being encoded, the vectors test.
final class ValuesTests: XCTestCase {
    private func opentok() throws -> OpenTok {
        try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
    }

    func testCodesAreEncodedAsTheirNames() throws {
        let errors: [TokmintError.Code] = [.dataTooLong, .init(rawValue: "of_a_later_version")]
        let findings: [Finding.Code] = [.tokenExpired, .init(rawValue: "of_a_later_version")]
        let encoded = try JSONEncoder().encode(errors)
        XCTAssertEqual(String(decoding: encoded, as: UTF8.self), #"["data_too_long","of_a_later_version"]"#)
        XCTAssertEqual(try encodedAndDecoded(errors).map { $0.description }, ["data_too_long", "of_a_later_version"])
        XCTAssertEqual(try encodedAndDecoded(findings).map { $0.rawValue }, ["token_expired", "of_a_later_version"])
        XCTAssertEqual(Set(errors + errors).count, 2)
    }

    func testNamesAreEncodedAsTheyAreWrittenInTokens() throws {
        XCTAssertEqual(try encodedAndDecoded(Role.allCases).map { $0.rawValue }.last, "moderator")
        XCTAssertEqual(try encodedAndDecoded(TokenFormat.allCases).map { $0.rawValue }, ["jwt", "t1"])
        XCTAssertEqual(try encodedAndDecoded(Severity.allCases).map { $0.rawValue }, ["refused", "warning", "note"])
        let states = try encodedAndDecoded(SignatureState.allCases).map { $0.rawValue }
        XCTAssertEqual(states, ["valid", "invalid", "unchecked"])
        let encoded = try JSONEncoder().encode([Role.publisherOnly])
        XCTAssertEqual(String(decoding: encoded, as: UTF8.self), #"["publisheronly"]"#)
    }

    func testEqualErrorsAreEqual() throws {
        let opentok = try opentok()
        func refused(_ data: String) throws -> TokmintError {
            guard
                case .failure(let error) = try attempt({ try opentok.generateToken(sessionId: sessionId, data: data) })
            else { throw Inexpressible(why: "accepted") }
            return error
        }
        let long = try refused(String(repeating: "x", count: 1001))
        XCTAssertEqual(long, try refused(String(repeating: "y", count: 1001)))
        // The message says how long it is.
        XCTAssertNotEqual(long, try refused(String(repeating: "x", count: 1002)))
        XCTAssertEqual(Set([long, long]).count, 1)
        XCTAssertEqual(long.description, "data_too_long: \(long.message)")
        XCTAssertEqual(long.localizedDescription, long.message)
    }

    #if compiler(>=6.0)
    #if !TOKMINT_UNTYPED
    func testErrorsAreTyped() throws {
        func code(_ call: () throws(TokmintError) -> some Any) -> TokmintError.Code? {
            do {
                _ = try call()
                return nil
            } catch {
                return error.code
            }
        }
        let opentok = try opentok()
        let session = try opentok.session(sessionId)
        XCTAssertEqual(code { () throws(TokmintError) in try OpenTok(apiKey: "", apiSecret: "") }, .invalidApiKey)
        XCTAssertEqual(code { () throws(TokmintError) in try opentok.session("") }, .invalidSessionId)
        XCTAssertEqual(code { () throws(TokmintError) in try session.generateToken(nonce: -1) }, .invalidNonce)
        XCTAssertEqual(
            code { () throws(TokmintError) in try session.verifyToken("", leeway: .seconds(-1)) }, .invalidLeeway)
        XCTAssertEqual(
            code { () throws(TokmintError) in try opentok.generateRestToken(expiresIn: .zero) }, .invalidExpireTime)
        XCTAssertNil(code { () throws(TokmintError) in try inspectToken("") })
    }
    #endif
    #endif

    func testEqualTokensAndOptionsAreEqual() throws {
        let opentok = try opentok()
        let token = try opentok.generateToken(sessionId: sessionId, data: "name=Johnny")
        let other = try opentok.generateToken(sessionId: sessionId, data: "name=Johnny")
        let verified = try [token, token, other].map { try opentok.verifyToken($0) }
        XCTAssertEqual(Set(verified).count, 2)
        XCTAssertEqual(Set([TokenOptions(data: "a"), TokenOptions(data: "a"), TokenOptions(data: "b")]).count, 2)
    }

    func testConnectionDataIsNotPrinted() throws {
        let opentok = try opentok()
        let data = "name=Johnny"
        func shown(_ value: some Any) -> String {
            var dumped = ""
            dump(value, to: &dumped)
            dump([value], to: &dumped)
            let children = Mirror(reflecting: value).children.map { "\($0.label ?? ""): \($0.value)" }
            return "\(value) \([value]) \(Optional(value) as Any) \(String(reflecting: value)) \(children) \(dumped)"
        }
        let options = TokenOptions(role: .moderator, data: data, initialLayoutClassList: ["a"])
        XCTAssertEqual(
            "\(options)", #"TokenOptions(role: moderator, data: (not shown), initialLayoutClassList: ["a"])"#)
        let token = try opentok.generateToken(sessionId: sessionId, data: data)
        let verified = try opentok.verifyToken(token)
        XCTAssertEqual(
            "\(verified)",
            "Token(format: jwt, apiKey: 123456, sessionId: \(sessionId), role: publisher, "
                + "createTime: \(verified.createTime), expireTime: \(verified.expireTime), initialLayoutClassList: [])")
        XCTAssertEqual(TokenOptions().description, "TokenOptions()")
        let session = try opentok.session(sessionId)
        for text in [shown(options), shown(verified), shown(opentok), shown(session)] {
            XCTAssertFalse(text.contains("Johnny"), text)
        }
        for text in [shown(verified), shown(session)] { XCTAssertTrue(text.contains(sessionId), text) }
        // The text of an inspection shows the data; what debuggers show does not.
        let inspection = try opentok.inspectToken(token)
        XCTAssertTrue("\(inspection)".contains("Johnny"))
        var dumped = String(reflecting: inspection)
        dump(inspection, to: &dumped)
        dump([inspection], to: &dumped)
        XCTAssertTrue(dumped.contains(sessionId))
        XCTAssertFalse(dumped.contains("Johnny"), dumped)
    }

    func testHalfASurrogatePairIsTheFaultOfWhoGaveIt() throws {
        let opentok = try opentok()
        let half = String(decoding: [0xd800] as [UInt16], as: UTF16.self)
        func group(_ call: () throws -> String) throws -> TokmintError.Group? {
            guard case .failure(let error) = try attempt(call) else { return nil }
            return error.group
        }
        XCTAssertEqual(try group { try opentok.generateToken(sessionId: sessionId + half) }, .session)
        XCTAssertEqual(try group { try opentok.generateRestToken(jti: half) }, .options)
    }

    func testInspectionsAndErrorsLeaveNothingInMemory() throws {
        let opentok = try opentok()
        let token = try opentok.generateToken(sessionId: sessionId)
        func run(_ count: Int) throws -> Int {
            for _ in 0..<count {
                guard try opentok.inspectToken(token).json.hasPrefix("{"), !(try inspectToken(token)).isRefused,
                    (try? opentok.verifyToken("")) == nil, (try? opentok.generateToken(sessionId: "")) == nil
                else { throw Inexpressible(why: "another result") }
            }
            return try resident()
        }
        let before = try run(2_000)
        // Each leaves more than 400 bytes if one of its four calls leaves what it returned.
        XCTAssertLessThan(try run(40_000) - before, allowedResidentBytes)
    }
}
