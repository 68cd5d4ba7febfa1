// swift-tools-version:5.9
import PackageDescription

// SwiftPM before 6.2 takes libraries inside of a package on Apple's systems only. install.sh installs the one for Linux.
#if os(macOS)
let native: Target = .binaryTarget(name: "tokmintFFI", path: "tokmintFFI.xcframework")
let privacy: (left: [String], taken: [Resource]) = ([], [.copy("PrivacyInfo.xcprivacy")])
#else
let native: Target = .systemLibrary(name: "tokmintFFI", pkgConfig: "tokmint-swift-@VERSION@")
let privacy: (left: [String], taken: [Resource]) = (["PrivacyInfo.xcprivacy"], [])
#endif

let package = Package(
    name: "tokmint-swift",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [.library(name: "Tokmint", targets: ["Tokmint"])],
    targets: [
        native,
        .target(name: "TokmintGenerated", dependencies: ["tokmintFFI"]),
        .target(
            name: "Tokmint",
            dependencies: ["TokmintGenerated"],
            exclude: privacy.left,
            resources: privacy.taken
        ),
    ],
    swiftLanguageVersions: [.v5, .version("6")]
)
