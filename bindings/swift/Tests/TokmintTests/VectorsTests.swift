import Foundation
import XCTest

import Tokmint

private let apiKey = "123456"
private let apiSecret = "1234567890abcdef1234567890abcdef1234567890"

/// Every file of `tests/vectors`, through the public API. Texts are compared as bytes, because Swift takes differently
/// composed strings for equal.
final class VectorsTests: XCTestCase {
    func testGenerateGivesTheExactTokenAndVerifyGivesTheOptionsBack() throws {
        let cases = try vectors("generate.json")
        XCTAssertEqual(cases.count, 147)
        for vector in cases {
            let label = try text(vector["name"])
            let opentok = try project(vector)
            let json = try XCTUnwrap(vector["options"] as? Json)
            let given = try GenerateOptions(json)
            let token = try opentok.generate(text(vector["session_id"]), given)
            XCTAssertEqual(token, try text(vector["token"]), label)

            let said = try opentok.verify(token, CheckOptions(now: json["create_time"]))
            XCTAssertEqual(said.sessionId, try text(vector["session_id"]), label)
            XCTAssertEqual(said.role, given.role ?? .publisher, label)
            XCTAssertEqual(utf8(said.data), utf8(given.data ?? ""), label)
            XCTAssertEqual(said.initialLayoutClassList.map(utf8), (given.initialLayoutClassList ?? []).map(utf8), label)
            let nonce = try XCTUnwrap(given.nonce)
            XCTAssertEqual(said.nonce, String(nonce), label)
        }
    }

    func testVerifyGivesTheExactFields() throws {
        let cases = try vectors("verify.json")
        XCTAssertEqual(cases.count, 89)
        for vector in cases {
            let label = try text(vector["name"])
            let options = try CheckOptions(XCTUnwrap(vector["options"] as? Json))
            let said = try project(vector).verify(text(vector["token"]), options)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(expected.count, 9, "the runner knows every field: \(expected.keys)")
            XCTAssertEqual(said.format, try formatNamed(XCTUnwrap(expected["format"])), label)
            XCTAssertEqual(said.apiKey, try text(expected["api_key"]), label)
            XCTAssertEqual(said.sessionId, try text(expected["session_id"]), label)
            XCTAssertEqual(said.role, try roleNamed(XCTUnwrap(expected["role"])), label)
            XCTAssertEqual(said.createTime, try date(XCTUnwrap(expected["create_time"])), label)
            XCTAssertEqual(said.expireTime, try date(XCTUnwrap(expected["expire_time"])), label)
            XCTAssertEqual(utf8(said.data), utf8(try text(expected["data"])), label)
            let classes = try texts(XCTUnwrap(expected["initial_layout_class_list"]))
            XCTAssertEqual(said.initialLayoutClassList.map(utf8), classes.map(utf8), label)
            XCTAssertEqual(utf8(said.nonce), utf8(try text(expected["nonce"])), label)
        }
    }

    func testErrorsHaveTheExactCode() throws {
        let cases = try vectors("errors.json")
        XCTAssertEqual(cases.count, 310)
        let left = try leavingOut(cases, by: "code") { vector in
            let label = try text(vector["name"])
            guard case .failure(let refused) = try outcome(vector) else { return XCTFail("accepted: \(label)") }
            XCTAssertEqual(refused.code, try text(vector["code"]), label)
            XCTAssertEqual(Int64(refused.number), try integer(XCTUnwrap(vector["number"])), label)
        }
        XCTAssertEqual(
            left,
            [
                "half of a surrogate pair": ["invalid_data": 5],
                "an unknown role": ["invalid_role": 6],
                "an unknown token format": ["invalid_token_format": 5],
            ]
        )
    }

