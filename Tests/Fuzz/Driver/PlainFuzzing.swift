internal import FuzzTargets
internal import Glibc

/// Fuzzing where the toolchain has no libFuzzer. It understands those of libFuzzer's arguments that `Tests/Fuzz/run` uses.
struct PlainFuzzing {
    private let target: FuzzTarget
    private let files: [String]
    private var seconds = 60
    private var seed = UInt64.random(in: 0..<1_000_000_000)
    private var findings = "./"

    init(_ target: FuzzTarget, _ arguments: [String]) {
        self.target = target
        var files: [String] = []
        for argument in arguments.dropFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            switch parts[0] {
            case "-max_total_time": seconds = Int(parts[1]) ?? seconds
            case "-seed": seed = UInt64(parts[1]) ?? seed
            case "-artifact_prefix": findings = parts[1]
            // A folder is libFuzzer's corpus.
            case _ where !argument.hasPrefix("-") && opendir(argument) == nil: files.append(argument)
            default: break
            }
        }
        self.files = files
    }

    func run() -> Int32 {
        for file in files { tryInput(target, readFile(file)) }
        guard files.isEmpty else { return 0 }
        print("seed \(seed)")
        var mutator = Mutator(target, seed: seed)
        // The input is written before it is tried, because the process may not live to do it afterwards.
        let finding = findings + "crash-\(seed)"
        let start = time(nil)
        var count = 0
        while time(nil) - start < seconds {
            let input = mutator.next()
            writeFile(input, to: finding)
            tryInput(target, input)
            count += 1
        }
        unlink(finding)
        print("Done \(count) runs in \(time(nil) - start) second(s)")
        return 0
    }
}
