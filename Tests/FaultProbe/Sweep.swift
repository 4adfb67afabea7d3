import CRopewalkFaults
import Foundation
import RopewalkFormats

/// One operation, done again and again: each time another call of a kind fails, until none is left that could.
struct Sweep {
    let operation: Operation
    let kind: FaultKind
    /// Whether all calls after the failing one fail too, as on a full disk.
    let lasts: Bool
    let fixtures: String
    let folder: String

    /// What is wrong.
    struct Fault: Error { let description: String }

    /// How many calls were made to fail, and how many of these the operation went on without.
    func run() throws -> (faults: Int, survived: Int) {
        try empty()
        // Once more before anything is compared: some things are read once only.
        let expected = try attempt().get()
        guard try attempt().get() == expected else { throw Fault(description: "two results differ") }
        let before = try open()
        var (number, survived) = (0, 0)
        while true {
            number += 1
            fault_arm(kind.number, number, kind.error, lasts)
            alarm(60)
            let result = Result { try operation.perform(fixtures: fixtures, folder: folder) }
            alarm(0)
            fault_disarm()
            guard fault_happened() else { return (number - 1, survived) }
            if try judge(result, call: number, expected) { survived += 1 }
            let after = try open()
            guard after == before else {
                throw Fault(description: "call \(number): left open: \(after.subtracting(before))")
            }
        }
    }

    private func attempt() -> Result<String, any Error> {
        let result = Result { try operation.perform(fixtures: fixtures, folder: folder) }
        try? empty()
        return result
    }

    /// Whether the operation went on; what is left behind is taken away.
    private func judge(_ result: Result<String, any Error>, call: Int, _ expected: String) throws -> Bool {
        let left = try FileManager.default.contentsOfDirectory(atPath: folder)
        defer { try? empty() }
        if let half = left.first(where: { $0.hasSuffix(".part") }) {
            throw Fault(description: "call \(call): \(half) is left")
        }
        switch result {
        case .success(let value):
            guard value == expected else { throw Fault(description: "call \(call): another result, and no word of it") }
            return true
        case .failure(let error):
            let text = "\(error)"
            guard !text.isEmpty, !text.contains("\n"), text.count < 400 else {
                throw Fault(description: "call \(call): no message of one line: \(text)")
            }
            return false
        }
    }

    private func empty() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    /// Descriptors and mapped files of this process.
    private func open() throws -> Set<String> {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n")
            .compactMap { $0.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true).dropFirst(5).first }
            .filter { $0.contains("Fixtures") || $0.contains(folder) }.map(String.init)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .filter { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) != nil }
        return Set(maps + descriptors)
    }
}
