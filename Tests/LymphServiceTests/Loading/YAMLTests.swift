import Lymph
import LymphService
import Testing

@Suite("YAML")
struct YAMLTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("scalars have the types that Python sees")
    func scalars() throws {
        let root = try folder.load(
            """
            name: shop
            interfaces:
                a:
                    int: 5
                    negative: -5
                    hex: 0x10
                    float: 2.5
                    yes: yes
                    off: off
                    none: ~
                    empty:
                    text: hello
                    quoted: "5"
                    date: 2015-11-23
                    list: [1, two]
                    1: key
            """
        ).root
        let expected: Configuration = [
            "int": 5, "negative": -5, "hex": 16, "float": 2.5, "yes": true, "off": false, "none": nil, "empty": nil,
            "text": "hello", "quoted": "5", "date": "2015-11-23", "list": [1, "two"], "1": "key",
        ]
        #expect(root["interfaces.a"] == expected)
    }

    @Test("references and merges")
    func merges() throws {
        let root = try folder.load(
            """
            interfaces:
                a: &a {x: 1, y: 2}
                b: {<<: *a, y: 3}
                c: {<<: [{x: 9}, *a]}
            """
        ).root
        #expect(root["interfaces.b"] == ["x": 1, "y": 3])
        #expect(root["interfaces.c"] == ["x": 9, "y": 2])
    }

    @Test("every value knows its line")
    func lines() throws {
        let root = try folder.load("container:\n    port: 1\n\ninterfaces:\n    a:\n        list:\n            - x\n")
            .root
        func line(_ path: String) -> Int? {
            guard case .file(_, let line, _)? = root[path]?.origin.source else { return nil }
            return line
        }
        #expect(line("container.port") == 2)
        #expect(line("interfaces") == 4)
        #expect(line("interfaces.a") == 5)
        #expect(line("interfaces.a.list") == 6)
        #expect(line("interfaces.a.list.0") == 7)
    }

    @Test("an empty file is an empty configuration", arguments: ["", "# nothing\n", "---\n", "~\n"])
    func empty(yaml: String) throws {
        #expect(try folder.load(yaml).root.keys == ["container"])
    }

    @Test(
        "bad YAML has line and column",
        arguments: [
            ("a: 1\n  b: 2\n", "conf.yml:2:4: bad YAML: mapping values are not allowed in this context"),
            (
                "container:\n  ip: 1\n  ip: 2\n",
                #"conf.yml:2:3: bad YAML: the key "ip" is there more than once, first here"#
            ),
            ("container:\n  1: 1\n  '1': 2\n", #"conf.yml:3: bad YAML: the key "1" is there more than once"#),
            (
                "container: {ip: [1\n",
                "conf.yml:2:1: bad YAML: did not find expected ',' or ']', while parsing a flow sequence"
            ),
            (
                "container:\n\tip: 1\n",
                "conf.yml:2:1: bad YAML: found character that cannot start any token, while scanning for the next token"
            ),
            (
                "a: 1\n---\nb: 1\n",
                "conf.yml:2:1: bad YAML: but found another document, expected a single document in the stream"
            ),
            ("- 1\n", "conf.yml:1: found a list; allowed: a map, such as container: …"),
            ("hello\n", #"conf.yml:1: found the text "hello"; allowed: a map, such as container: …"#),
            ("a: *b\n", "conf.yml:1:4: bad YAML: found undefined alias"),
            ("? [a]\n: 1\n", "conf.yml:1: bad YAML: a key that is no text"),
            ("container: {<<: 5}\n", "conf.yml:1: bad YAML: << needs a map, or a list of maps"),
        ])
    func bad(yaml: String, expected: String) {
        #expect(folder.mistake(yaml) == expected)
    }

    @Test("files that stand for more than a machine can hold are refused")
    func bombs() {
        #expect(folder.mistake("a: " + String(repeating: "[", count: 100_000)).contains("nesting level"))
        #expect(folder.mistake(String(repeating: "- ", count: 900) + "a").contains("100 levels"))
        var bomb = "a0: &a0 [x, x]\n"
        for i in 1...40 { bomb += "a\(i): &a\(i) [*a\(i - 1), *a\(i - 1)]\n" }
        #expect(folder.mistake(bomb).contains("more than 100000 values"))
        var references = "dependencies:\n  d0: {x: 1}\n"
        for i in 1...40 { references += "  d\(i): ['dep:d\(i - 1)', 'dep:d\(i - 1)']\n" }
        #expect(folder.mistake(references).contains("more than 100000 values"))
        #expect(folder.mistake(String(repeating: " ", count: 5_000_000)).contains("has more than 4194304 bytes"))
    }

    @Test("files that can't be read")
    func unreadable() throws {
        func message(_ path: String) -> String {
            folder.mistake("") { _ in _ = try ProcessConfiguration.load(file: path, environment: [:]) }
        }
        #expect(message("\(folder.path)/none.yml") == "none.yml: can't be read: No such file or directory")
        #expect(message(folder.path).hasSuffix(": can't be read: Is a directory"))
        try folder.write("", to: "latin.yml")
        let bytes: [UInt8] = Array("a: 1\nb: ".utf8) + [0xe9, 0x0a]
        try writeBytes(bytes, to: "\(folder.path)/latin.yml")
        #expect(message("\(folder.path)/latin.yml") == "latin.yml:2: is not in UTF-8")
    }
}
