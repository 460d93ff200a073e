import Testing
import ZeroMQ

@Suite("The cases of an enum")
struct EnumCasesTests {
    private enum Alone { case only }
    private enum State: String { case open, closed }
    private enum Keys: CodingKey { case a, b, c }
    private enum Shape { case round, square(side: Int) }
    private indirect enum Tree { case leaf, node(Tree) }

    @Test("those without values are listed in their order")
    func listed() {
        #expect(EnumCases.all(of: State.self) == [.open, .closed])
        #expect(EnumCases.all(of: Alone.self) == [.only])
        #expect(EnumCases.all(of: Keys.self)?.map(\.stringValue) == ["a", "b", "c"])
        #expect(EnumCases.all(of: FloatingPointSign.self) == [.plus, .minus])
    }

    @Test("other types have none")
    func others() {
        #expect(EnumCases.all(of: Shape.self) == nil)
        #expect(EnumCases.all(of: Tree.self) == nil)
        #expect(EnumCases.all(of: Never.self) == nil)
        #expect(EnumCases.all(of: Int.self) == nil)
        #expect(EnumCases.all(of: String.self) == nil)
        #expect(EnumCases.all(of: Bool?.self) == nil)
        #expect(EnumCases.all(of: EnumCasesTests.self) == nil)
    }
}
