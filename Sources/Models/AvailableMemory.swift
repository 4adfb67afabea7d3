import Foundation

/// The memory that this process could get.
package enum AvailableMemory {
    /// Bytes that are free or can be freed, within the limits of the control groups that the process is in; nil where
    /// the system does not say.
    package static var bytes: Int? { bytes(root: URL(fileURLWithPath: "/")) }

    /// - Parameter root: the folder that holds `proc` and `sys`
    static func bytes(root: URL) -> Int? {
        let text = try? String(contentsOf: root.appendingPathComponent("proc/meminfo"), encoding: .utf8)
        return [text.flatMap { bytes(in: $0) }, ControlGroups(root: root).room].compactMap { $0 }.min()
    }

    /// From the text of /proc/meminfo: `MemAvailable:   12345 kB`.
    static func bytes(in text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        let (bytes, isTooMany) = kilobytes.multipliedReportingOverflow(by: 1024)
        return isTooMany ? nil : bytes
    }
}
