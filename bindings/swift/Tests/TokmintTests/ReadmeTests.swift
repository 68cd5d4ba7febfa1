import Foundation
import Tokmint
import XCTest

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The programs of this package's README. check.sh compares the lines between the comments with them.
final class ReadmeTests: XCTestCase {
    func testOfAProject() throws {
        // program 1
        let opentok = try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

        let token = try opentok.generateToken(
            sessionId: sessionId, role: .moderator, expiresIn: .seconds(3600), data: "name=Johnny")
        let verified = try opentok.verifyToken(token, sessionId: sessionId)
        print("\(verified.role): \(verified.data)")  // moderator: name=Johnny

        do {
            _ = try opentok.verifyToken(token, now: Date() + 7200)
        } catch {
            print(error)  // token_expired: the token expired 3600 s ago; ...
        }
        let session = try opentok.session(sessionId)
        let names = ["Johnny", "Jane", String(repeating: "x", count: 1001)]
        for result in session.generateTokens(names.map { TokenOptions(data: "name=\($0)") }) {
            switch result {
            case .success(let token): print(try session.verifyToken(token).data)  // name=Johnny, name=Jane
            case .failure(let error): print(error.code)  // data_too_long
            }
        }
        let inspection = try opentok.inspectToken("'\(token)'", now: verified.expireTime + 5)
        print(inspection.isRefused, inspection.signature)  // true valid
        print(inspection.findings.map { $0.code })  // [quotes_around, token_expired]
        print(inspection.findings[1].message)  // the token expired 5 s ago; generate a new one

        print(try inspectToken(token))  // without credentials; all of it, one line for each field and finding
        // end
        XCTAssertEqual("\(verified.role): \(verified.data)", "moderator: name=Johnny")
        XCTAssertEqual(verified.expireTime.timeIntervalSince(verified.createTime), 3600)
        XCTAssertThrowsError(try opentok.verifyToken(token, now: Date() + 7200)) { error in
            XCTAssertTrue("\(error)".hasPrefix("token_expired: the token expired 36"), "\(error)")
        }
        XCTAssertEqual("\(inspection.isRefused) \(inspection.signature)", "true valid")
        XCTAssertEqual("\(inspection.findings.map { $0.code })", "[quotes_around, token_expired]")
        XCTAssertEqual(inspection.findings[1].message, "the token expired 5 s ago; generate a new one")
        XCTAssertEqual(inspection.now, verified.expireTime + 5)
        XCTAssertEqual(inspection.createTime, verified.createTime)
        XCTAssertEqual(inspection.expireTime, verified.expireTime)
        XCTAssertNil(inspection.notBefore)
        XCTAssertEqual(inspection.remainingLifetime, .seconds(-5))
        let unchecked = try inspectToken(token)
        XCTAssertEqual(unchecked.signature, .unchecked)
        XCTAssertTrue("\(unchecked)".contains("field role: \"moderator\"\n"), "\(unchecked)")
    }

