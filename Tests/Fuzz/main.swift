import CRopewalkFuzz
import Foundation
import FuzzTargets

// ropewalk-fuzz TARGET [options and folders of libFuzzer]: see .ci/fuzz.
let words = CommandLine.arguments
guard words.count > 1, let target = FuzzTarget(rawValue: words[1]) else {
    print("targets: " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
    exit(2)
}

/// Where the callback of C finds what it needs.
enum Fuzzing {
    nonisolated(unsafe) static var body: ((UnsafeRawBufferPointer) -> Void)?
}

let folder = try FuzzFolder(
    for: target, fixtures: ProcessInfo.processInfo.environment["ROPEWALK_FIXTURES"] ?? "Tests/Fixtures")
Fuzzing.body = { target.read($0, in: folder) }
var arguments = ([words[0]] + words.dropFirst(2)).map { strdup($0) } + [nil]
let status = fuzz_run(Int32(arguments.count - 1), &arguments) { bytes, count in
    Fuzzing.body?(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}
if status == -1 { print("this program was linked without libFuzzer: .ci/fuzz builds it") }
exit(status == 0 ? 0 : 1)
