// swift-tools-version:5.9
import PackageDescription

// `make swift-library` writes what is not committed: the static library (lib), the C header (Sources/tokmintFFI) and the
// Swift that UniFFI generates (Sources/TokmintGenerated). Tokmint is the public module.
let package = Package(
    name: "tokmint",
    platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9)],
    products: [.library(name: "Tokmint", targets: ["Tokmint"])],
    targets: [
        .systemLibrary(name: "tokmintFFI"),
        .target(
            name: "TokmintGenerated",
            dependencies: ["tokmintFFI"],
            // A package that depends on this one finds the library where its linker looks.
            linkerSettings: [.unsafeFlags(["-L\(Context.packageDirectory)/lib"])]
        ),
        .target(name: "Tokmint", dependencies: ["TokmintGenerated"]),
        .testTarget(name: "TokmintTests", dependencies: ["Tokmint"]),
    ],
    swiftLanguageVersions: [.v5, .version("6")]
)
