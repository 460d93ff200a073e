import Lymph
import Testing

@testable import LymphZooKeeper

@Suite struct NamingTests {
    /// Names are escaped as Python lymph does.
    @Test(arguments: ["echo", "echo.v2", "größe", "100%", "%", "%4", "a@b", "a b", "..a", "%zz", "%2E", "\u{d7ff}"])
    func keepsOrdinaryNames(name: String) {
        #expect(NodeName.encode(name) == name)
        #expect(NodeName.decode(name) == name)
    }

    @Test(arguments: [
        (".", "%2e"), ("..", "%2e%2e"), ("a/b", "a%2fb"), ("tcp://1.2.3.4:5", "tcp:%2f%2f1.2.3.4:5"), ("%41", "%2541"),
        ("😀", "%f0%9f%98%80"), ("\u{1}", "%01"), ("\u{9f}", "%c2%9f"), ("\u{e000}", "%ee%80%80"), ("%2541", "%252541"),
    ])
    func encodesWhatZooKeeperRefuses(name: String, encoded: String) {
        #expect(NodeName.encode(name) == encoded)
        #expect(NodeName.decode(encoded) == name)
    }

    /// These are not escaped names, so they are names themselves.
    @Test(arguments: ["%41", "%ff", "a%2e", "%e2%82"])
    func leavesOtherNamesAlone(name: String) {
        #expect(NodeName.decode(name) == name)
    }

    @Test func findsItsWay() {
        let paths = NodePaths(chroot: "/lymph")
        #expect(paths.service("echo") == "/lymph/services/echo")
        #expect(paths.instance("a/b", of: "..") == "/lymph/services/%2e%2e/a%2fb")
        #expect(
            NodePaths.parents(of: "/lymph/services/echo/x") == ["/lymph", "/lymph/services", "/lymph/services/echo"])
        #expect(NodePaths(chroot: "").services == "/services")
    }

    @Test func readsPaths() throws {
        let paths = NodePaths(chroot: "/lymph")
        var parsed = try #require(paths.parse("/lymph/services/%2e%2e"))
        #expect(parsed == ("..", nil))
        parsed = try #require(paths.parse("/lymph/services/echo/a%2fb"))
        #expect(parsed == ("echo", "a%2fb"))
        for path in ["/lymph/services", "/lymph/services2/echo", "/services/echo", "/lymph/services/a/b/c"] {
            #expect(paths.parse(path) == nil)
        }
    }
}

@Suite struct ZooKeeperHostsTests {
    @Test(arguments: [
        ("zk1:2181", nil, "zk1:2181", "/lymph"), ("zk1", nil, "zk1:2181", "/lymph"),
        ("zk1:1, zk2 ,[::1]:3,[::1]", nil, "zk1:1,zk2:2181,[::1]:3,[::1]:2181", "/lymph"),
        ("zk1/", nil, "zk1:2181", "/lymph"), ("zk1/a/b", nil, "zk1:2181", "/a/b"),
        ("zk1/a/b/", nil, "zk1:2181", "/a/b"), ("zk1", "/a", "zk1:2181", "/a"), ("zk1", "a", "zk1:2181", "/a"),
        ("zk1", "/", "zk1:2181", ""), ("zk1", "", "zk1:2181", ""), ("zk1/a", "/a/", "zk1:2181", "/a"),
    ])
    func understands(text: String, chroot: String?, servers: String, path: String) throws {
        let hosts = try ZooKeeperHosts(text, chroot: chroot)
        #expect(hosts.servers == servers)
        #expect(hosts.chroot == path)
    }

    @Test(arguments: [
        ("", nil), (":2181", nil), ("zk1:", nil), ("zk1:0", nil), ("zk1:65536", nil), ("zk1:x", nil), ("zk1,", nil),
        ("/lymph", nil), ("zk1/a//b", nil), ("zk1/../b", nil), ("zk1/a", "/b"), ("zk1", "/a//b"),
    ])
    func refuses(text: String, chroot: String?) throws {
        let error = try #require(throws: RegistryError.self) { try ZooKeeperHosts(text, chroot: chroot) }
        #expect(error.code == .unavailable)
    }

    @Test func knowsThisMachine() throws {
        #expect(try ZooKeeperHosts("127.0.0.1,localhost:2,[::1]:3", chroot: nil).areLocal)
        #expect(try !ZooKeeperHosts("127.0.0.1,zk1", chroot: nil).areLocal)
    }
}
