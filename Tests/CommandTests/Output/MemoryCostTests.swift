import Foundation
import TestSupport
import Testing

/// How much memory a byte of input takes, as docs/SPEED.md says: what a file of twice the size takes more.
struct MemoryCostTests {
    /// The most that a process has had in memory, in bytes.
    private func peak(_ arguments: [String]) throws -> Int {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        defer { posix_spawn_file_actions_destroy(&actions) }
        var words = ([CommandRun.program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process: pid_t = 0
        try #require(posix_spawn(&process, CommandRun.program, &actions, nil, &words, environ) == 0)
        var (status, usage) = (Int32(0), rusage())
        while wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
        #expect(status == 0, "\(arguments)")
        return usage.ru_maxrss << 10
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
