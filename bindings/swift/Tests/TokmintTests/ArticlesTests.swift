import Foundation
import Tokmint
import XCTest

#if compiler(>=6.0)
#if !TOKMINT_UNTYPED
/// The examples of the documentation's articles. check.sh compares the lines between the comments with them.
final class ArticlesTests: XCTestCase {
    func testMinting() throws {
        // Minting.md
        let opentok = try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

        let token = try opentok.generateToken(
            sessionId: sessionId, role: .moderator, expiresIn: .seconds(3600), data: #"{"name":"Ada"}"#)
        do {
            _ = try opentok.generateToken(sessionId: sessionId, data: String(repeating: "x", count: 1001))
        } catch {
            print(error.code == .dataTooLong, error.message)
        }
        let session = try opentok.session(sessionId)
        let tokens = session.generateTokens(["Ada", "Grace"].map { TokenOptions(data: $0) })
        print(try tokens.map { try $0.get() }.count)
        // end
        let verified = try opentok.verifyToken(token)
        XCTAssertEqual(verified.role, .moderator)
        XCTAssertEqual(verified.data, #"{"name":"Ada"}"#)
        XCTAssertEqual(verified.expireTime.timeIntervalSince(verified.createTime), 3600)
        XCTAssertEqual(try tokens.map { try session.verifyToken($0.get()).data }, ["Ada", "Grace"])
    }

    func testVerifying() throws {
        // Verifying.md
        let opentok = try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
        let received = try opentok.generateToken(sessionId: sessionId, data: "name=Ada")

        let token = try opentok.verifyToken(received, sessionId: sessionId)
        print(token.role, token.data)
        let later = token.expireTime + 5
        print((try? opentok.verifyToken(received, now: later)) == nil)
        print(try opentok.verifyToken(received, now: later, leeway: .seconds(10)).sessionId)
        // end
        XCTAssertEqual("\(token.role) \(token.data)", "publisher name=Ada")
        XCTAssertNil(try? opentok.verifyToken(received, now: later))
    }

    func testExplaining() throws {
        // Explaining.md
        let opentok = try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
        let token = try opentok.generateToken(sessionId: sessionId)

        let inspection = try opentok.inspectToken("Bearer \(token)")
        for finding in inspection.findings where finding.severity == .refused {
            print(finding.code, finding.message)
        }
        print(inspection)
        // end
        XCTAssertEqual(inspection.findings.map { $0.code }, [.textAround])
        XCTAssertTrue(inspection.isRefused)
    }
}
#endif
#endif
