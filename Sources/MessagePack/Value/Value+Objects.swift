extension Value {
    /// Creates the typed case for a map of the shape `{"__type__": NAME, "_": VALUE}`.
    ///
    /// Keys, name and value may be strings or, from Python 2, binary data. Returns nil if the map has another shape,
    /// an unknown name or a malformed value.
    init?(object map: Map) {
        guard map.count == 2, let name = map.text(ObjectName.typeKey), let payload = map.value(ObjectName.valueKey),
            let name = ObjectName(rawValue: name)
        else { return nil }
        let value: Value? =
            switch name {
            case .datetime: payload.parsed(DateTime.init).map(Value.datetime)
            case .date: payload.parsed(CalendarDate.init).map(Value.date)
            case .time: payload.parsed(TimeOfDay.init).map(Value.time)
            case .decimal: payload.parsed(ExactDecimal.init).map(Value.decimal)
            case .uuid: payload.parsed(UniqueIdentifier.init).map(Value.uuid)
            case .set: payload.members.map(Value.set)
            case .undefined: Value.undefined
            }
        guard let value else { return nil }
        self = value
    }

    private func parsed<T>(_ parse: (String) -> T?) -> T? {
        stringValue.flatMap(parse)
    }

    /// The elements without duplicates, if all of them can be members of a Python set.
    private var members: [Value]? {
        guard case .array(let values) = self, values.allSatisfy(\.isHashableInPython) else { return nil }
        var seen = Set<Value>(minimumCapacity: values.count)
        return values.filter { seen.insert($0).inserted }
    }

    /// Whether Python can use the value as a dict key or set member.
    var isHashableInPython: Bool {
        // It is unknown what a peer makes of an embedded message.
        if case .ext(type: ExtensionType.embedded, bytes: _) = self { return false }
        // A signalling NaN can't be compared with anything.
        if case .decimal(let decimal) = self, decimal.isSignalling { return false }
        return !isContainer
    }
}

extension Map {
    fileprivate func value(_ key: StaticString) -> Value? {
        self[key.description]
    }

    fileprivate func text(_ key: StaticString) -> String? {
        value(key)?.stringValue
    }
}
