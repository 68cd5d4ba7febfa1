import Foundation
import XCTest

import Tokmint

private let apiKey = "123456"
private let apiSecret = "1234567890abcdef1234567890abcdef1234567890"

/// Every file of `tests/vectors`, through the public API. Strings are compared as bytes, because Swift takes differently
/// composed ones for equal.
final class VectorsTests: XCTestCase {
    func testGenerateGivesTheExactTokenAndVerifyGivesTheOptionsBack() throws {
        let cases = try vectors("generate.json")
        for vector in cases {
            let label = try string(vector["name"])
            let opentok = try project(vector)
            let json = try XCTUnwrap(vector["options"] as? Json)
            let given = try GenerateOptions(json)
            let token = try opentok.generate(string(vector["session_id"]), given)
            XCTAssertEqual(token, try string(vector["token"]), label)

            let said = try opentok.verify(token, CheckOptions(now: json["create_time"]))
            XCTAssertEqual(said.sessionId, try string(vector["session_id"]), label)
            XCTAssertEqual(said.role, given.role ?? .publisher, label)
            XCTAssertEqual(utf8(said.data), utf8(given.data ?? ""), label)
            XCTAssertEqual(said.initialLayoutClassList.map(utf8), (given.initialLayoutClassList ?? []).map(utf8), label)
            let nonce = try XCTUnwrap(given.nonce)
            XCTAssertEqual(said.nonce, String(nonce), label)
        }
    }

    func testVerifyGivesTheExactFields() throws {
        let cases = try vectors("verify.json")
        for vector in cases {
            let label = try string(vector["name"])
            let options = try CheckOptions(XCTUnwrap(vector["options"] as? Json))
            let said = try project(vector).verify(string(vector["token"]), options)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(expected.count, 9, "the runner knows every field: \(expected.keys)")
            XCTAssertEqual(said.format, try formatNamed(XCTUnwrap(expected["format"])), label)
            XCTAssertEqual(said.apiKey, try string(expected["api_key"]), label)
            XCTAssertEqual(said.sessionId, try string(expected["session_id"]), label)
            XCTAssertEqual(said.role, try roleNamed(XCTUnwrap(expected["role"])), label)
            XCTAssertEqual(said.createTime, try date(XCTUnwrap(expected["create_time"])), label)
            XCTAssertEqual(said.expireTime, try date(XCTUnwrap(expected["expire_time"])), label)
            XCTAssertEqual(utf8(said.data), utf8(try string(expected["data"])), label)
            let classes = try strings(XCTUnwrap(expected["initial_layout_class_list"]))
            XCTAssertEqual(said.initialLayoutClassList.map(utf8), classes.map(utf8), label)
            XCTAssertEqual(utf8(said.nonce), utf8(try string(expected["nonce"])), label)
        }
    }

    func testErrorsHaveTheExactCode() throws {
        let cases = try vectors("errors.json")
        let left = try leavingOut(cases, by: "code") { vector in
            let label = try string(vector["name"])
            guard case .failure(let refused) = try outcome(vector) else { return XCTFail("accepted: \(label)") }
            XCTAssertEqual(refused.code, try string(vector["code"]), label)
            XCTAssertEqual(Int64(refused.number), try integer(XCTUnwrap(vector["number"])), label)
        }
        XCTAssertEqual(
            left,
            [
                "half of a surrogate pair": ["invalid_data", "invalid_token_format"],
                "an unknown role": ["invalid_role"],
                "an unknown token format": ["invalid_token_format"],
            ]
        )
    }

    /// What the call of a vector returns. What comes before it must succeed, so an error there fails the test.
    private func outcome(_ vector: Json) throws -> Result<String, TokmintError> {
        let made = try attempt { try project(vector) }
        let options = vector["options"] as? Json ?? [:]
        switch (try string(vector["call"]), made) {
        case ("new", _):
            return made.map { $0.description }
        case ("generate", .success(let opentok)):
            let (sessionId, given) = (try string(vector["session_id"]), try GenerateOptions(options))
            return try attempt { try opentok.generate(sessionId, given) }
        case ("verify", .success(let opentok)):
            let (token, given) = (try string(vector["token"]), try CheckOptions(options))
            return try attempt { try opentok.verify(token, given).description }
        case (let call, _):
            XCTFail("before the call \(call): \(made)")
            return .success("")
        }
    }

