// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// The Swift side of the benchmarks, in a separate package so that building the library does not build them.
let package = Package(
    name: "Benchmarks",
    products: [.library(name: "Load", targets: ["Load"])],
    dependencies: [.package(name: "swift-lymph", path: "../..")],
    targets: [
        .target(name: "Load", swiftSettings: strict),
        .executableTarget(
            name: "BenchmarkService", dependencies: ["Load", .product(name: "Lymph", package: "swift-lymph")],
            swiftSettings: strict),
        .executableTarget(
            name: "BenchmarkClient", dependencies: ["Load", .product(name: "Lymph", package: "swift-lymph")],
            swiftSettings: strict),
        .executableTarget(
            name: "CallCost", dependencies: ["Load", .product(name: "Lymph", package: "swift-lymph")],
            swiftSettings: strict),
        .executableTarget(
            name: "IdlePeers", dependencies: ["Load", .product(name: "Lymph", package: "swift-lymph")],
            swiftSettings: strict),
        .systemLibrary(name: "CLibZMQ"),
        .executableTarget(
            name: "Cancellation",
            dependencies: [
                "CLibZMQ", "Load", .product(name: "Lymph", package: "swift-lymph"),
                .product(name: "MessagePack", package: "swift-lymph"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "CodecBenchmark", dependencies: ["Load", .product(name: "MessagePack", package: "swift-lymph")],
            swiftSettings: strict),
    ]
)