    /// What the call of a vector answers. What comes before it must succeed, so that error is not an answer.
    private func outcome(_ vector: Json) throws -> Result<String, TokmintError> {
        let made = try answer { try project(vector) }
        let options = vector["options"] as? Json ?? [:]
        switch (try text(vector["call"]), made) {
        case ("new", _):
            return made.map { $0.description }
        case ("generate", .success(let opentok)):
            let (sessionId, given) = (try text(vector["session_id"]), try GenerateOptions(options))
            return try answer { try opentok.generate(sessionId, given) }
        case ("verify", .success(let opentok)):
            let (token, given) = (try text(vector["token"]), try CheckOptions(options))
            return try answer { try opentok.verify(token, given).description }
        case (let call, _):
            XCTFail("before the call \(call): \(made)")
            return .success("")
        }
    }

    func testInspectGivesTheExactFindingsAndItsFormsSayTheSame() throws {
        let cases = try vectors("inspect.json")
        XCTAssertEqual(cases.count, 509)
        for vector in cases {
            let label = try text(vector["name"])
            let options = try CheckOptions(XCTUnwrap(vector["options"] as? Json))
            let opentok = try vector["api_key"] == nil ? nil : project(vector)
            let inspection = try inspect(text(vector["token"]), options, by: opentok)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(expected.count, 5, "the runner knows every field: \(expected.keys)")
            XCTAssertEqual(inspection.format, try present(expected["format"]).map(formatNamed), label)
            XCTAssertEqual("\(inspection.signature)", try text(expected["signature"]), label)
            XCTAssertEqual(inspection.findings.map { $0.code }, try texts(XCTUnwrap(expected["findings"])), label)
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
            XCTAssertEqual(json.count, 10, label)
            let findings: [[String?]] = inspection.findings.map {
                [$0.code, "\($0.severity)", $0.message, $0.serverMessage]
            }
            XCTAssertEqual(findings, try rows(json["findings"], "code", "severity", "message", "server_message"), label)
            let header: [[String?]] = inspection.header.map { [$0.name, $0.value] }
            XCTAssertEqual(header, try rows(json["header"], "name", "value"), label)
            let fields: [[String?]] = inspection.fields.map { [$0.name, $0.value] }
            XCTAssertEqual(fields, try rows(json["fields"], "name", "value"), label)
            XCTAssertEqual(inspection.createdAt == nil, try present(json["created_at"]) == nil, label)
            XCTAssertEqual(inspection.expiresAt == nil, try present(json["expires_at"]) == nil, label)
            XCTAssertEqual(inspection.notBefore == nil, try present(json["not_before"]) == nil, label)
            if let token = inspection.token {
                XCTAssertEqual(inspection.createdAt ?? token.createTime, token.createTime, label)
                XCTAssertEqual(inspection.expiresAt ?? token.expireTime, token.expireTime, label)
            }
        }
    }

    func testHostileInputsAreAnsweredAsDeclared() throws {
        let cases = try vectors("attacks.json", "cases")
        XCTAssertEqual(cases.count, 109)
        let left = try leavingOut(cases, by: "id") { attack in
            let id = try text(attack["id"])
            let context = try XCTUnwrap(attack["context"] as? Json)
            let accepted: Bool
            switch try text(attack["api"]) {
            case "verify": accepted = try isVerified(attack, context)
            case "generate": accepted = try isGenerated(attack, context)
            case "inspect": accepted = try isRead(attack, context)
            case let api: return XCTFail("the runner knows every call: \(api)")
            }
            // Decided otherwise than by the file, as the README of the vectors explains.
            let otherwise = ["gen-data-1000-emoji", "ok-rs256"].contains(id)
            XCTAssertEqual(accepted, try !otherwise && text(attack["expected"]) == "accept", id)
        }
        XCTAssertEqual(
            left,
            [
                "half of a surrogate pair": ["gen-data-surrogate": 1],
                "an unknown token format": ["gen-rsa-1024": 1, "gen-rsa-public-as-private": 1],
            ]
        )
    }

