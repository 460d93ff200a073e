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

    @Test(
        "several merges into one map behave as in PyYAML: the last wins, and in a list the first element",
        arguments: [
            ("{<<: *a, <<: *b}", ["x": 2, "y": 1, "z": 2]), ("{<<: [*a, *b]}", ["x": 1, "y": 1, "z": 2]),
            ("{x: 3, <<: *a, <<: [*b, {x: 9, w: 1}]}", ["x": 3, "y": 1, "w": 1, "z": 2]),
            ("{<<: *a, <<: *b, <<: *a}", ["x": 1, "y": 1, "z": 2]),
            ("{'<<': 1, <<: *a}", ["<<": 1, "x": 1, "y": 1]), ("{!!str <<: 1}", ["<<": 1]),
        ] as [(String, Configuration)])
    func repeatedMerges(map: String, expected: Configuration) throws {
        let root = try folder.load("interfaces:\n  a: &a {x: 1, y: 1}\n  b: &b {x: 2, z: 2}\n  c: \(map)\n").root
        #expect(root["interfaces.c"] == expected)
    }

    @Test(
        "a tag takes precedence over quotes",
        arguments: [
            (#"!!int "4101""#, 4101), ("!!int '1_0'", 10), ("!!int '0x10'", 16), ("!!float 5", 5.0),
            ("!!float '5'", 5.0), ("!!str 5", "5"), ("!!bool 'yes'", true), ("!!null x", nil), ("!!str", ""),
            ("! 5", "5"), ("!<tag:yaml.org,2002:int> '5'", 5), ("!!seq [1]", [1]), ("!!map {a: 1}", ["a": 1]),
            ("!!timestamp 2001-01-01", "2001-01-01"),
        ] as [(String, Configuration)])
    func tags(written: String, expected: Configuration) throws {
        #expect(try folder.load("interfaces:\n  a: \(written)\n").root["interfaces.a"] == expected)
    }

    @Test(
        "an unknown tag is a mistake, which names the alternatives",
        arguments: [
            ("!ENV HOST", "!ENV", "HOST"), ("!env_var 'A B'", "!env_var", "NAME"),
            ("!include a.yml", "!include", "NAME"),
            ("!!python/tuple [1]", "!!python/tuple", "NAME"), ("!!set {a}", "!!set", "NAME"),
            ("!!binary aGk=", "!!binary", "NAME"), ("!!seq {a: 1}", "!!seq", "NAME"), ("!!str [a]", "!!str", "NAME"),
            ("!local {a: 1}", "!local", "NAME"),
        ])
    func unknownTags(written: String, tag: String, variable: String) {
        let mistake = folder.mistake("interfaces:\n  a:\n    b: \(written)\n")
        #expect(
            mistake.hasPrefix(
                "conf.yml:3: interfaces.a.b: the tag \(tag) has no meaning here; allowed: $(env.\(variable)) for a"),
            "\(mistake)")
    }

    @Test(
        "keys may begin with any character, even one that we use to mark duplicate keys",
        arguments: ["\u{100000}", "\u{100000}a", "\u{10ffff}b"], [false, true])
    func lastCharacters(key: String, isEscaped: Bool) throws {
        let first = try #require(key.unicodeScalars.first)
        let escaped =
            "\"\\U00\(String(first.value, radix: 16))\(key.unicodeScalars.dropFirst().map(String.init).joined())\""
        let written = isEscaped ? escaped : "\"\(key)\""
        #expect(try folder.load("interfaces:\n  a: {\(written): 1, b: 2}\n").root["interfaces.a"] == [key: 1, "b": 2])
        // In this case nothing can be marked.
        let mistake = folder.mistake("interfaces:\n  a: {\(written): 1, b: 2}\n  c: {x: 1, x: 2}\n")
        #expect(
            mistake.hasPrefix(#"conf.yml:3:7: bad YAML: the key "x" appears more than once"#), "\(mistake)")
    }

    @Test("tags of keys are checked, too, and a scalar must match its tag")
    func wrongTags() {
        #expect(folder.mistake("interfaces:\n  !ENV a: 1\n").hasPrefix("conf.yml:2: interfaces.a: the tag !ENV has"))
        for (written, tag) in [("!!int abc", "!!int"), ("!!float x", "!!float"), ("!!bool x", "!!bool")] {
            let text = written.split(separator: " ")[1]
            #expect(
                folder.mistake("interfaces:\n  a: \(written)\n")
                    == "conf.yml:2: interfaces.a: \"\(text)\" is not what the tag \(tag) says")
        }
    }

    @Test(
        "numbers are reported as they were written",
        arguments: [
            ("08", "the number 08"), ("1e3", "the number 1e3"), ("0x1FFFF", "the number 0x1FFFF"),
            ("99_999", "the number 99_999"), ("1.50", "the number 1.50"), ("-0b11", "the number -0b11"),
            ("99999999999999999999", "the number 99999999999999999999"), (#"!!int "70000""#, "the number 70000"),
            ("30:00:00", "the number 30:00:00"), (".inf", "the number .inf"), ("Yes", "Yes"), ("off", "off"),
        ])
    func numbers(written: String, expected: String) {
        let mistake = folder.mistake("container:\n    port: \(written)\n") { _ = try $0.peerConfiguration() }
        #expect(mistake == "conf.yml:2: container.port: found \(expected); allowed: a whole number from 0 to 65535")
    }

    @Test("all mistakes of a file are reported, although the parser stops at the first duplicate key")
    func several() {
        let mistake = folder.mistake(
            """
            container:
                ip: 127.0.0.1
                ip: 127.0.0.2
                "port": 1
                port: 2
            interfaces:
                a: {x: 1, 'x': 2, <<: {y: 1}, <<: 5}
                b: {<<: {z: 1}, <<: {z: 2}, c: !ENV HOST}
                d: $(env.NOBODY_HAS_SET_THIS)
                e: dep:none
            """)
        #expect(
            mistake.split(separator: "\n").map { $0.prefix { $0 != ";" } } == [
                #"conf.yml:2:5: bad YAML: the key "ip" appears more than once, first here"#,
                #"conf.yml:4:5: bad YAML: the key "port" appears more than once, first here"#,
                #"conf.yml:7:9: bad YAML: the key "x" appears more than once, first here"#,
                "conf.yml:7: bad YAML: << needs a map, or a list of maps",
                "conf.yml:8: interfaces.b.c: the tag !ENV has no meaning here",
                "conf.yml:9: interfaces.d: $(env.NOBODY_HAS_SET_THIS): the environment variable NOBODY_HAS_SET_THIS is not set",
                "conf.yml:10: interfaces.e: dep:none: dependencies has no such name",
            ], "\(mistake)")
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
                #"conf.yml:2:3: bad YAML: the key "ip" appears more than once, first here"#
            ),
            ("container:\n  1: 1\n  '1': 2\n", #"conf.yml:3: bad YAML: the key "1" appears more than once"#),
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
            ("hello\n", #"conf.yml:1: found the string "hello"; allowed: a map, such as container: …"#),
            ("a: *b\n", "conf.yml:1:4: bad YAML: found undefined alias"),
            ("? [a]\n: 1\n", "conf.yml:1: bad YAML: a key that is not a string"),
            ("container: {<<: 5}\n", "conf.yml:1: bad YAML: << needs a map, or a list of maps"),
        ])
    func bad(yaml: String, expected: String) {
        #expect(folder.mistake(yaml) == expected)
    }

    @Test("files that expand to more than a machine can hold are refused")
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
        #expect(message("\(folder.path)/latin.yml") == "latin.yml:2: is not UTF-8")
    }
}
