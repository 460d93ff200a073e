import Lymph

struct DivisionByZero: Error {}

actor MisspeltLabel: Interface {
    static var routes: Routes<MisspeltLabel> {
        RPC("divide", "a", "b", raise: DivisionByZero.self) { (_, a: Int, b: Int) in a / b }
        // error at `("divide"`: incorrect argument label in call (have '_:_:_:raise:_:', expected '_:_:_:raises:_:')
    }

    static let order = Routes<MisspeltLabel> {
        RPC("halve", "a", help: "Halves.", raises: DivisionByZero.self) { (_, a: Int) in a / 2 }
        // error at `raises`: argument 'raises' must precede argument 'help'
    }

    static let value = Routes<MisspeltLabel> {
        RPC("double", "a", raises: DivisionByZero()) { (_, a: Int) in a * 2 }
        // error at `DivisionByZero`: cannot convert value of type 'DivisionByZero' to expected argument type 'any Error.Type'
    }

    static let name = Routes<MisspeltLabel> {
        RPC { (_, a: Int) in a }
        // error at `{`: missing arguments for parameters #1, #2 in call
    }
}
