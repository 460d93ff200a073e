internal import FuzzTargets
internal import Glibc

/// Tries an input and stops the process if something is not true of it.
func tryInput(_ target: FuzzTarget, _ input: [UInt8]) {
    do throws(BrokenProperty) { try target.run(input) } catch {
        print("broken property: \(error)")
        fflush(nil)
        abort()
    }
}

/// Writes the seeds, one to a file, and the words as libFuzzer's dictionary.
func writeSeeds(of target: FuzzTarget, to folder: String) {
    for (index, seed) in target.seeds.enumerated() { writeFile(seed, to: "\(folder)/seed-\(index)") }
    let lines = target.words.map { word in
        "\"" + word.utf8.map { "\\x" + String(0x100 + UInt($0), radix: 16).dropFirst() }.joined() + "\"\n"
    }
    writeFile([UInt8](lines.joined().utf8), to: "\(folder).dict")
}

/// Writes a file, or stops the process.
func writeFile(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count, fclose(file) == 0 else {
        perror(path)
        exit(1)
    }
}

/// Reads a file, or stops the process.
func readFile(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else {
        perror(path)
        exit(1)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
}
