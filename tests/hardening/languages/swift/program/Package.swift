// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "hardening",
    platforms: [.macOS(.v13)],
    dependencies: [.package(path: "../../../../../bindings/swift")],
    targets: [.executableTarget(name: "Program", dependencies: [.product(name: "Tokmint", package: "swift")])]
)
