import Lymph
import LymphService
import Testing

@Suite("interfaces")
struct InterfaceSettingsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func titles(_ yaml: String, only: [String] = []) throws -> [String] {
        try folder.load(yaml).interfaces(of: bothTypes, only: only).map {
            "\($0.name)@\($0.version?.description ?? "-") \($0.typeName)"
        }
    }

    @Test("without the section each type has its default name")
    func defaults() throws {
        #expect(try titles("") == ["echo@- EchoService", "clock@- ClockInterface"])
        #expect(try titles("interfaces:") == ["echo@- EchoService", "clock@- ClockInterface"])
        #expect(try titles("interfaces: {}") == [])
    }

    @Test("names, versions and classes are read in the order of the file")
    func configured() throws {
        let yaml = """
            interfaces:
                echo: {class: EchoService}
                echo@1.5.0: {class: 'demo.echo:EchoService', x: 1}
                echo@2: {class: LymphServiceTests.EchoService}
                clock: {class: ClockInterface}
            """
        #expect(
            try titles(yaml) == [
                "echo@- EchoService", "echo@1.5.0 EchoService", "echo@2.0.0 EchoService", "clock@- ClockInterface",
            ])
    }

    @Test("--interface chooses by key, name or class, or serves a class without configuration")
    func only() throws {
        let yaml = """
            interfaces:
                a: {class: EchoService}
                a@2: {class: EchoService}
                python: {class: 'other:Thing'}
            """
        #expect(try titles(yaml, only: ["a"]) == ["a@- EchoService", "a@2.0.0 EchoService"])
        #expect(try titles(yaml, only: ["a@2"]) == ["a@2.0.0 EchoService"])
        #expect(try titles(yaml, only: ["EchoService"]) == ["a@- EchoService", "a@2.0.0 EchoService"])
        #expect(try titles(yaml, only: ["ClockInterface", "clock"]) == ["clock@- ClockInterface"])
        #expect(
            folder.mistake(yaml) { _ = try $0.interfaces(of: bothTypes, only: ["EchoServce"]) }
                == #"option --interface: there is no interface "EchoServce"; did you mean EchoService? "#
                + "allowed: ClockInterface, EchoService, a, a@2, python")
    }

    @Test(
        "mistakes",
        arguments: [
            (
                "a: {class: Echoservice}",
                #"interfaces.a.class: there is no interface class "Echoservice"; did you mean EchoService? "#
                    + "allowed: ClockInterface, EchoService"
            ),
            ("a: {clas: x}", "interfaces.a.class: is missing; did you mean clas? allowed: ClockInterface, EchoService"),
            ("a: EchoService", #"interfaces.a: found the string "EchoService"; allowed: a map with a class"#),
            ("a: {class: 1}", "interfaces.a.class: found the number 1; allowed: a string: put it in quotes"),
            ("a@x: {class: EchoService}", #"interfaces.a@x: found the version "x"; allowed: name, name@1.2.3"#),
            (
                "a/b: {class: EchoService}",
                #"interfaces.a/b: "a/b" can't be the name of a service: it contains a slash"#
            ),
            ("lymph: {class: EchoService}", "interfaces.lymph: the name lymph belongs to the built-in interface"),
        ])
    func mistakes(line: String, expected: String) {
        let mistake = folder.mistake("interfaces:\n    \(line)") { _ = try $0.interfaces(of: bothTypes) }
        #expect(mistake == "conf.yml:2: \(expected)")
    }

    @Test("two interfaces with one name and version are a mistake, however spelled; all mistakes are reported")
    func duplicates() {
        let mistake = folder.mistake(
            "interfaces:\n  a@1: {class: EchoService}\n  a@1.0.0: {class: EchoService}\n  b: 1\n"
        ) { _ = try $0.interfaces(of: bothTypes) }
        #expect(
            mistake == """
                conf.yml:3: interfaces.a@1.0.0: the same name and version as interfaces.a@1 (conf.yml:2)
                conf.yml:4: interfaces.b: found the number 1; allowed: a map with a class
                """)
    }
}
