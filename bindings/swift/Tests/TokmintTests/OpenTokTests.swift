import Foundation
import XCTest

import func TokmintGenerated.allErrors
@testable import Tokmint

private let apiSecret = "1234567890abcdef1234567890abcdef1234567890"
private let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

/// What the vectors cannot say.
final class OpenTokTests: XCTestCase {
    // check.sh compares the lines between the comments with the examples of the READMEs.
    func testTheExamplesOfTheReadmes() throws {
        // README.md
        let opentok = try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

        let token = try opentok.generateToken(
            sessionId: sessionId, role: .moderator, expiresIn: .seconds(3600), data: "name=Johnny")

        let verified = try opentok.verifyToken(token, sessionId: sessionId)
        print(verified.role, verified.data)  // moderator name=Johnny
        // end
        // bindings/swift/README.md
        let inspection = try opentok.inspectToken("'\(token)'", now: verified.expireTime + 5)
        print(inspection.isRefused, inspection.signature)  // true valid
        print(inspection.findings.map { $0.code })  // ["quotes_around", "token_expired"]
        print(inspection.findings[1].message)  // the token expired 5 s ago; generate a new one

        print(try inspectToken(token))  // without credentials; all of it, one line for each field and finding
        // end
        XCTAssertEqual("\(inspection.isRefused) \(inspection.signature)", "true valid")
        XCTAssertEqual(inspection.findings.map { $0.code }, ["quotes_around", "token_expired"])
        XCTAssertEqual(inspection.findings[1].message, "the token expired 5 s ago; generate a new one")
        XCTAssertEqual(inspection.now, verified.expireTime + 5)
        XCTAssertEqual(inspection.createTime, verified.createTime)
        XCTAssertEqual(inspection.expireTime, verified.expireTime)
        XCTAssertNil(inspection.notBefore)
        XCTAssertEqual(inspection.remainingLifetime, .seconds(-5))
        let unchecked = try inspectToken(token)
        XCTAssertEqual(unchecked.signature, .unchecked)
        XCTAssertTrue("\(unchecked)".contains("field role: \"moderator\"\n"), "\(unchecked)")
        XCTAssertEqual("\(verified.role) \(verified.data)", "moderator name=Johnny")
        XCTAssertEqual(verified.expireTime.timeIntervalSince(verified.createTime), 3600)
    }

    func testTheSecretIsNotPrinted() throws {
        let opentok = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        var dumped = ""
        dump(opentok, to: &dumped)
        XCTAssertEqual("\(opentok)", "OpenTok(apiKey: 123456)")
        XCTAssertTrue(dumped.contains("123456"))
        XCTAssertFalse(dumped.contains(apiSecret))
    }

    func testAnInspectionShowsNeitherTheSecretNorTheSignature() throws {
        let opentok = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        let token = try opentok.generateToken(sessionId: sessionId)
        let inspection = try opentok.inspectToken(token)
        XCTAssertEqual(inspection.signature, .valid)
        var shown = "\(inspection) \(inspection.json)"
        dump(inspection, to: &shown)
        let signature = try XCTUnwrap(token.split(separator: ".").last)
        XCTAssertTrue(shown.contains(sessionId))
        XCTAssertFalse(shown.contains(apiSecret))
        XCTAssertFalse(shown.contains(signature))
    }

    func testEveryErrorHasItsGroup() {
        var groups: Set<TokmintError.Group> = []
        for error in allErrors() {
            guard case .Refused(let number, let code, let group, _) = error else { return XCTFail("\(error)") }
            let made = TokmintError(error)
            XCTAssertEqual(made.group.rawValue, group, code)
            XCTAssertEqual(made.code, code)
            XCTAssertEqual(made.number, Int(number), code)
            groups.insert(made.group)
        }
        XCTAssertEqual(groups, Set(TokmintError.Group.allCases))
    }

    func testInspectionsThatSayTheSameAreEqual() throws {
        let now = Date(timeIntervalSince1970: 0)
        XCTAssertEqual(try inspectToken("T1==", now: now), try inspectToken("T1==", now: now))
        XCTAssertNotEqual(try inspectToken("T1==", now: now), try inspectToken("T1==", now: now + 1))
    }

    func testTimesBeyond64BitsAreRefused() throws {
        let opentok = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        let longest = Duration.seconds(Int64.max)
        let shortest = Duration.seconds(Int64.min) - Duration.nanoseconds(1)
        for life in [longest, shortest] {
            XCTAssertThrowsError(try opentok.generateToken(sessionId: sessionId, expiresIn: life)) { error in
                XCTAssertTrue(error is TokmintError, "\(error)")
            }
        }
        for time in [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: .infinity)] {
            XCTAssertThrowsError(try opentok.generateToken(sessionId: sessionId, expireTime: time)) { error in
                XCTAssertTrue(error is TokmintError, "\(error)")
            }
        }
    }

    func testTasksShareAnOpenTok() async throws {
        let opentok = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<64 {
                group.addTask { try opentok.generateToken(sessionId: sessionId) }
            }
            var all: Set<String> = []
            for try await token in group {
                all.insert(token)
            }
            return all
        }
        XCTAssertEqual(tokens.count, 64)
    }
}
