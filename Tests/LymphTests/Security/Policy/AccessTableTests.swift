import Testing

@testable import Lymph

@Suite("What members may call")
struct AccessTableTests {
    private let subjects = ["echo.upper", "echo.lower", "lymph.ping", "lymph.status", "other.upper"]

    private func table(_ may: [String: [String]], _ subjects: [String]) throws -> AccessTable {
        let members = try may.sorted { $0.key < $1.key }.enumerated().map { number, entry in
            AccessPolicy.Member(
                name: entry.key, keys: [makeKey(UInt8(number))],
                may: try entry.value.map { try MethodPattern(validating: $0) })
        }
        return AccessTable(try AccessPolicy(members: members), subjects: subjects)
    }

    private func allowed(_ table: AccessTable, _ member: String?) -> [Int] {
        (-70..<200).filter { table.allows(member, $0) }
    }

    @Test("each member may call what its patterns name, and ping")
    func members() throws {
        let table = try table(
            [
                "web": ["echo.*"], "ops": ["*", "lymph.*"], "all": ["*"], "none": [], "one": ["echo.lower", "no.such"],
                "status": ["lymph.status"],
            ], subjects)
        #expect(allowed(table, "web") == [0, 1, 2])
        #expect(allowed(table, "ops") == [0, 1, 2, 3, 4])
        #expect(allowed(table, "all") == [0, 1, 2, 4])
        #expect(allowed(table, "none") == [2])
        #expect(allowed(table, "one") == [1, 2])
        #expect(allowed(table, "status") == [2, 3])
    }

    @Test("whoever is no member may call nothing, unless there is no policy")
    func strangers() throws {
        let table = try table(["web": ["*", "lymph.*"]], subjects)
        #expect(allowed(table, nil) == [])
        #expect(allowed(table, "other") == [])
        #expect(table.rights(of: nil) == .none)
        #expect(AccessTable.open.allows(nil, 0) && AccessTable.open.allows("web", 1000))
    }

    @Test("many methods", arguments: [0, 1, 63, 64, 65, 128, 129])
    func many(count: Int) throws {
        let subjects = (0..<count).map { "a\($0 % 2).m\($0)" }
        let table = try table(["even": ["a0.*"], "last": ["a0.m\(count - 1)", "a1.m\(count - 1)"]], subjects)
        #expect(allowed(table, "even") == (0..<count).filter { $0 % 2 == 0 })
        #expect(allowed(table, "last") == (count == 0 ? [] : [count - 1]))
    }
}
