// swift-tools-version:6.2
import PackageDescription

#if os(macOS)
let native: Target = .binaryTarget(name: "tokmintFFI", path: "tokmintFFI.xcframework")
let privacy: (left: [String], taken: [Resource]) = ([], [.copy("PrivacyInfo.xcprivacy")])
#else
let native: Target = .binaryTarget(name: "tokmintFFI", path: "tokmintFFI.artifactbundle")
let privacy: (left: [String], taken: [Resource]) = (["PrivacyInfo.xcprivacy"], [])
#endif

let package = Package(
    name: "tokmint-swift",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [.library(name: "Tokmint", targets: ["Tokmint"])],
    targets: [
        native,
        .target(
            name: "TokmintGenerated",
            dependencies: ["tokmintFFI"],
            linkerSettings: [
                // What Rust's standard library needs beyond libc; both are empty since glibc 2.34.
                .linkedLibrary("pthread", .when(platforms: [.linux])),
                .linkedLibrary("dl", .when(platforms: [.linux])),
            ]
        ),
        .target(
            name: "Tokmint",
            dependencies: ["TokmintGenerated"],
            exclude: privacy.left,
            resources: privacy.taken
        ),
    ],
    swiftLanguageModes: [.v5, .v6]
)
