// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
let grpc: [Target.Dependency] = [
    "TextService",
    .product(name: "Load", package: "Benchmarks"),
    .product(name: "GRPCCore", package: "grpc-swift-2"),
    .product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport"),
]

/// grpc-swift-2 as a contender. Separate from the rest, because it takes long to build.
let package = Package(
    name: "GRPCSwift",
    // gRPC needs these versions on Apple's systems.
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "Benchmarks", path: "../.."),
        .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", from: "2.9.0"),
    ],
    targets: [
        .target(
            name: "TextService", dependencies: [.product(name: "GRPCCore", package: "grpc-swift-2")],
            swiftSettings: strict),
        .executableTarget(name: "GRPCSwiftService", dependencies: grpc, swiftSettings: strict),
        .executableTarget(name: "GRPCSwiftClient", dependencies: grpc, swiftSettings: strict),
    ]
)