    private func isVerified(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try text(attack["id"])
        let token = try text(attack["input"], context)
        if let length = attack["length"] {
            XCTAssertEqual(Int64(token.utf8.count), try integer(length), id)
            // The largest take seconds to hash in a build without optimisation.
            if token.utf8.count < 1_000_000 {
                XCTAssertEqual(hexadecimal(sha256(utf8(token))), try text(attack["sha256"]), id)
            }
        }
        let options = try CheckOptions(now: context["now"])
        switch try answer({ try testProject(context).verify(token, options) }) {
        case .success:
            return true
        case .failure(let refused):
            if saysRs256(token) { XCTAssertEqual(refused.code, "unsupported_algorithm", id) }
            return false
        }
    }

    private func isGenerated(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try text(attack["id"])
        var input = try XCTUnwrap(attack["input"] as? Json)
        let sessionId = try text(input.removeValue(forKey: "session_id"))
        input["token_format"] = input.removeValue(forKey: "format")
        input["create_time"] = context["now"]
        let given = try GenerateOptions(input)
        guard case .success(let token) = try answer({ try testProject(context).generate(sessionId, given) }) else {
            return false
        }
        let said = try testProject(context).verify(token, CheckOptions(now: context["now"]))
        XCTAssertEqual(utf8(said.data), utf8(given.data ?? ""), id)
        return true
    }

    /// Whether a token that inspect was given has a shape that reads, whatever else is wrong with it.
    private func isRead(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try text(attack["id"])
        let options = try CheckOptions(now: context["now"])
        let inspection = try inspect(lenientText(attack["input"], context), options, by: testProject(context))
        let codes = inspection.findings.map { $0.code }
        let isRead = !codes.contains { $0.hasPrefix("malformed_") || $0 == "duplicate_field" }
        XCTAssertTrue(isRead || inspection.isRefused, id)
        return isRead
    }

    func testTokensOfTheOfficialSdksAreAnsweredAsDeclared() throws {
        let peers = try XCTUnwrap(vectorFile("peer_tokens.json") as? [Json])
        var counted: [String: Int] = [:]
        for peer in peers {
            let label = try ["producer", "format", "name"].map { try text(peer[$0]) }.joined(separator: ", ")
            let verdict = try XCTUnwrap(peer["verify"] as? Json)
            let token = try text(peer["token"])
            let options = try CheckOptions(now: verdict["now"])
            // An application's token has no project: any project refuses it.
            let isApplication = try text(peer["format"]) == "jwt_rs256"
            let opentok = try isApplication ? testProject([:]) : project(peer)
            switch try answer({ try opentok.verify(token, options) }) {
            case .failure(let refused) where isApplication:
                XCTAssertEqual(refused.code, "unsupported_algorithm", label)
                counted["application", default: 0] += 1
            case .failure(let refused):
                XCTAssertEqual(try text(verdict["expected"]), "reject", "\(label): \(refused)")
                XCTAssertEqual(refused.number / 10, 4, "\(label): \(refused)")
                counted["refused", default: 0] += 1
            case .success(let said):
                XCTAssertEqual(try text(verdict["expected"]), "accept", label)
                let decoded = try XCTUnwrap(peer["decoded"] as? Json)
                let expected = try XCTUnwrap(decoded["claims"] as? Json ?? decoded["fields"] as? Json)
                let data = try expected["connection_data"].map { try text($0) } ?? ""
                XCTAssertEqual(said.role, try roleNamed(XCTUnwrap(expected["role"])), label)
                XCTAssertEqual(said.sessionId, try text(expected["session_id"]), label)
                XCTAssertEqual(utf8(said.data), utf8(data), label)
                counted["accepted", default: 0] += 1
            }
        }
        XCTAssertEqual(counted, ["accepted": 60, "refused": 4, "application": 30])
    }

    private func project(_ vector: Json) throws -> OpenTok {
        try OpenTok(apiKey: text(vector["api_key"]), apiSecret: text(vector["api_secret"]))
    }

    /// There are no application credentials: a case with some runs against the test project.
    private func testProject(_ context: Json) throws -> OpenTok {
        let key = try context["api_key"].map { try text($0) } ?? apiKey
        let secret = try context["secret"].map { try text($0) } ?? apiSecret
        return try OpenTok(apiKey: key, apiSecret: secret)
    }

    private func utf8(_ text: String) -> Data { Data(text.utf8) }
}
