import Foundation

/// The memory that the system could give.
package enum AvailableMemory {
    /// Bytes that are free or can be freed; nil where the system does not say.
    package static var bytes: Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        return bytes(in: text)
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