    #if compiler(>=6.0)
    #if !TOKMINT_UNTYPED
    func testErrors() throws {
        // program 1
        /// What to do with a client that presents a token.
        func answer(_ opentok: OpenTok, _ token: String, now: Date) -> String {
            do {
                return "welcome, \(try opentok.verifyToken(token, now: now).data)"
            } catch {
                switch error.code {
                case .tokenExpired, .tokenNotYetValid: return "ask for a new token"
                case .tokenOfOtherProject: return "ask another server"
                default: return "go away"
                }
            }
        }
        // end
        let opentok = try project()
        let token = try opentok.generateToken(
            sessionId: sessionOfProject, expiresIn: .seconds(3600), data: "name=Johnny")
        // program 1

        print(answer(opentok, token, now: Date()))  // welcome, name=Johnny
        print(answer(opentok, token, now: Date() + 90_000))  // ask for a new token
        print(answer(opentok, "T1==", now: Date()))  // go away
        // end
        XCTAssertEqual(answer(opentok, token, now: Date()), "welcome, name=Johnny")
        XCTAssertEqual(answer(opentok, token, now: Date() + 90_000), "ask for a new token")
        XCTAssertEqual(answer(opentok, "T1==", now: Date()), "go away")
        let other = try OpenTok(apiKey: "123457", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        XCTAssertEqual(answer(other, token, now: Date()), "ask another server")
    }
    #endif
    #endif

    func testOfAnApplication() throws {
        // The example reads the key from the folder in which it runs.
        let files = FileManager.default
        let former = files.currentDirectoryPath
        let folder = files.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try files.createDirectory(at: folder, withIntermediateDirectories: false)
        defer {
            _ = files.changeCurrentDirectoryPath(former)
            try? files.removeItem(at: folder)
        }
        let file = folder.appendingPathComponent("private.key")
        try privateKeyOfTheVectors().write(to: file, atomically: false, encoding: .utf8)
        XCTAssertTrue(files.changeCurrentDirectoryPath(folder.path))
        // program 2
        let applicationId = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
        let sessionId =
            "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
        let privateKey = try String(contentsOfFile: "private.key", encoding: .utf8)
        let opentok = try OpenTok(applicationId: applicationId, privateKey: privateKey)

        let token = try opentok.generateToken(sessionId: sessionId, role: .moderator)
        let verified = try opentok.verifyToken(token)
        print("\(verified.role) of \(verified.applicationId ?? "a project")")  // moderator of a98e12ca-...
        // end
        XCTAssertEqual(verified.role, .moderator)
        XCTAssertEqual(verified.applicationId, applicationId)
    }

    func testCreatingASession() async throws {
        // program 3
        /// The request that creates a routed session.
        func sessionRequest(_ opentok: OpenTok) throws -> URLRequest {
            let token = try opentok.generateRestToken()
            let isApplication = opentok.applicationId != nil
            let server = isApplication ? "https://video.api.vonage.com" : "https://api.opentok.com"
            var request = URLRequest(url: URL(string: "\(server)/session/create")!, timeoutInterval: 10)
            request.httpMethod = "POST"
            if isApplication {
                request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
            } else {
                request.setValue(token, forHTTPHeaderField: "X-OPENTOK-AUTH")
            }
            request.setValue("application/json", forHTTPHeaderField: "Accept")
            request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data("archiveMode=manual&p2p.preference=disabled".utf8)
            return request
        }

        /// Creates a session, and returns its ID.
        func createSession(_ opentok: OpenTok, with client: URLSession = .shared) async throws -> String {
            struct Created: Decodable { let sessionId: String }
            let (body, response) = try await client.data(for: sessionRequest(opentok))
            guard (response as? HTTPURLResponse)?.statusCode == 200 else { throw URLError(.badServerResponse) }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let created = try decoder.decode([Created].self, from: body)
            guard let session = created.first else { throw URLError(.cannotParseResponse) }
            return session.sessionId
        }
        // end
        let configuration = URLSessionConfiguration.ephemeral
        configuration.protocolClasses = [Platform.self]
        let client = URLSession(configuration: configuration)
        let application = try OpenTok(applicationId: Platform.applicationId, privateKey: privateKeyOfTheVectors())
        for (opentok, host) in [(try project(), "api.opentok.com"), (application, "video.api.vonage.com")] {
            let request = try sessionRequest(opentok)
            XCTAssertEqual(request.url?.absoluteString, "https://\(host)/session/create")
            XCTAssertEqual(request.value(forHTTPHeaderField: "Content-Type"), "application/x-www-form-urlencoded")
            XCTAssertEqual(request.httpBody, Data("archiveMode=manual&p2p.preference=disabled".utf8))
            let inspection = try opentok.inspectToken(XCTUnwrap(Platform.token(request)))
            XCTAssertEqual(inspection.signature, .valid)
            XCTAssertTrue(inspection.findings.contains { $0.code == .restToken }, "\(inspection)")
            let created = try await createSession(opentok, with: client)
            XCTAssertEqual(created, "created by \(host)")
        }
        let other = try OpenTok(apiKey: "123457", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
        do {
            let created = try await createSession(other, with: client)
            XCTFail(created)
        } catch {
            XCTAssertEqual((error as? URLError)?.code, .badServerResponse)
        }
    }
}

private let sessionOfProject = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"

private func project() throws -> OpenTok {
    try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
}

/// The platform in its place: it creates sessions for one project and one application.
private final class Platform: URLProtocol {
    static let applicationId = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"

    /// The token in the header that the host of a request wants.
    static func token(_ request: URLRequest) -> String? {
        switch request.url?.host {
        case "api.opentok.com": return request.value(forHTTPHeaderField: "X-OPENTOK-AUTH")
        case "video.api.vonage.com":
            let header = request.value(forHTTPHeaderField: "Authorization") ?? ""
            return header.hasPrefix("Bearer ") ? String(header.dropFirst("Bearer ".count)) : nil
        default: return nil
        }
    }

    override static func canInit(with request: URLRequest) -> Bool { true }
    override static func canonicalRequest(for request: URLRequest) -> URLRequest { request }

    override func startLoading() {
        let claims = Platform.token(request).flatMap { try? inspectToken($0) }?.fields ?? []
        let issuers = [#""123456""#, "\"\(Platform.applicationId)\""]
        let isKnown = claims.contains { ["iss", "application_id"].contains($0.name) && issuers.contains($0.value) }
        let isRight = isKnown && request.httpMethod == "POST" && request.url?.path == "/session/create"
        guard let url = request.url, let host = url.host,
            let reply = HTTPURLResponse(
                url: url, statusCode: isRight ? 200 : 403, httpVersion: "HTTP/1.1", headerFields: nil)
        else { return XCTFail("\(request)") }
        client?.urlProtocol(self, didReceive: reply, cacheStoragePolicy: .notAllowed)
        client?.urlProtocol(self, didLoad: Data(#"[{"session_id":"created by \#(host)","project_id":"1"}]"#.utf8))
        client?.urlProtocolDidFinishLoading(self)
    }

    override func stopLoading() {}
}
