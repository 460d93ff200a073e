import MessagePack
import Testing

@testable import Lymph

struct MethodSchemaJSONTests {
    private func text(_ type: Any.Type) -> String? {
        let method = MethodSchema(of: [], returning: type, raises: [])
        let dialect = #""$schema": "https://json-schema.org/draft/2020-12/schema""#
        return method.json { _ in .null }["returns"]?.inOrder
            .replacing(dialect + ", ", with: "").replacing(dialect, with: "")
    }

    @Test(
        "every kind of type",
        arguments: [
            (Int8.self, #"{"type": "integer", "minimum": -128, "maximum": 127}"#),
            (UInt.self, #"{"type": "integer", "minimum": 0, "maximum": 18446744073709551615}"#),
            (Int.self, #"{"type": "integer", "minimum": -9223372036854775808, "maximum": 9223372036854775807}"#),
            (Value.self, "{}"), (Void.self, #"{"type": "null"}"#), (Bool.self, #"{"type": "boolean"}"#),
            (Double.self, #"{"type": "number"}"#), ([UInt8].self, #"{"type": "string", "contentEncoding": "base64"}"#),
            (UniqueIdentifier.self, #"{"type": "string", "format": "uuid"}"#),
            (ExactDecimal.self, #"{"type": "string", "format": "decimal"}"#),
            (DateTime.self, #"{"type": "string", "format": "date-time"}"#),
            (CalendarDate.self, #"{"type": "string", "format": "date"}"#),
            (TimeOfDay.self, #"{"type": "string", "format": "time"}"#),
            (Timestamp.self, #"{"type": "string", "format": "timestamp"}"#),
            (String?.self, #"{"anyOf": [{"type": "string"}, {"type": "null"}]}"#),
            ([Bool].self, #"{"type": "array", "items": {"type": "boolean"}}"#),
            (Set<String>.self, #"{"type": "array", "items": {"type": "string"}, "uniqueItems": true}"#),
            ([String: Bool].self, #"{"type": "object", "additionalProperties": {"type": "boolean"}}"#),
            (
                Pair.self,
                #"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer", "minimum": -2147483648, "#
                    + #""maximum": 2147483647}], "items": false, "minItems": 2}"#
            ),
            (OnlyEncodable.self, #"{"title": "OnlyEncodable"}"#),
            (
                Alone.self,
                ##"{"$ref": "#/$defs/Alone", "$defs": {"Alone": {"type": "string", "enum": ["only"]}}}"##
            ),
            (
                [Alone: Bool].self,
                ##"{"type": "object", "propertyNames": {"$ref": "#/$defs/Alone"}, "additionalProperties": {"type": "##
                    + #""boolean"}, "$defs": {"Alone": {"type": "string", "enum": ["only"]}}}"#
            ),
            (
                Asking?.self,
                ##"{"anyOf": [{"$ref": "#/$defs/Asking"}, {"type": "null"}], "$defs": {"Asking": {"type": "object", "##
                    + #""properties": {"a": {"type": "integer", "minimum": -9223372036854775808, "maximum": "#
                    + #"9223372036854775807}}, "required": []}}}"#
            ),
            (
                Picky.self,
                ##"{"$ref": "#/$defs/Picky", "$defs": {"Picky": {"type": "object", "properties": {"code": {"type": "##
                    + #""string"}}, "required": ["code"], "$comment": "not all of it is known"}}}"#
            ),
            (
                Nest.self,
                ##"{"$ref": "#/$defs/Nest", "$defs": {"Nest": {"type": "array", "items": {"$ref": "#/$defs/Nest"}}}}"##
            ),
            (
                Page<Bool>.self,
                ##"{"$ref": "#/$defs/Page%3CBool%3E", "$defs": {"Page<Bool>": {"type": "object", "properties": {"##
                    + #""items": {"type": "array", "items": {"type": "boolean"}}, "next": {"anyOf": [{"type": "integer", "#
                    + #""minimum": -9223372036854775808, "maximum": 9223372036854775807}, {"type": "null"}]}}, "#
                    + #""required": ["items"]}}}"#
            ),
        ] as [(Any.Type, String)])
    func kinds(type: Any.Type, expected: String) {
        #expect(text(type) == expected)
    }

    @Test func aChoiceIsOneOfSeveralObjects() throws {
        let schema = MethodSchema(of: [], returning: Shape.self, raises: []).json { _ in .null }
        guard case .array(let variants)? = schema["returns"]?["$defs"]?["Shape"]?["oneOf"] else {
            Issue.record("no variants: \(schema.text)")
            return
        }
        #expect(variants.map { $0["required"]?.strings } == [["circle"], ["rectangle"], ["point"]])
        #expect(variants[0]["properties"]?["circle"]?["properties"]?["radius"] == ["type": "number"])
        #expect(variants.allSatisfy { $0["additionalProperties"] == .bool(false) })
    }

    @Test func describesTheArguments() {
        let method = MethodSchema(
            of: [
                .init("a", Bool.self), .init("b", Bool.self, absent: true),
                .init("c", Bool?.self, absent: .some(Bool?.none)),
            ],
            returning: nil, raises: [Picky.Wrong.self], isIdempotent: true)
        let json = method.json { .string($0.description) }
        #expect(
            json["params"]?.inOrder
                == #"{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"#
                + #""a": {"type": "boolean"}, "b": {"type": "boolean", "default": "true"}, "#
                + #""c": {"anyOf": [{"type": "boolean"}, {"type": "null"}]}}, "required": ["a"], "#
                + #""additionalProperties": false}"#)
        #expect(json["returns"] == nil)
        #expect(json["idempotent"] == .bool(true))
        guard case .array(let raises)? = json["raises"] else {
            Issue.record("no errors")
            return
        }
        #expect(raises.map { $0["name"]?.string } == ["Wrong"])
    }

    @Test func aTypeThatIsNotDefinedMayBeAnything() {
        let json = MethodSchema(result: .named("a/b")).json { _ in .null }
        #expect(json["returns"]?["$ref"] == "#/$defs/a~1b")
        #expect(json["returns"]?["$defs"] == ["a/b": [:]])
    }
}
