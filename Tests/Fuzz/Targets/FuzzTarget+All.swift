extension FuzzTarget {
    /// All targets.
    package static let all: [FuzzTarget] = [
        .frames, .packed, .headers, .endpoint, .version, .value, .coding, .times, .json, .instance, .schema, .arguments,
        .configuration, .texts,
    ]
}
