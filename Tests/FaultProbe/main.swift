import CRopewalkFaults
import Foundation
import RopewalkTerminal

// fault-probe OPERATION KIND once|lasting FIXTURES FOLDER [NUMBER]: all faults of a kind, or the one with that number,
// which may end the process.
let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 5, let operation = Operation(rawValue: words[0]), let kind = FaultKind(rawValue: words[1]) else {
    print("operations: " + Operation.allCases.map(\.rawValue).joined(separator: " "))
    print("kinds: " + FaultKind.allCases.map(\.rawValue).joined(separator: " "))
    exit(2)
}
if words.count > 5 {
    CrashReport.install(arguments: words)
    fault_arm(kind.number, Int(words[5]) ?? 1, kind.error, words[2] == "lasting")
    let result = Result { try operation.perform(fixtures: words[3], folder: words[4]) }
    fault_disarm()
    // 3: no call has that number any more.
    guard fault_happened() else { exit(3) }
    if case .failure(let error) = result { FileHandle.standardError.write(Data("\(error)\n".utf8)) }
    exit(0)
}
do {
    let sweep = Sweep(
        operation: operation, kind: kind, lasts: words[2] == "lasting", fixtures: words[3], folder: words[4])
    let (faults, survived) = try sweep.run()
    print("\(faults) faults, \(survived) of them survived")
} catch let fault as Sweep.Fault {
    print(fault.description)
    exit(1)
}
