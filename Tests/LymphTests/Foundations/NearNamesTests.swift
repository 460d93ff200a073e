import Testing

@testable import Lymph

@Suite struct NearNamesTests {
    @Test(arguments: [
        ("ehco", ["echo"]), ("Echo", ["echo"]), ("ech", ["echo"]), ("echoo", ["echo"]), ("demo", []), ("", []),
        ("x", []),
        ("payment", ["payments"]), ("lymp", ["lymph"]),
    ])
    func findsNearNames(name: String, near: [String]) {
        #expect(NearNames.of(name, among: ["echo", "payments", "lymph", "payouts", "echo"]) == near)
    }

    @Test(arguments: [
        ("qty", ["quantity"]), ("qnt", ["quantity"]), ("qy", []), ("uty", []), ("qtyx", []), ("nte", ["note"]),
    ])
    func findsAbbreviatedNames(name: String, near: [String]) {
        #expect(NearNames.of(name, among: ["quantity", "note", "sku"]) == near)
    }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("ab", "ba", 1), ("abc", "abc", 0)])
    func measuresDistance(a: String, b: String, distance: Int) {
        #expect(NearNames.distance(a, b) == distance)
        #expect(NearNames.distance(b, a) == distance)
    }
}
