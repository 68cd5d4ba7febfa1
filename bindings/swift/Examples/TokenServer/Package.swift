// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "TokenServer",
    platforms: [.macOS(.v13)],
    // In a program of your own: .package(url: "https://github.com/tokmint/tokmint-swift", from: "0.1.0")
    dependencies: [.package(name: "tokmint-swift", path: "../..")],
    targets: [
        .executableTarget(
            name: "TokenServer",
            dependencies: [.product(name: "Tokmint", package: "tokmint-swift")]
        )
    ],
    swiftLanguageVersions: [.version("6")]
)
