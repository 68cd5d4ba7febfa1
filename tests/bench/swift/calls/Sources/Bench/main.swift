// What a call costs in Swift beside the same call of core, from the same loop.
//
// All contenders take turns in short batches, so that whatever else the machine does falls on all of them; the median
// batch counts. Time of the processor is measured, since others may have it in the middle of a batch. The ratios are what
// a shared machine can show. Run with `make bench-swift`, which gives the file of a private key.

import Core
import Foundation
import Tokmint

let sessionId = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
let sessionOfApplication =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
let data = "name=Johnny&level=4"
let classes = ["focus", "main"]
let tokensOfABatch = 100

let rounds = 101
let secondsOfABatch = 0.002
/// Runs, of which each has its own figures.
let runs = 5

struct Contender {
    let name: String
    /// How much more than core it may take.
    var target: Target?
    /// How many tokens one call makes.
    var tokens = 1
    let call: () throws -> Void
}

enum Target {
    case beyondCore(nanoseconds: Double)
    case timesCore(Double)
}

/// Keeps results, so that the compiler cannot leave a call out.
@inline(never)
func keep<Value>(_ value: Value) {}

func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func seconds(_ contender: Contender, calls: Int) throws -> Double {
    let start = processorSeconds()
    for _ in 0..<calls { try contender.call() }
    return (processorSeconds() - start) / Double(calls * contender.tokens)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// The median time of each contender.
func run(_ contenders: [Contender]) throws -> [Double] {
    let calls = try contenders.map { contender in
        max(1, Int(secondsOfABatch / (try seconds(contender, calls: 20) * Double(contender.tokens))))
    }
    var all = contenders.map { _ in [Double]() }
    for _ in 0..<rounds {
        for (index, contender) in contenders.enumerated() {
            all[index].append(try seconds(contender, calls: calls[index]))
        }
    }
    return all.map(median)
}

/// Prints the times of contenders beside the first one, which is core.
func compare(_ title: String, _ contenders: [Contender]) throws {
    print("\n\(title)")
    let all = try (0..<runs).map { _ in try run(contenders) }
    for (index, contender) in contenders.enumerated() {
        let time = median(all.map { $0[index] })
        let ratio = median(all.map { $0[index] / $0[0] })
        let beyond = median(all.map { ($0[index] - $0[0]) * 1e9 })
        var line = String(format: "%9.2f us%9.1f x", time * 1e6, ratio)
        if index > 0 { line += String(format: "  core + %.0f ns", beyond) }
        switch contender.target {
        case .beyondCore(let most):
            line += "  target core + \(Int(most)) ns  \(beyond <= most ? "met" : "MISSED")"
        case .timesCore(let most):
            line += "  target \(most) x  \(ratio <= most ? "met" : "MISSED")"
        case nil: break
        }
        print("  \(contender.name.padding(toLength: 34, withPad: " ", startingAt: 0))\(line)")
    }
}

let opentok = try OpenTok(apiKey: "123456", apiSecret: "1234567890abcdef1234567890abcdef1234567890")
let session = try opentok.session(sessionId)
let privateKey = try String(contentsOfFile: CommandLine.arguments[1], encoding: .utf8)
let application = try OpenTok(applicationId: "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9", privateKey: privateKey)
let token = try opentok.generateToken(
    sessionId: sessionId, role: .moderator, data: data, initialLayoutClassList: classes)
let tokenOfApplication = try application.generateToken(
    sessionId: sessionOfApplication, role: .moderator, data: data, initialLayoutClassList: classes)
let batch = (0..<tokensOfABatch).map { _ in
    TokenOptions(role: .moderator, data: data, initialLayoutClassList: classes)
}

if let cpu = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
    let line = cpu.split(separator: "\n").first(where: { $0.hasPrefix("model name") })
{
    print(line.drop { $0 != ":" }.dropFirst(2))
}

try compare(
    "Generate a JWT with role, data and two layout classes",
    [
        Contender(name: "core", call: core_generate_jwt),
        Contender(name: "tokmint", target: .beyondCore(nanoseconds: 1200)) {
            keep(
                try opentok.generateToken(
                    sessionId: sessionId, role: .moderator, data: data, initialLayoutClassList: classes))
        },
        Contender(name: "tokmint, session") {
            keep(try session.generateToken(role: .moderator, data: data, initialLayoutClassList: classes))
        },
        Contender(name: "tokmint, one of \(tokensOfABatch) at once", tokens: tokensOfABatch) {
            keep(session.generateTokens(batch))
        },
    ]
)
try compare(
    "Verify",
    [
        Contender(name: "core", call: core_verify_jwt),
        Contender(name: "tokmint") { keep(try opentok.verifyToken(token)) },
    ]
)
try compare(
    "Inspect",
    [
        Contender(name: "core", call: core_inspect_jwt),
        Contender(name: "tokmint", target: .timesCore(6)) { keep(try opentok.inspectToken(token)) },
        Contender(name: "tokmint, with its text") { keep(try opentok.inspectToken(token).description) },
    ]
)
try compare(
    "Generate a token of an application (RS256, 2,048 bits)",
    [
        Contender(name: "core", call: core_generate_application),
        Contender(name: "tokmint") {
            keep(
                try application.generateToken(
                    sessionId: sessionOfApplication, role: .moderator, data: data, initialLayoutClassList: classes))
        },
    ]
)
try compare(
    "Verify one",
    [
        Contender(name: "core", call: core_verify_application),
        Contender(name: "tokmint") { keep(try application.verifyToken(tokenOfApplication)) },
    ]
)
