import Foundation
import Tokmint
import XCTest

private let apiKey = "123456"
private let apiSecret = "1234567890abcdef1234567890abcdef1234567890"

/// Every file of `tests/vectors`, through the public API. Strings are compared as bytes, because Swift takes differently
/// composed ones for equal.
final class VectorsTests: XCTestCase {
    func testGenerateGivesTheExactTokenAndVerifyGivesTheOptionsBack() throws {
        let cases = try vectors("generate.json")
        for vector in cases {
            let label = try string(vector["name"])
            let opentok = try credentials(vector)
            let json = try XCTUnwrap(vector["options"] as? Json)
            let given = try GenerateOptions(json)
            let token = try opentok.generate(string(vector["session_id"]), given)
            XCTAssertEqual(token, try string(vector["token"]), label)

            let said = try opentok.verify(token, CheckOptions(now: json["create_time"]))
            XCTAssertEqual(said.sessionId, try string(vector["session_id"]), label)
            XCTAssertEqual(said.role, given.role ?? .publisher, label)
            XCTAssertEqual(utf8(said.data), utf8(given.data ?? ""), label)
            XCTAssertEqual(said.initialLayoutClassList.map(utf8), (given.initialLayoutClassList ?? []).map(utf8), label)
            XCTAssertEqual(said.nonce, try XCTUnwrap(given.nonce.map { String($0) } ?? given.jti), label)
            XCTAssertEqual(said.apiKey, opentok.apiKey, label)
            XCTAssertEqual(said.applicationId, opentok.applicationId, label)
        }
    }

    func testAVerifierVerifiesWhatThePrivateKeyOfItsApplicationSigns() throws {
        let keys = try keys()
        var count = 0
        for vector in try vectors("generate.json") {
            guard let name = vector["private_key"] as? String else { continue }
            guard let publicKey = keys[name]?["public_key"] else { continue }
            let verifier = try verifier(string(vector["application_id"]), expanded(publicKey))
            let json = try XCTUnwrap(vector["options"] as? Json)
            let said = try verifier.verify(string(vector["token"]), CheckOptions(now: json["create_time"]))
            XCTAssertEqual(said.sessionId, try string(vector["session_id"]))
            let minted = try attempt { try verifier.generate(said.sessionId, GenerateOptions(json)) }
            guard case .failure(let refused) = minted else { return XCTFail("a verifier minted") }
            XCTAssertEqual(refused.code, .noPrivateKey)
            count += 1
        }
        XCTAssertGreaterThan(count, 50)
    }

    func testEveryPairOfKeysFits() throws {
        let id = "A98E12CA-f3e5-4df8-bc66-fd4b5f30b9e9"
        let sessionId =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
        for (name, pair) in try keys() {
            let verifier = try pair["public_key"].map { try self.verifier(id, expanded($0)) }
            let application = try pair["private_key"].map { try self.application(id, expanded($0)) }
            let token = try application?.generateToken(sessionId: sessionId)
            for opentok in [verifier, application].compactMap({ $0 }) {
                XCTAssertEqual(opentok.applicationId, id.lowercased(), name)
                if let token { XCTAssertEqual(try opentok.verifyToken(token).applicationId, id.lowercased(), name) }
            }
        }
    }

    func testTokensForRestCallsAreExactAndAdmitNobodyToASession() throws {
        var kinds: Set<Bool> = []
        for vector in try vectors("rest.json") {
            let label = try string(vector["name"])
            let opentok = try credentials(vector)
            let json = try XCTUnwrap(vector["options"] as? Json)
            let token = try opentok.generateRest(RestOptions(json))
            XCTAssertEqual(token, try string(vector["token"]), label)
            let now = try CheckOptions(now: json["create_time"])
            guard case .failure(let refused) = try attempt({ try opentok.verify(token, now) }) else {
                return XCTFail("accepted: \(label)")
            }
            XCTAssertEqual(refused.group, .token, label)
            for by in [opentok, nil] {
                XCTAssertTrue(try inspect(token, now, by: by).findings.contains { $0.code == .restToken }, label)
            }
            kinds.insert(opentok.apiKey == nil)
        }
        XCTAssertEqual(kinds, [true, false])
    }

