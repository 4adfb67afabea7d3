import Foundation
import TestSupport
import Testing

/// How much memory a byte of input takes, as docs/SPEED.md says: what a file of twice the size takes more.
@Suite(.enabled(if: Python.hasNumPy)) struct MemoryCostTests {
    /// The most that the program has had in memory, in bytes. A process begins with the peak of the one that started it, so
    /// that it is started by a small one: these tests' own peak is the larger.
    private func peak(_ arguments: [String]) throws -> Int {
        let script = """
            import resource, subprocess, sys
            subprocess.run(\([CommandRun.program] + arguments), check=True, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL)
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            """
        let (status, output) = try Python.run(script)
        #expect(status == 0, "\(arguments): \(output)")
        return try #require(Int(output.trimmingCharacters(in: .whitespacesAndNewlines))) << 10
    }

    /// Bytes of memory for each that a file of `size` has more than half of it.
    private func cost(_ size: Int, file: (Int) -> String, _ command: (String) -> [String]) throws -> Double {
        let scratch = try Scratch()
        let peaks = try [size / 2, size].map { try peak(command(scratch.file("in-\($0)", file($0)))) }
        return Double(peaks[1] - peaks[0]) / Double(size / 2)
    }

    @Test(arguments: [
        ("it was the whiteness of the whale\n", [], 140.0), ("it was the whiteness of the whale ", [], 140.0),
        ("it was the whiteness of the whale\n", ["--json"], 200.0),
    ])
    func texts(line: String, options: [String], limit: Double) throws {
        let cost = try cost(4_000_000) {
            String(repeating: line, count: $0 / line.utf8.count)
        } _: {
            ["tokens", $0] + options
        }
        #expect(cost < limit)
    }

    @Test func masksAsText() throws {
        let cost = try cost(16_000_000) { size in
            let side = Int(Double(size).squareRoot())
            return (0..<side).map {
                String(repeating: "1", count: $0 + 1) + String(repeating: "0", count: side - $0 - 1)
            }
            .joined(separator: "\n")
        } _: {
            ["mask", "file:\($0)", "--check"]
        }
        #expect(cost < 4)
    }
}
