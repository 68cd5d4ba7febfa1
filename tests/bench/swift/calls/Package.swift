// swift-tools-version:5.9
import PackageDescription

let package = Package(
    name: "bench",
    platforms: [.macOS(.v13)],
    dependencies: [.package(path: "../../../../bindings/swift")],
    targets: [
        .systemLibrary(name: "Core"),
        .executableTarget(name: "Bench", dependencies: ["Core", .product(name: "Tokmint", package: "swift")]),
    ]
)
