import Testing

@Suite("ZooKeeper is available")
struct AvailabilityTests {
    @Test("On a CI machine nothing is skipped for lack of ZooKeeper", .enabled(if: ZooKeeperServer.isRequired))
    func required() {
        #expect(
            ZooKeeperServer.classPath != nil,
            """
            CI is set and LYMPH_ZOOKEEPER is not: no test against a real ZooKeeper has run. \
            Tests/ZooKeeper/setup installs it and prints the class path for LYMPH_ZOOKEEPER.
            """)
    }
}
