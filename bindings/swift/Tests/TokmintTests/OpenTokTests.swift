import Foundation
import XCTest

import func TokmintGenerated.allErrors

@testable import Tokmint

private let apiSecret = "1234567890abcdef1234567890abcdef1234567890"
private let applicationId = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
private let sessionOfApplication =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
private let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

func privateKeyOfTheVectors() throws -> String {
    var repository = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { repository.deleteLastPathComponent() }
    let file = repository.appendingPathComponent("tests/vectors/private_key.pem")
    return try String(contentsOf: file, encoding: .utf8)
}

/// What the vectors cannot say.
final class OpenTokTests: XCTestCase {
    func testTheSecretIsNotPrinted() throws {
        let opentok = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        var dumped = ""
        dump(opentok, to: &dumped)
        XCTAssertEqual("\(opentok)", "OpenTok(apiKey: 123456)")
        XCTAssertTrue(dumped.contains("123456"))
        XCTAssertFalse(dumped.contains(apiSecret))
    }

    func testTheKeyIsNotPrinted() throws {
        let key = try privateKeyOfTheVectors()
        let opentok = try OpenTok(applicationId: applicationId.uppercased(), privateKey: key)
        var dumped = ""
        dump(opentok, to: &dumped)
        XCTAssertEqual("\(opentok)", "OpenTok(applicationId: \(applicationId))")
        XCTAssertTrue(dumped.contains(applicationId))
        let said = try opentok.verifyToken(opentok.generateToken(sessionId: sessionOfApplication, data: "name=Johnny"))
        XCTAssertTrue("\(said)".contains("applicationId: \(applicationId)"), "\(said)")
        XCTAssertFalse("\(said)".contains("Johnny"), "\(said)")

        let lines = key.split(separator: "\n").map { String($0) }
        let reversed = String(lines[1].reversed())
        let corrupt = key.replacingOccurrences(of: lines[1], with: reversed)
        XCTAssertThrowsError(try OpenTok(applicationId: applicationId, privateKey: corrupt)) { error in
            XCTAssertEqual((error as? TokmintError)?.code, .invalidPrivateKey)
            for piece in [reversed, lines[2]] { XCTAssertFalse("\(error) \(dumped)".contains(piece)) }
        }
    }

    func testTheDataOfAKeyStaysAsItIs() throws {
        let key = Data(try privateKeyOfTheVectors().utf8)
        let copy = Data(Array(key))
        _ = try OpenTok(applicationId: applicationId, privateKey: key)
        XCTAssertEqual(key, copy)
        // Part of a larger one.
        let larger = Data("noise".utf8) + key
        _ = try OpenTok(applicationId: applicationId, privateKey: larger[5...])
        XCTAssertEqual(larger[5...], copy)
    }

    func testCredentialsAreOfAProjectOrOfAnApplication() throws {
        func refused(_ call: () throws -> String) -> TokmintError.Code? {
            do {
                XCTFail(try call())
                return nil
            } catch {
                return (error as? TokmintError)?.code
            }
        }
        let project = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        let application = try OpenTok(applicationId: applicationId, privateKey: privateKeyOfTheVectors())
        XCTAssertEqual([project.apiKey, project.applicationId], ["123456", nil])
        XCTAssertEqual([application.apiKey, application.applicationId], [nil, applicationId])
        let jti = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed"
        let token = try application.generateToken(sessionId: sessionOfApplication, jti: jti)
        XCTAssertEqual(try application.verifyToken(token).nonce, jti)
        let ofOther = TokmintError.Code.sessionOfOtherProject
        XCTAssertEqual(refused { try project.generateToken(sessionId: sessionOfApplication) }, ofOther)
        XCTAssertEqual(refused { try application.generateToken(sessionId: sessionId) }, ofOther)
        XCTAssertEqual(refused { try project.generateToken(sessionId: sessionId, jti: jti) }, .unsupportedOption)
        XCTAssertEqual(
            refused { try application.generateToken(sessionId: sessionOfApplication, tokenFormat: .t1) },
            .unsupportedOption
        )
    }

    func testTokensForRestCallsTakeTheClockAndEnd() throws {
        let project = try OpenTok(apiKey: "123456", apiSecret: apiSecret)
        let application = try OpenTok(applicationId: applicationId, privateKey: privateKeyOfTheVectors())
        for (opentok, seconds) in [(project, 180), (application, 900)] {
            let inspection = try opentok.inspectToken(opentok.generateRestToken())
            XCTAssertEqual(inspection.signature, .valid)
            let lifetime = try XCTUnwrap(inspection.remainingLifetime)
            XCTAssertTrue((.seconds(seconds - 60) ... .seconds(seconds)).contains(lifetime), "\(lifetime)")
            let short = try opentok.inspectToken(opentok.generateRestToken(expiresIn: .seconds(1)))
            XCTAssertLessThanOrEqual(try XCTUnwrap(short.remainingLifetime), .seconds(1))
        }
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
            XCTAssertEqual(made.code.rawValue, code)
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
        for life in [longest, shortest, longest * 10, .seconds(1e19), .seconds(-1e19)] {
            XCTAssertThrowsError(try opentok.generateRestToken(expiresIn: life))
            XCTAssertThrowsError(try opentok.verifyToken("", leeway: life))
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