    func testInspectGivesTheExactFindingsAndItsFormsSayTheSame() throws {
        let cases = try vectors("inspect.json")
        for vector in cases {
            let label = try string(vector["name"])
            let options = try CheckOptions(XCTUnwrap(vector["options"] as? Json))
            let opentok = try vector["api_key"] == nil ? nil : project(vector)
            let inspection = try inspect(string(vector["token"]), options, by: opentok)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(expected.count, 5, "the runner knows every field: \(expected.keys)")
            XCTAssertEqual(inspection.format, try present(expected["format"]).map(formatNamed), label)
            XCTAssertEqual("\(inspection.signature)", try string(expected["signature"]), label)
            XCTAssertEqual(inspection.findings.map { $0.code }, try strings(XCTUnwrap(expected["findings"])), label)
            XCTAssertEqual(inspection.token != nil, expected["is_token"] as? Bool, label)
            let lifetime = try present(expected["remaining_lifetime"]).map(duration)
            XCTAssertEqual(inspection.remainingLifetime, lifetime, label)

            for finding in inspection.findings {
                XCTAssertFalse(finding.message.isEmpty, label)
                let line = "\n\(finding.severity) \(finding.code): \(finding.message)"
                XCTAssertTrue("\(inspection)".contains(line), label)
            }
            XCTAssertEqual(inspection.isRefused, inspection.findings.contains { $0.severity == .refused }, label)
            let json = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(inspection.json.utf8)) as? Json)
            XCTAssertEqual(json.count, 11, label)
            XCTAssertEqual(json["is_refused"] as? Bool, inspection.isRefused, label)
            let findings: [[String?]] = inspection.findings.map {
                [$0.code, "\($0.severity)", $0.message, $0.serverMessage]
            }
            XCTAssertEqual(findings, try rows(json["findings"], "code", "severity", "message", "server_message"), label)
            let header: [[String?]] = inspection.header.map { [$0.name, $0.value] }
            XCTAssertEqual(header, try rows(json["header"], "name", "value"), label)
            let fields: [[String?]] = inspection.fields.map { [$0.name, $0.value] }
            XCTAssertEqual(fields, try rows(json["fields"], "name", "value"), label)
            let times: [Date?] = [inspection.createTime, inspection.expireTime, inspection.notBefore]
            let shown = try ["created_at", "expires_at", "not_before"].map { try present(json[$0]) as? String }
            XCTAssertEqual(times.map { $0.flatMap(rfc3339) }, shown, label)
            if let token = inspection.token {
                XCTAssertEqual(inspection.createTime, token.createTime, label)
                XCTAssertEqual(inspection.expireTime, token.expireTime, label)
            }
        }
    }

    /// The form of a time in JSON, which has only those that RFC 3339 can say.
    private func rfc3339(_ time: Date) -> String? {
        (0...253_402_300_799).contains(time.timeIntervalSince1970) ? ISO8601DateFormatter().string(from: time) : nil
    }

    func testHostileInputsAreTreatedAsDeclared() throws {
        let cases = try vectors("attacks.json", "cases")
        let left = try leavingOut(cases, by: "id") { attack in
            let id = try string(attack["id"])
            let context = try XCTUnwrap(attack["context"] as? Json)
            let accepted: Bool
            switch try string(attack["api"]) {
            case "verify": accepted = try isVerified(attack, context)
            case "generate": accepted = try isGenerated(attack, context)
            case "inspect": accepted = try isRead(attack, context)
            case let api: return XCTFail("the runner knows every call: \(api)")
            }
            // Decided otherwise than by the file, as the README of the vectors explains.
            let otherwise = ["gen-data-1000-emoji", "ok-rs256"].contains(id)
            XCTAssertEqual(accepted, try !otherwise && string(attack["expected"]) == "accept", id)
        }
        XCTAssertEqual(
            left,
            [
                "half of a surrogate pair": ["gen-data-surrogate"],
                "an unknown token format": ["gen-rsa-1024", "gen-rsa-public-as-private"],
            ]
        )
    }

    private func isVerified(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try string(attack["id"])
        let token = try string(attack["input"], context)
        if let length = attack["length"] {
            XCTAssertEqual(Int64(token.utf8.count), try integer(length), id)
            // The largest take seconds to hash in a build without optimisation.
            if token.utf8.count < 1_000_000 {
                XCTAssertEqual(hexadecimal(sha256(utf8(token))), try string(attack["sha256"]), id)
            }
        }
        let options = try CheckOptions(now: context["now"])
        switch try attempt({ try testProject(context).verify(token, options) }) {
        case .success:
            return true
        case .failure(let refused):
            if saysRs256(token) { XCTAssertEqual(refused.code, "unsupported_algorithm", id) }
            return false
        }
    }

    private func isGenerated(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try string(attack["id"])
        var input = try XCTUnwrap(attack["input"] as? Json)
        let sessionId = try string(input.removeValue(forKey: "session_id"))
        input["token_format"] = input.removeValue(forKey: "format")
        input["create_time"] = context["now"]
        let given = try GenerateOptions(input)
        guard case .success(let token) = try attempt({ try testProject(context).generate(sessionId, given) }) else {
            return false
        }
        let said = try testProject(context).verify(token, CheckOptions(now: context["now"]))
        XCTAssertEqual(utf8(said.data), utf8(given.data ?? ""), id)
        return true
    }

    /// Whether a token that inspect was given has a shape that reads, whatever else is wrong with it.
    private func isRead(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try string(attack["id"])
        let options = try CheckOptions(now: context["now"])
        let inspection = try inspect(lenientString(attack["input"], context), options, by: testProject(context))
        let codes = inspection.findings.map { $0.code }
        let isRead = !codes.contains { $0.hasPrefix("malformed_") || $0 == "duplicate_field" }
        XCTAssertTrue(isRead || inspection.isRefused, id)
        return isRead
    }

    func testTokensOfTheOfficialSdksAreTreatedAsDeclared() throws {
        let peers = try XCTUnwrap(vectorFile("peer_tokens.json") as? [Json])
        var counted: [String: Int] = [:]
        for peer in peers {
            let label = try ["producer", "format", "name"].map { try string(peer[$0]) }.joined(separator: ", ")
            let verdict = try XCTUnwrap(peer["verify"] as? Json)
            let token = try string(peer["token"])
            let options = try CheckOptions(now: verdict["now"])
            // An application's token has no project: any project refuses it.
            let isApplication = try string(peer["format"]) == "jwt_rs256"
            let opentok = try isApplication ? testProject([:]) : project(peer)
            switch try attempt({ try opentok.verify(token, options) }) {
            case .failure(let refused) where isApplication:
                XCTAssertEqual(refused.code, "unsupported_algorithm", label)
                counted["application", default: 0] += 1
            case .failure(let refused):
                XCTAssertEqual(try string(verdict["expected"]), "reject", "\(label): \(refused)")
                XCTAssertEqual(refused.group, .token, "\(label): \(refused)")
                counted["refused", default: 0] += 1
            case .success(let said):
                XCTAssertEqual(try string(verdict["expected"]), "accept", label)
                let decoded = try XCTUnwrap(peer["decoded"] as? Json)
                let expected = try XCTUnwrap(decoded["claims"] as? Json ?? decoded["fields"] as? Json)
                let data = try expected["connection_data"].map { try string($0) } ?? ""
                XCTAssertEqual(said.role, try roleNamed(XCTUnwrap(expected["role"])), label)
                XCTAssertEqual(said.sessionId, try string(expected["session_id"]), label)
                XCTAssertEqual(utf8(said.data), utf8(data), label)
                counted["accepted", default: 0] += 1
            }
        }
        XCTAssertEqual(counted, ["accepted": 60, "refused": 4, "application": 30])
    }

    private func project(_ vector: Json) throws -> OpenTok {
        try OpenTok(apiKey: string(vector["api_key"]), apiSecret: string(vector["api_secret"]))
    }

    /// There are no application credentials: a case with some runs against the test project.
    private func testProject(_ context: Json) throws -> OpenTok {
        let key = try context["api_key"].map { try string($0) } ?? apiKey
        let secret = try context["secret"].map { try string($0) } ?? apiSecret
        return try OpenTok(apiKey: key, apiSecret: secret)
    }

    private func utf8(_ string: String) -> Data { Data(string.utf8) }
}
