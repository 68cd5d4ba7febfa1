import Foundation
import XCTest

import Tokmint

/// The vectors of the repository, through the public API. A text that only a generator can say is expanded where Swift
/// can hold it; the vectors with half of a surrogate pair are left out and counted.
final class TokmintTests: XCTestCase {
    typealias Json = [String: Any]

    struct Inexpressible: Error {}

    func vectors(_ file: String) throws -> [Json] {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../tests/vectors").standardized
        let data = try Data(contentsOf: folder.appendingPathComponent(file))
        let json = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? Json)
        return try XCTUnwrap(json["vectors"] as? [Json])
    }

    func text(_ value: Any?) throws -> String {
        if let text = value as? String { return text }
        let generator = try XCTUnwrap(value as? Json)
        if let times = generator["times"] as? Int { return String(repeating: try text(generator["repeat"]), count: times) }
        if let parts = generator["concat"] as? [Any] { return try parts.map { try text($0) }.joined() }
        throw Inexpressible()
    }

    func date(_ value: Any?) -> Date? { (value as? NSNumber).map { Date(timeIntervalSince1970: $0.doubleValue) } }

    func opentok(_ vector: Json) throws -> OpenTok {
        try OpenTok(apiKey: text(vector["api_key"]), apiSecret: text(vector["api_secret"]))
    }

    func role(_ name: String) throws -> Role {
        let roles: [String: Role] = [
            "subscriber": .subscriber, "publisher": .publisher, "publisheronly": .publisherOnly, "moderator": .moderator,
        ]
        guard let role = roles[name] else { throw Inexpressible() }
        return role
    }

    func format(_ name: String) throws -> TokenFormat {
        let formats: [String: TokenFormat] = ["jwt": .jwt, "t1": .t1]
        guard let format = formats[name] else { throw Inexpressible() }
        return format
    }

    func generate(_ opentok: OpenTok, _ vector: Json) throws -> String {
        let options = vector["options"] as? Json ?? [:]
        return try opentok.generateToken(
            sessionId: text(vector["session_id"]),
            role: options["role"].map { try role(text($0)) },
            expireTime: date(options["expire_time"]),
            expiresIn: (options["expires_in"] as? NSNumber).map { .seconds($0.int64Value) },
            data: options["data"].map { try text($0) },
            initialLayoutClassList: (options["initial_layout_class_list"] as? [Any])?.map { try text($0) },
            tokenFormat: options["token_format"].map { try format(text($0)) },
            createTime: date(options["create_time"]),
            nonce: (options["nonce"] as? NSNumber)?.int64Value
        )
    }

    func verify(_ opentok: OpenTok, _ vector: Json) throws -> Token {
        let options = vector["options"] as? Json ?? [:]
        return try opentok.verifyToken(
            text(vector["token"]),
            now: date(options["now"]),
            leeway: (options["leeway"] as? NSNumber).map { .seconds($0.int64Value) },
            sessionId: options["session_id"].map { try text($0) }
        )
    }

    func testGenerateGivesTheExactToken() throws {
        let cases = try vectors("generate.json")
        XCTAssertEqual(cases.count, 145)
        for vector in cases {
            XCTAssertEqual(try generate(opentok(vector), vector), try text(vector["token"]), "\(vector["name"]!)")
        }
    }

    func testVerifyGivesTheExactFields() throws {
        let cases = try vectors("verify.json")
        XCTAssertEqual(cases.count, 89)
        for vector in cases {
            let name = "\(vector["name"]!)"
            let token = try verify(opentok(vector), vector)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(token.format, try format(text(expected["format"])), name)
            XCTAssertEqual(token.apiKey, try text(expected["api_key"]), name)
            XCTAssertEqual(token.sessionId, try text(expected["session_id"]), name)
            XCTAssertEqual(token.role, try role(text(expected["role"])), name)
            XCTAssertEqual(token.createTime, date(expected["create_time"]), name)
            XCTAssertEqual(token.expireTime, date(expected["expire_time"]), name)
            XCTAssertEqual(token.data, try text(expected["data"]), name)
            XCTAssertEqual(token.initialLayoutClassList, expected["initial_layout_class_list"] as? [String], name)
            XCTAssertEqual(token.nonce, try text(expected["nonce"]), name)
        }
    }

    func testErrorsHaveTheExactCode() throws {
        let cases = try vectors("errors.json")
        XCTAssertEqual(cases.count, 310)
        var leftOut: [String: Int] = [:]
        for vector in cases {
            let code = try XCTUnwrap(vector["code"] as? String)
            do {
                let opentok = try self.opentok(vector)
                switch vector["call"] as? String {
                case "generate": _ = try generate(opentok, vector)
                case "verify": _ = try verify(opentok, vector)
                default: break
                }
                XCTFail("accepted: \(vector["name"]!)")
            } catch let error as TokmintError {
                XCTAssertEqual(error.code, code, "\(vector["name"]!)")
                XCTAssertEqual(error.number, vector["number"] as? Int, "\(vector["name"]!)")
            } catch is Inexpressible {
                leftOut[code, default: 0] += 1
            }
        }
        XCTAssertEqual(leftOut, ["invalid_data": 5, "invalid_role": 6, "invalid_token_format": 5])
    }

    func testTheSecretIsNotPrinted() throws {
        let secret = "1234567890abcdef1234567890abcdef1234567890"
        let opentok = try OpenTok(apiKey: "123456", apiSecret: secret)
        var dumped = ""
        dump(opentok, to: &dumped)
        XCTAssertEqual("\(opentok)", "OpenTok(apiKey: 123456)")
        XCTAssertFalse(dumped.contains(secret))
    }
}