    func testVerifyGivesTheExactFields() throws {
        let cases = try vectors("verify.json")
        for vector in cases {
            let label = try string(vector["name"])
            let options = try CheckOptions(XCTUnwrap(vector["options"] as? Json))
            let said = try credentials(vector).verify(string(vector["token"]), options)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(expected.count, 9, "the runner knows every field: \(expected.keys)")
            XCTAssertEqual(said.format, try formatNamed(XCTUnwrap(expected["format"])), label)
            XCTAssertEqual(said.apiKey, try expected["api_key"].map { try string($0) }, label)
            XCTAssertEqual(said.applicationId, try expected["application_id"].map { try string($0) }, label)
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
            XCTAssertEqual(refused.code.rawValue, try string(vector["code"]), label)
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
        let made = try attempt { try credentials(vector) }
        let options = vector["options"] as? Json ?? [:]
        switch (try string(vector["call"]), made) {
        case ("new", _), ("for_application", _), ("verifier", _):
            return made.map { $0.description }
        case ("generate", .success(let opentok)):
            let (sessionId, given) = (try string(vector["session_id"]), try GenerateOptions(options))
            return try attempt { try opentok.generate(sessionId, given) }
        case ("generate_rest_token", .success(let opentok)):
            let given = try RestOptions(options)
            return try attempt { try opentok.generateRest(given) }
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
            let hasCredentials = vector["api_key"] != nil || vector["application_id"] != nil
            let opentok = try hasCredentials ? credentials(vector) : nil
            let inspection = try inspect(string(vector["token"]), options, by: opentok)
            let expected = try XCTUnwrap(vector["expected"] as? Json)
            XCTAssertEqual(expected.count, 5, "the runner knows every field: \(expected.keys)")
            XCTAssertEqual(inspection.format, try present(expected["format"]).map(formatNamed), label)
            XCTAssertEqual("\(inspection.signature)", try string(expected["signature"]), label)
            XCTAssertEqual(
                inspection.findings.map { $0.code.rawValue }, try strings(XCTUnwrap(expected["findings"])), label)
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
                ["\($0.code)", "\($0.severity)", $0.message, $0.serverMessage]
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
            let otherwise = id == "gen-data-1000-emoji"
            XCTAssertEqual(accepted, try !otherwise && string(attack["expected"]) == "accept", id)
        }
        XCTAssertEqual(
            left,
            [
                "half of a surrogate pair": ["gen-data-surrogate"]
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
        switch try attempt({ try unnamedCredentials(context).verify(token, options) }) {
        case .success:
            return true
        case .failure(let refused):
            if saysRs256(token) != (context["application_id"] != nil) {
                XCTAssertEqual(refused.code, .unsupportedAlgorithm, id)
            }
            return false
        }
    }

    private func isGenerated(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try string(attack["id"])
        var input = try XCTUnwrap(attack["input"] as? Json)
        let sessionId = try string(input.removeValue(forKey: "session_id"))
        // Not a format of tokmint: the tokens of an application are JWTs.
        let format = input.removeValue(forKey: "format")
        input["token_format"] = format as? String == "rs256" ? nil : format
        input["create_time"] = context["now"]
        let given = try GenerateOptions(input)
        let generated = try attempt { try unnamedCredentials(context).generate(sessionId, given) }
        guard case .success(let token) = generated else { return false }
        let said = try unnamedCredentials(context).verify(token, CheckOptions(now: context["now"]))
        XCTAssertEqual(utf8(said.data), utf8(given.data ?? ""), id)
        return true
    }

    /// Whether a token that inspect was given has a shape that reads, whatever else is wrong with it.
    private func isRead(_ attack: Json, _ context: Json) throws -> Bool {
        let id = try string(attack["id"])
        let options = try CheckOptions(now: context["now"])
        let inspection = try inspect(lenientString(attack["input"], context), options, by: unnamedCredentials(context))
        let codes = inspection.findings.map { $0.code.rawValue }
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
            let isApplication = try string(peer["format"]) == "jwt_rs256"
            if isApplication {
                let project = try OpenTok(apiKey: apiKey, apiSecret: apiSecret)
                guard case .failure(let refused) = try attempt({ try project.verify(token, options) }) else {
                    return XCTFail("accepted: \(label)")
                }
                XCTAssertEqual(refused.code, .unsupportedAlgorithm, label)
                counted["application", default: 0] += 1
            }
            // Without a role it is a publisher's, which the file refuses.
            let hasNoRole = verdict["because"] as? [String] == ["role"]
            let isAccepted = try hasNoRole || string(verdict["expected"]) == "accept"
            switch try attempt({ try unnamedCredentials(peer, secret: "api_secret").verify(token, options) }) {
            case .failure(let refused):
                XCTAssertFalse(isAccepted, "\(label): \(refused)")
                XCTAssertEqual(refused.group, .token, "\(label): \(refused)")
                counted["refused", default: 0] += 1
            case .success(let said):
                XCTAssertTrue(isAccepted, label)
                let decoded = try XCTUnwrap(peer["decoded"] as? Json)
                let expected = try XCTUnwrap(decoded["claims"] as? Json ?? decoded["fields"] as? Json)
                let data = try expected["connection_data"].map { try string($0) } ?? ""
                XCTAssertEqual(said.role, try expected["role"].map(roleNamed) ?? .publisher, label)
                XCTAssertEqual(said.sessionId, try string(expected["session_id"]), label)
                XCTAssertEqual(utf8(said.data), utf8(data), label)
                counted["accepted", default: 0] += 1
            }
        }
        XCTAssertEqual(counted, ["accepted": 87, "refused": 7, "application": 30])
    }

    private func credentials(_ vector: Json) throws -> OpenTok {
        guard let applicationId = vector["application_id"] else {
            return try OpenTok(apiKey: string(vector["api_key"]), apiSecret: string(vector["api_secret"]))
        }
        let id = try string(applicationId)
        func key(_ kind: String) throws -> Data { try expanded(keys()[string(vector[kind])]?[kind]) }
        func given() throws -> Data { try XCTUnwrap(Data(base64Encoded: string(vector["key_base64"]))) }
        switch vector["call"] as? String {
        case "for_application": return try application(id, given())
        case "verifier": return try verifier(id, given())
        default: break
        }
        return try vector["public_key"] == nil ? application(id, key("private_key")) : verifier(id, key("public_key"))
    }

    /// Those of a file that names no keys; the test project where it gives none.
    private func unnamedCredentials(_ context: Json, secret: String = "secret") throws -> OpenTok {
        guard let applicationId = context["application_id"] else {
            let key = try context["api_key"].map { try string($0) } ?? apiKey
            return try OpenTok(apiKey: key, apiSecret: context[secret].map { try string($0) } ?? apiSecret)
        }
        guard let privateKey = context["private_key_pem"] else {
            return try verifier(string(applicationId), expanded(context["public_key_pem"]))
        }
        return try application(string(applicationId), expanded(privateKey))
    }

    private func keys() throws -> [String: Json] {
        try XCTUnwrap((vectorFile("keys.json") as? Json)?["keys"] as? [String: Json])
    }

    /// With the key as bytes, and as a string where it is text.
    private func application(_ id: String, _ key: Data) throws -> OpenTok {
        guard let text = text(key) else { return try OpenTok(applicationId: id, privateKey: key) }
        let byText = try attempt { try OpenTok(applicationId: id, privateKey: text) }
        let byBytes = try attempt { try OpenTok(applicationId: id, privateKey: key) }
        XCTAssertEqual(outcome(byText), outcome(byBytes))
        return try byText.get()
    }

    /// The same.
    private func verifier(_ id: String, _ key: Data) throws -> OpenTok {
        guard let text = text(key) else { return try OpenTok(applicationId: id, publicKey: key) }
        let byText = try attempt { try OpenTok(applicationId: id, publicKey: text) }
        let byBytes = try attempt { try OpenTok(applicationId: id, publicKey: key) }
        XCTAssertEqual(outcome(byText), outcome(byBytes))
        return try byText.get()
    }

    private func text(_ key: Data) -> String? {
        let text = String(decoding: key, as: UTF8.self)
        return Data(text.utf8) == key ? text : nil
    }

    private func outcome(_ made: Result<OpenTok, TokmintError>) -> String {
        switch made {
        case .success(let opentok): return "\(opentok)"
        case .failure(let refused): return "\(refused)"
        }
    }

    private func utf8(_ string: String) -> Data { Data(string.utf8) }
}
