internal import Glibc
internal import Lymph
internal import LymphService

extension FuzzTarget {
    /// Configuration files: the node's own, that of a process, and the values of their variables.
    static let configuration = FuzzTarget(
        "configuration",
        seeds: [
            Parts.join(
                """
                container:
                  ip: 127.0.0.1
                  port: 4100
                  registry: {class: static, instances: [$(var.a)]}
                  max_message_bytes: 64MiB
                  timeout: 1.5
                logging: {level: info, loggers: {echo: debug}}
                interfaces: {echo: {class: "echo:Echo", a: "dep:b"}}
                dependencies: {b: {c: !!int "5", d: ~}}
                """.bytes, "a=tcp://127.0.0.1:1".bytes),
            Parts.join("a: &x {b: 1}\nc: {<<: *x, d: '$(env.HOME)/e'}\n".bytes, [], "event_system: {class: x}\n".bytes),
            Parts.join("instances: {i: {command: 'a b', numprocesses: 2}}\nsockets: {s: {port: 80}}\n".bytes),
            Parts.join("a: [1, 0x1f, 1e3, .inf, yes, \"\\u00e9\"]\na: |\n  text\n? b\n: - c\n".bytes),
        ],
        words: [
            "container", "registry", "interfaces", "dependencies", "dep:", "$(var.", "$(env.", "<<: *", "&x", "!!str",
            "!!int", "!ENV", "timeout", "max_peers", "logging", "instances", "sockets", "port", "numprocesses",
        ], longest: 2048
    ) { input throws(BrokenProperty) in
        let parts = Parts.split(input)
        let (main, node) = (UnnamedFile.main, UnnamedFile.node)
        main.write(parts[0])
        node.write(parts.count > 2 ? parts[2] : [])
        let variables = parts.count > 1 ? parts[1].split(separator: UInt8(ascii: "\n")).map { [UInt8]($0).text } : []
        let configuration: ProcessConfiguration
        do throws(ConfigurationError) {
            configuration = try ProcessConfiguration.read(
                // A text without the sign would name a file.
                file: main.path, variables: variables.filter { $0.contains("=") },
                environment: ["LYMPH_NODE_CONFIG": node.path, "HOME": "/root"])
        } catch {
            return try demand(!error.problems.isEmpty && !error.description.isEmpty, "an error says something")
        }
        _ = (configuration.root.masked, configuration.root.leaves, configuration.serviceName)
        _ = (try? configuration.peerConfiguration(), try? configuration.logEndpoint(), try? configuration.logging())
        _ = (try? configuration.instances(), try? configuration.sockets(), try? configuration.interfaces(of: []))
    }
}

/// A file without a name, because configurations are read from files.
private struct UnnamedFile {
    static let main = UnnamedFile()
    static let node = UnnamedFile()

    let path: String
    private let descriptor: Int32

    private init() {
        var name = Array("/tmp/lymph-fuzz-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        unlink(name)
        path = "/proc/self/fd/\(descriptor)"
    }

    func write(_ bytes: [UInt8]) {
        ftruncate(descriptor, 0)
        pwrite(descriptor, bytes, bytes.count, 0)
    }
}
