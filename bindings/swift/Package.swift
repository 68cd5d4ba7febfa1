// swift-tools-version:5.9
import Foundation
import PackageDescription

// What is not committed: `make swift-library` writes the static library (lib), the C header (Sources/tokmintFFI) and
// the Swift that UniFFI generates (Sources/TokmintGenerated); xcframework.sh writes lib/tokmintFFI.xcframework for
// Apple's platforms, which is taken where it exists. Tokmint is the public module.
let framework = "lib/tokmintFFI.xcframework"
#if os(macOS)
let isFramework = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(framework)")
#else
let isFramework = false
#endif

let native: Target =
    isFramework ? .binaryTarget(name: "tokmintFFI", path: framework) : .systemLibrary(name: "tokmintFFI")
let linked: [LinkerSetting] = [
    // A package that depends on this one finds the library where its linker looks.
    .unsafeFlags(["-L\(Context.packageDirectory)/lib"]),
    // What Rust's standard library needs beyond libc; both are empty since glibc 2.34.
    .linkedLibrary("pthread", .when(platforms: [.linux])),
    .linkedLibrary("dl", .when(platforms: [.linux])),
]

let package = Package(
    name: "tokmint",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [.library(name: "Tokmint", targets: ["Tokmint"])],
    targets: [
        native,
        .target(
            name: "TokmintGenerated",
            dependencies: ["tokmintFFI"],
            linkerSettings: isFramework ? [] : linked
        ),
        .target(name: "Tokmint", dependencies: ["TokmintGenerated"], exclude: ["PrivacyInfo.xcprivacy"]),
        .testTarget(name: "TokmintTests", dependencies: ["Tokmint", "TokmintGenerated"]),
    ],
    swiftLanguageVersions: [.v5, .version("6")]
)
