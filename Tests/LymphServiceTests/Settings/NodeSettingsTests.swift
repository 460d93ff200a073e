import Logging
import Lymph
import LymphService
import Testing

@Suite("instances, sockets and logging")
struct NodeSettingsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("commands of instances are split as a shell does, or are lists")
    func instances() throws {
        let instances = try folder.load(
            """
            instances:
                echo:
                    command: bin/echo  --config="my conf.yml" 'a "b"' ""
                    numprocesses: 3
                list:
                    command: [python, -m, x y]
            """
        ).instances()
        #expect(
            instances == [
                .init(name: "echo", command: ["bin/echo", "--config=my conf.yml", "a \"b\"", ""], processes: 3),
                .init(name: "list", command: ["python", "-m", "x y"], processes: 1),
            ])
        #expect(try folder.load("").instances() == [])
    }

    @Test("sockets may be a map or a list")
    func sockets() throws {
        #expect(
            try folder.load("sockets: {web: {host: 127.0.0.1, port: 80}}").sockets()
                == [.init(name: "web", host: "127.0.0.1", port: 80)])
        #expect(
            try folder.load("sockets: [{port: 80}, {port: 81}]").sockets()
                == [.init(name: "0", host: nil, port: 80), .init(name: "1", host: nil, port: 81)])
        #expect(try folder.load("").sockets() == [])
    }

    @Test(
        "mistakes",
        arguments: [
            ("instances: {a: {comand: x}}", "instances.a.command: is missing; did you mean comand?"),
            ("instances: {a: {command: ''}}", "instances.a.command: the command is empty"),
            ("instances: {a: {command: 'x \"y'}}", "instances.a.command: a quote in the command is not closed"),
            ("instances: {a: {command: 5}}", "instances.a.command: found the number 5; allowed: a string, or a list"),
            (
                "instances: {a: {command: x, numprocesses: -1}}",
                "instances.a.numprocesses: found the number -1; allowed: a whole number from 0 to 1000"
            ),
            (
                "instances: {a: {command: x, numproceses: 1}}",
                "instances.a.numproceses: unknown key; did you mean numprocesses?"
            ),
            ("sockets: 5", "sockets: found the number 5; allowed: a map or a list"),
            ("sockets: {a: {host: x}}", "sockets.a.port: is missing; allowed: a whole number from 1 to 65535"),
            ("sockets: [{port: 0}]", "sockets[0].port: found the number 0; allowed: a whole number from 1 to 65535"),
            ("logging: {level: LOUD}", #"logging.level: found the string "LOUD"; allowed: TRACE, DEBUG, INFO, "#),
            ("logging: {loggers: {a: {level: x}}}", #"logging.loggers.a.level: found the string "x"; allowed: TRACE"#),
        ])
    func mistakes(yaml: String, expected: String) {
        let mistake = folder.mistake(yaml) {
            _ = try $0.instances()
            _ = try $0.sockets()
            _ = try $0.logging()
        }
        #expect(mistake.hasPrefix("conf.yml:1: \(expected)"), "\(mistake)")
    }

    @Test("levels may be ours or Python's; the longest matching label counts")
    func logging() throws {
        let (settings, warnings) = try folder.load(
            """
            logging:
                version: 1
                level: warning
                levels: {lymph: DEBUG, lymph.rpc: 40}
                loggers: {app: {level: CRITICAL, handlers: [x]}, empty: {}}
                handlers: {x: {class: logging.NullHandler}}
            """
        ).logging()
        #expect(settings.level(of: "other") == .warning)
        #expect(settings.level(of: "lymph") == .debug)
        #expect(settings.level(of: "lymph.discovery") == .debug)
        #expect(settings.level(of: "lymph.rpc.a") == .error)
        #expect(settings.level(of: "lymphatic") == .warning)
        #expect(settings.level(of: "app") == .critical)
        #expect(settings.level(of: "empty") == .warning)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("logging.handlers: has no effect here") == true)
        #expect(try folder.load("").logging().settings.level(of: "any") == .info)
        #expect(try folder.load("logging: {root: {level: ERROR}}").logging().settings.level(of: "any") == .error)
    }

    @Test(
        "levels that are not in a map are mistakes",
        arguments: [
            ("levels: DEBUG", "logging.levels: found the string \"DEBUG\"; allowed: a map from labels to levels"),
            ("loggers: [app]", "logging.loggers: found a list; allowed: a map from labels to maps with a level"),
        ])
    func labels(line: String, expected: String) {
        let mistake = folder.mistake("logging: {\(line)}") { _ = try $0.logging() }
        #expect(mistake.hasPrefix("conf.yml:1: \(expected)"), "\(mistake)")
    }
}
