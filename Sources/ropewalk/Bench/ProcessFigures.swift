import Foundation

/// What a process of this machine has taken.
struct ProcessFigures {
    let threads: Int
    let descriptors: Int
    /// Resident.
    let megabytes: Int

    private static let mostThreads = 64
    private static let mostDescriptors = 64
    private static let mostMegabytes = 1500

    init(_ process: Int32) {
        func count(_ folder: String) -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/\(folder)").count) ?? 0
        }
        (threads, descriptors) = (count("task"), count("fd"))
        let text = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        megabytes = pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_000_000
    }

    /// Of this machine in the last minute: processes that run or wait to.
    static var loadAverage: Double? {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Double($0) }
    }

    /// Whether its first thread waits for something.
    static func isAsleep(_ process: Int32) -> Bool {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        // Its name stands in parentheses before that, and may have any characters.
        return text.lastIndex(of: ")").map { text[$0...].hasPrefix(") S") } ?? false
    }

    /// Beyond what the program may ever take.
    var fault: String? {
        if threads > Self.mostThreads { return "\(threads) threads" }
        if descriptors > Self.mostDescriptors { return "\(descriptors) open files" }
        return megabytes > Self.mostMegabytes ? "\(megabytes) MB of memory" : nil
    }
}
