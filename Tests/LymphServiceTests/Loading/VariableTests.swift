import Lymph
import LymphService
import Testing

@Suite("Variables and references")
struct VariableTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("a variable that is the whole value keeps its structure; within a string it becomes text")
    func interpolation() throws {
        let vars = try folder.write(
            "db: {host: h, port: 5432, tags: [a, b]}\nratio: 0.5\nmade: $(env.USER)\n", to: "vars.yml")
        let root = try folder.load(
            """
            interfaces:
                a:
                    db: $(var.db)
                    port: $(var.db.port)
                    url: tcp://$(var.db.host):$(var.db.port)/$(env.USER)
                    user: $(env.USER)
                    number: $(env.NUMBER)
                    given: $(var.x.y)
                    made: $(var.made)
                    plain: $(not one) $(env.) $5
                    list: ["$(var.ratio)"]
            """, variables: [vars, "x.y=7"], environment: ["USER": "ada", "NUMBER": "12"]
        ).root
        let part = try #require(root["interfaces.a"])
        #expect(part["db"] == ["host": "h", "port": 5432, "tags": ["a", "b"]])
        #expect(part["db.tags.1"] == "b")
        #expect(part["port"] == 5432)
        #expect(part["url"] == "tcp://h:5432/ada")
        #expect(part["user"] == "ada")
        #expect(try part.get("number") as Int == 12)
        #expect(try part.get("number") as String == "12")
        #expect(try part.get("given") as Int == 7)
        #expect(part["made"] == "ada")
        #expect(part["plain"] == "$(not one) $(env.) $5")
        #expect(part["list"] == [0.5])
        #expect(part["url"]?.origin.variables == ["$(var.db.host)", "$(var.db.port)", "$(env.USER)"])
        #expect(part["user"]?.origin.description.hasSuffix("conf.yml:6, $(env.USER)") == true)
    }

    @Test(
        "a number within a string is written as Python does",
        arguments: [
            ("08", "v08"), ("1e3", "v1e3"), ("1.50", "v1.5"), ("0x10", "v16"), ("12_000", "v12000"), ("0.5", "v0.5"),
        ])
    func numbers(written: String, expected: String) throws {
        let vars = try folder.write("n: \(written)\n", to: "vars.yml")
        #expect(
            try folder.load("interfaces: {a: v$(var.n)}", variables: [vars]).root["interfaces.a"]?.node.text == expected
        )
    }

    @Test("LYMPH_VARS names a file, unless --vars is given")
    func environment() throws {
        let vars = try folder.write("x: 1", to: "vars.yml")
        let yaml = "interfaces: {a: {x: $(var.x)}}"
        let environment = ["LYMPH_VARS": vars]
        #expect(try folder.load(yaml, environment: environment).root["interfaces.a.x"] == 1)
        #expect(try folder.load(yaml, variables: ["x=2"], environment: environment).root["interfaces.a.x"] == "2")
    }

    @Test("a value from a secret variable is secret under any key")
    func secrets() throws {
        let root = try folder.load(
            "interfaces: {a: {dsn: $(env.DB_PASSWORD), name: x}}", environment: ["DB_PASSWORD": "pw"]
        ).root
        #expect(root["interfaces.a.dsn"]?.isSecret == true)
        #expect(root["interfaces.a.name"]?.isSecret == false)
        #expect(!"\(root)".contains("pw"))
        let mistake = folder.mistake("container: {port: $(env.DB_PASSWORD)}", environment: ["DB_PASSWORD": "pw"]) {
            _ = try $0.peerConfiguration()
        }
        #expect(
            mistake == "conf.yml:1: container.port: found a value that is not shown; "
                + "allowed: a whole number from 0 to 65535")
    }

    @Test(
        "all unknown variables are reported",
        arguments: [
            (
                "interfaces:\n  a: $(env.HOMR)\n  b: x$(var.y)z$(env.NO)\n",
                """
                conf.yml:2: interfaces.a: $(env.HOMR): the environment variable HOMR is not set; \
                did you mean $(env.HOME)?
                conf.yml:3: interfaces.b: $(var.y): --vars has no variable y; did you mean $(var.x)?
                conf.yml:3: interfaces.b: $(env.NO): the environment variable NO is not set
                """
            ),
            ("name: $(foo.bar)", "conf.yml:1: name: $(foo.bar) is unknown; allowed: $(env.NAME), $(var.path)"),
            ("name: a$(var.m)", "conf.yml:1: name: $(var.m) is a map; allowed: a string or a number within a string"),
        ])
    func missing(yaml: String, expected: String) {
        let mistake = folder.mistake(yaml, variables: ["x=1", "m.n=1"], environment: ["HOME": "/"])
        #expect(mistake == expected)
    }

    @Test("invalid --vars are reported")
    func badVars() {
        #expect(
            folder.mistake("", variables: ["=5"])
                == #"option --vars: found the string "=5"; allowed: path=value, or a file"#)
        #expect(folder.mistake("", variables: ["a..b=5"]).hasPrefix("option --vars: found the string"))
        #expect(
            folder.mistake("", variables: ["\(folder.path)/none"]) == "none: can't be read: No such file or directory")
    }

    @Test("dep: stands for the map in dependencies, at any depth")
    func dependencies() throws {
        let root = try folder.load(
            """
            dependencies:
                kazoo: {class: 'kazoo.client:KazooClient', hosts: 'a:1'}
                registry: {class: zookeeper, zkclient: 'dep:kazoo'}
            container:
                registry: dep:registry
            """
        ).root
        #expect(root["container.registry.zkclient.hosts"] == "a:1")
        #expect(root["container.registry.class"]?.origin.description.hasSuffix("conf.yml:3") == true)
    }

    @Test(
        "references to unknown names and to themselves are mistakes",
        arguments: [
            (
                "dependencies: {zk: {}}\ncontainer: {registry: 'dep:zl'}",
                "conf.yml:2: container.registry: dep:zl: dependencies has no such name; did you mean zk? allowed: zk"
            ),
            ("name: dep:x", "conf.yml:1: name: dep:x: dependencies has no such name"),
            (
                "dependencies:\n  a: {b: 'dep:b'}\n  b: {a: 'dep:a'}\ncontainer: {registry: 'dep:a'}",
                "conf.yml:3: dependencies.b.a: dep:a refers to itself: a → b → a"
            ),
        ])
    func badDependencies(yaml: String, expected: String) {
        #expect(folder.mistake(yaml).split(separator: "\n").contains { $0 == expected }, "\(folder.mistake(yaml))")
    }
}
