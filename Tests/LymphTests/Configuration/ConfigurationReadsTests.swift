import MessagePack
import Testing

@testable import Lymph

@Suite("Sections that nobody reads")
struct ConfigurationReadsTests {
    private let configuration: Configuration = ["restok": ["interval": 5], "shop": 1, "container": [:], "other": 2]

    @Test("a misspelt one is told from one that belongs to somebody else")
    func misspelt() throws {
        let reads = ConfigurationReads()
        let noting = configuration.noting(reads)
        #expect(try noting.get("restock.interval", default: 3) == 3)
        #expect(try noting.get("shop", as: Int.self) == 1)
        #expect(try noting.get("othr", default: 7) == 7)
        let lines = reads.misspellings(in: configuration)
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix("restok: nobody reads this; did you mean restock?") == true)
        #expect(reads.misspellings(in: configuration, except: ["other", "restok"]) == [])
        #expect(lines.last?.hasSuffix("other: nobody reads this; did you mean othr?") == true)
    }

    @Test("nothing is said if what is asked for is there")
    func found() throws {
        let reads = ConfigurationReads()
        let noting = configuration.noting(reads)
        _ = try noting.get("restok.interval", as: Int.self)
        _ = noting["shp"]
        _ = noting["shop"]
        _ = noting["sho.p"]
        #expect(reads.misspellings(in: configuration) == [])
    }
}
