// swift-tools-version: 6.2
import PackageDescription

/// The strict settings that all our targets are built with.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The examples are built like a user's package, without our strict settings.
let plain: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let package = Package(
    name: "swift-lymph",
    products: [
        .library(name: "Lymph", targets: ["Lymph"]),
        .library(name: "LymphFleet", targets: ["LymphFleet"]),
        .library(name: "LymphService", targets: ["LymphService"]),
        .library(name: "LymphTesting", targets: ["LymphTesting"]),
        .library(name: "LymphZooKeeper", targets: ["LymphZooKeeper"]),
        .library(name: "MessagePack", targets: ["MessagePack"]),
        .executable(name: "lymph", targets: ["LymphCLI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.0.0"),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ"),
        .target(
            name: "ZeroMQ",
            dependencies: ["CZeroMQ"],
            swiftSettings: strict + [.strictMemorySafety()]
        ),
        .target(name: "MessagePack", swiftSettings: strict),
        .target(
            name: "Lymph",
            dependencies: [
                "ZeroMQ", "MessagePack",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CZooKeeper"),
        .target(
            name: "LymphZooKeeper",
            dependencies: ["CZooKeeper", "Lymph", "ZeroMQ", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict + [.strictMemorySafety()]
        ),
        .target(
            name: "LymphService",
            dependencies: [
                "Lymph", "MessagePack", "Yams", "ZeroMQ",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .target(name: "CTaskHooks"),
        .target(
            name: "LymphTesting",
            dependencies: [
                "CTaskHooks", "Lymph", "MessagePack", "ZeroMQ",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "LymphFleet",
            dependencies: ["Lymph", "MessagePack", "ZeroMQ", .product(name: "Logging", package: "swift-log")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "LymphCLI",
            dependencies: [
                "Lymph", "LymphFleet", "LymphService", "LymphZooKeeper", "MessagePack", "Yams", "ZeroMQ",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "Echo", dependencies: ["Lymph", "LymphService"], path: "Examples/Echo", swiftSettings: plain),
        .executableTarget(
            name: "Greeter",
            dependencies: ["Lymph", "LymphService", .product(name: "Logging", package: "swift-log")],
            path: "Examples/Greeter", swiftSettings: plain),
        .executableTarget(
            name: "Demo", dependencies: ["Lymph", "LymphService"], path: "Examples/Demo", swiftSettings: plain),
        .executableTarget(
            name: "Orders",
            dependencies: [
                "Lymph", "LymphService", .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Examples/Orders", swiftSettings: plain),
        .target(name: "CAllocations", path: "Tests/Support/CAllocations"),
        .target(name: "FreePort", path: "Tests/Support/FreePort", swiftSettings: strict),
        .executableTarget(
            name: "FewDescriptors", dependencies: ["Lymph"], path: "Tests/Support/FewDescriptors", swiftSettings: strict
        ),
        .target(
            name: "RegistryBehaviour",
            dependencies: ["Lymph", "ZeroMQ", .product(name: "Logging", package: "swift-log")],
            path: "Tests/Support/RegistryBehaviour", swiftSettings: strict),
        .target(
            name: "FleetSimulation", dependencies: ["Lymph", "LymphTesting", "MessagePack", "ZeroMQ"],
            path: "Tests/Support/FleetSimulation", swiftSettings: strict),
        .executableTarget(
            name: "Simulation",
            dependencies: [
                "FleetSimulation", "LymphTesting", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Simulation", exclude: ["run"], swiftSettings: strict),
        .target(name: "CLibFuzzer", path: "Tests/Support/CLibFuzzer"),
        .target(
            name: "FuzzTargets",
            dependencies: ["Lymph", "LymphFleet", "LymphService", "MessagePack", "ZeroMQ"],
            path: "Tests/Fuzz/Targets", swiftSettings: strict),
        .executableTarget(
            name: "Fuzz", dependencies: ["CLibFuzzer", "FuzzTargets"], path: "Tests/Fuzz/Driver", swiftSettings: strict),
        .testTarget(name: "ZeroMQTests", dependencies: ["ZeroMQ"], swiftSettings: strict),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),
        .testTarget(name: "MessagePackTests", dependencies: ["MessagePack"], swiftSettings: strict),
        .testTarget(
            name: "LymphTests",
            dependencies: [
                "CAllocations", "FewDescriptors", "Lymph", "LymphTesting", "MessagePack", "RegistryBehaviour", "ZeroMQ",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LymphTestingTests",
            dependencies: [
                "FleetSimulation", "Lymph", "LymphTesting", "MessagePack", "ZeroMQ",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LymphServiceTests",
            // Some of the tests run these executables.
            dependencies: [
                "Demo", "Echo", "Greeter", "Orders", "Lymph", "LymphService", "MessagePack", "ZeroMQ",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LymphZooKeeperTests",
            // One of the tests runs this executable.
            dependencies: [
                "CZooKeeper", "FreePort", "Lymph", "LymphCLI", "LymphService", "LymphZooKeeper", "MessagePack",
                "RegistryBehaviour",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LymphFleetTests",
            dependencies: [
                "Lymph", "LymphFleet", "MessagePack", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LymphCLITests",
            // Some of the tests run this example.
            dependencies: [
                "Echo", "FreePort", "Lymph", "LymphCLI", "LymphFleet", "LymphService", "MessagePack", "ZeroMQ",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OrdersTests",
            dependencies: ["Lymph", "LymphTesting", "Orders", .product(name: "Logging", package: "swift-log")],
            swiftSettings: plain
        ),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Lymph", "LymphService", "LymphTesting", "LymphZooKeeper",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // Code that must not compile; a test reads what the compiler says about it.
            exclude: ["Mistakes"],
            swiftSettings: plain
        ),
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "FreePort", "Lymph", "MessagePack", "ZeroMQ",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict
        ),
    ]
)
