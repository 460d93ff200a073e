extension LazyMethodSchema {
    /// The schema of a method as its route knows it.
    convenience init(_ parameters: [ErasedParameter], returning result: Any.Type, _ traits: MethodTraits) {
        self.init {
            MethodSchema(
                of: parameters.map { .init($0.name, $0.type, absent: $0.absent) }, returning: result,
                raises: traits.raises, isIdempotent: traits.isIdempotent)
        }
    }

    /// The schema of a method of which only the traits are known.
    convenience init(_ traits: MethodTraits) {
        self.init { MethodSchema(of: [], returning: nil, raises: traits.raises, isIdempotent: traits.isIdempotent) }
    }
}
