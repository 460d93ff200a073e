import MessagePack
import Testing

@Suite("Decimals, identifiers and timestamps")
struct TypeTests {
    @Test(
        "Strings that Python's Decimal reads are kept as they are",
        arguments: [
            "0", "-0", "+1", "1.50", "1.", ".5", "1E+5", "1e5", "-1.5E-30", "1E+99999999999999999", "NaN", "-nan",
            "sNaN",
            "NaN123", "Infinity", "-inf", "123456789012345678901234567890123456789012345678901234567890.1",
        ])
    func decimals(text: String) {
        #expect(ExactDecimal(text)?.description == text)
    }

    @Test(
        "Strings that would stop a Python peer are refused",
        arguments: [
            "", "-", ".", "e5", "1e", "1e+", "1..5", "1.5.5", "--1", "1,5", " 1", "1 ", "1_0", "0x10", "infinit",
            "inf1", "nanx",
            "_", "1E+999999999999999999999", "five", "٣", "ﬁ",
        ])
    func notDecimals(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test("Identifiers are read in any case and written in lower case")
    func identifiers() {
        let text = "01234567-89ab-cdef-0123-456789abcdef"
        let value = UniqueIdentifier(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef)
        #expect(value.description == text)
        #expect(UniqueIdentifier(text) == value)
        #expect(UniqueIdentifier(text.uppercased()) == value)
        #expect(UniqueIdentifier("0123456789abcdef0123456789abcdef") == value)
    }

    @Test(
        "Other strings are not identifiers",
        arguments: [
            "", "01234567-89ab-cdef-0123-456789abcde", "01234567-89ab-cdef-0123-456789abcdefa",
            "0123456-789ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdeg",
            "0123456789abcdef0123456789abcde-", "{0123456789abcdef0123456789abcdef}",
        ])
    func notIdentifiers(text: String) {
        #expect(UniqueIdentifier(text) == nil)
    }

    @Test("Timestamps are read from and written as text")
    func timestamps() {
        #expect(Timestamp(seconds: 5, nanoseconds: 7)?.description == "5.000000007")
        #expect(Timestamp("5.000000007") == Timestamp(seconds: 5, nanoseconds: 7))
        #expect(Timestamp("-1.5") == nil)
        for text in ["+5.000000007", "05.000000007", "5.+00000007", "-0.000000007", "5.00000007"] {
            #expect(Timestamp(text) == nil, "\(text)")
        }
        #expect(Timestamp(seconds: 0, nanoseconds: 1_000_000_000) == nil)
        #expect(Timestamp(seconds: 1) < Timestamp(seconds: 2))
    }
}
