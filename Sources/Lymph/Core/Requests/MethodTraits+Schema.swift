extension LazyMethodSchema {
    /// The schema of a method as its route knows it.
    ///
    /// - Parameter result: What the method returns; nil if unknown.
    convenience init(
        _ traits: MethodTraits, taking parameters: [ErasedParameter] = [], returning result: Any.Type? = nil
    ) {
        self.init {
            MethodSchema(
                of: parameters, returning: result, raises: traits.raises, isIdempotent: traits.isIdempotent)
        }
    }
}
