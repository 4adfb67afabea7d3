import CRopewalkTerminal
import Foundation

/// What is left of a fault of the program: one line on the screen, and a file with the details.
package enum CrashReport {
    /// From here on faults end like that. Swift's own report, which takes 60 lines and may wait for a key for 30 s, is for
    /// those who ask for it with SWIFT_BACKTRACE.
    package static func install(arguments: [String]) {
        guard getenv("SWIFT_BACKTRACE") == nil else { return }
        let folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let path = "\(folder)/ropewalk-fault-\(getpid()).txt"
        let command = arguments.map(\.debugDescription).joined(separator: " ")
        crash_report_install(path, "ropewalk \(String(command.prefix(6000)))\n")
    }
}
