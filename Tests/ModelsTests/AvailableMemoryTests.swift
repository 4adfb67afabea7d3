import Foundation
import Testing

@testable import RopewalkModels

/// The memory that may be taken, from files as the system has them.
final class AvailableMemoryTests {
    private let root = FileManager.default.temporaryDirectory.appendingPathComponent("memory-\(UUID().uuidString)")

    deinit { try? FileManager.default.removeItem(at: root) }

    /// What the files say; sizes in MB.
    private func found(_ files: [String: String]) throws -> Int? {
        try? FileManager.default.removeItem(at: root)
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: false, encoding: .utf8)
        }
        return AvailableMemory.bytes(root: root).map { $0 >> 20 }
    }

    private static func megabytes(_ count: Int) -> String { "\(count << 20)\n" }
    private static let free = "MemTotal: 5 kB\nMemAvailable:   \(2048 << 10) kB\n"

    @Test func theSystemSaysWhatIsFree() throws {
        #expect(AvailableMemory.bytes(in: "MemTotal: 5 kB\nMemAvailable:   2048 kB\n") == 2048 * 1024)
        #expect(AvailableMemory.bytes(in: "MemAvailable: 99999999999999999999 kB") == nil)
        #expect(try found([:]) == nil)
        #expect(try found(["proc/meminfo": Self.free]) == 2048)
    }

    @Test func everyGroupOnTheWayUpHasItsLimit() throws {
        let top = "sys/fs/cgroup/"
        var files = [
            "proc/meminfo": Self.free, "proc/self/cgroup": "0::/a/b\n",
            top + "a/b/memory.max": "max\n", top + "a/b/memory.current": Self.megabytes(100),
            top + "a/memory.max": Self.megabytes(1000), top + "a/memory.current": Self.megabytes(400),
        ]
        #expect(try found(files) == 600)
        files[top + "a/b/memory.max"] = Self.megabytes(500)
        #expect(try found(files) == 400)
        // Files that are only cached can give way.
        files[top + "a/b/memory.stat"] = "anon 5\ninactive_file \(60 << 20)\nactive_file 7\n"
        #expect(try found(files) == 460)
        files["proc/meminfo"] = "MemAvailable: \(50 << 10) kB\n"
        #expect(try found(files) == 50)
        files[top + "a/memory.current"] = Self.megabytes(2000)
        #expect(try found(files) == 0)
    }

    @Test func theOlderVersionHasOtherNames() throws {
        let top = "sys/fs/cgroup/memory/"
        var files = [
            "proc/meminfo": Self.free, "proc/self/cgroup": "9:cpu:/x\n4:cpuset,memory:/docker/5f\n0::/\n",
            // Inside the container its own group is the top of what can be seen.
            top + "memory.limit_in_bytes": Self.megabytes(300), top + "memory.usage_in_bytes": Self.megabytes(250),
            top + "memory.stat": "inactive_file 1\ntotal_inactive_file \(30 << 20)\n",
        ]
        #expect(try found(files) == 80)
        // The largest number stands for no limit.
        files[top + "memory.limit_in_bytes"] = "9223372036854771712\n"
        #expect(try found(files) == 2048)
    }

    @Test(arguments: ["", "nonsense", "0::", "0::/../../x", "4:memory", "::::\n0::/a:b/c\n"])
    func whatIsNotUnderstoodIsNoLimit(text: String) throws {
        let files = [
            "proc/meminfo": Self.free, "proc/self/cgroup": text, "sys/fs/cgroup/memory.max": "-5",
            "sys/fs/cgroup/memory.current": "many", "sys/fs/cgroup/x/memory.max": "7",
        ]
        #expect(try found(files) == 2048)
    }
}
