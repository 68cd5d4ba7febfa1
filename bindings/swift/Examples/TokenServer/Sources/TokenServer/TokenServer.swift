// A server that gives its users tokens for a video session. Run it with:
//
//   TOKMINT_API_KEY=... TOKMINT_API_SECRET=... SESSION_ID=... swift run TokenServer
//
// Then `curl -X POST localhost:3000/token -H 'x-user: ada'` returns a token.

import Foundation
import Tokmint

@main
struct TokenServer {
    struct User {
        let name: String
        let role: Role
    }

    /// Replace it by your own login.
    static func user(of request: Request) -> User? {
        guard let name = request.headers["x-user"], !name.isEmpty else { return nil }
        return User(name: name, role: name == "ada" ? .moderator : .publisher)
    }

    /// A token for the user who asks.
    static func token(_ request: Request, _ session: Session, apiKey: String) throws -> Response {
        guard let user = user(of: request) else { return Response(status: 401, body: ["error": "who are you?"]) }
        // The role comes from the login, never from the request.
        let token = try session.generateToken(role: user.role, expiresIn: .seconds(3600), data: user.name)
        return Response(body: ["apiKey": apiKey, "sessionId": session.sessionId, "token": token])
    }

    /// A service that receives a token can read its claims.
    static func whoami(_ request: Request, _ session: Session) throws -> Response {
        let token = try session.verifyToken(String(decoding: request.body, as: UTF8.self))
        return Response(body: ["name": token.data, "role": token.role.rawValue])
    }

    static func main() throws {
        let environment = ProcessInfo.processInfo.environment
        let apiKey = environment["TOKMINT_API_KEY"] ?? ""
        // Made once: credentials and session are checked here, when the server starts, not when the first user comes.
        let opentok = try OpenTok(apiKey: apiKey, apiSecret: environment["TOKMINT_API_SECRET"] ?? "")
        let session = try opentok.session(environment["SESSION_ID"] ?? "")

        try serve(port: UInt16(environment["PORT"] ?? "3000") ?? 3000) { request in
            do {
                switch (request.method, request.path) {
                case ("POST", "/token"): return try token(request, session, apiKey: apiKey)
                case ("POST", "/whoami"): return try whoami(request, session)
                default: return Response(status: 404, body: ["error": "not found"])
                }
            } catch let error as TokmintError where error.group == .token {
                return Response(status: 403, body: ["error": error.code.rawValue])
            } catch let error as TokmintError where error.group == .options {
                return Response(status: 400, body: ["error": error.code.rawValue])
            } catch {
                // No fault of the client. An error of tokmint holds neither the secret nor the token.
                FileHandle.standardError.write(Data("\(error)\n".utf8))
                return Response(status: 500, body: ["error": "internal error"])
            }
        }
    }
}
