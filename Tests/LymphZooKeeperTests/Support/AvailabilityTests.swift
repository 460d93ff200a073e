import Testing

@Suite("ZooKeeper is there")
struct AvailabilityTests {
    @Test("On a CI machine nothing is skipped for want of ZooKeeper", .enabled(if: ZooKeeperServer.isRequired))
    func required() {
        #expect(
            ZooKeeperServer.classPath != nil,
            """
            CI is set and LYMPH_ZOOKEEPER is not: no test against a real ZooKeeper has run. \
            Tests/ZooKeeper/setup installs it and prints the class path that belongs into LYMPH_ZOOKEEPER.
            """)
    }
}
