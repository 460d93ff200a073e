internal import CLibFuzzer
internal import FuzzTargets
internal import Glibc

// Fuzzes the target that the variable LYMPH_FUZZ names; without it, lists the targets. `--seeds FOLDER` writes what
// fuzzing begins with. All other arguments are libFuzzer's.

let name = getenv("LYMPH_FUZZ").map { String(cString: $0) } ?? ""
let chosen = FuzzTarget.all.first { $0.name == name }
guard let target = chosen else {
    for target in FuzzTarget.all { print(target.name) }
    exit(name.isEmpty ? 0 : 64)
}

if CommandLine.arguments.dropFirst().first == "--seeds", CommandLine.arguments.count == 3 {
    writeSeeds(of: target, to: CommandLine.arguments[2])
    exit(0)
}

let status = run_libfuzzer(CommandLine.argc, CommandLine.unsafeArgv) { input, count in
    chosen.map { tryInput($0, [UInt8](UnsafeRawBufferPointer(start: input, count: count))) }
    return 0
}
exit(status >= 0 ? status : PlainFuzzing(target, CommandLine.arguments).run())
