import Foundation
import RopewalkKernels

/// The memory that this process could get.
package enum AvailableMemory {
    /// Bytes that are free or can be freed, within the limits of the process and of the control groups that it is in;
    /// nil where the system does not say.
    package static var bytes: Int? { [bytes(root: URL(fileURLWithPath: "/")), addressSpace].compactMap { $0 }.min() }

    /// - Parameter root: the folder that holds `proc` and `sys`
    static func bytes(root: URL) -> Int? {
        let text = try? String(contentsOf: root.appendingPathComponent("proc/meminfo"), encoding: .utf8)
        return [text.flatMap { bytes(in: $0) }, ControlGroups(root: root).room].compactMap { $0 }.min()
    }

    /// Addresses that a limit of the process leaves (`ulimit -v`), without those that matrix products work in; nil where
    /// there is no limit.
    private static var addressSpace: Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
            let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = text.split(separator: " ").first.flatMap({ Int($0) })
        else { return nil }
        return max(
            0, Int(limit.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE))) - workingSpace - BLAS.missingBytes)
    }

    /// Stacks of threads, and what a run needs for a chunk and a tile.
    private static let workingSpace = 96 << 20

    /// From the text of /proc/meminfo: `MemAvailable:   12345 kB`.
    static func bytes(in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        let (bytes, isTooMany) = kilobytes.multipliedReportingOverflow(by: 1024)
        return isTooMany ? nil : bytes
    }
}
