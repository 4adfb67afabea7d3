import Foundation
import TestSupport
import Testing

/// A run of `fault-probe`, which makes calls of the system fail.
struct FaultProbe {
    /// Negative for a signal.
    let status: Int32
    let output: String
    let errors: String

    init(_ operation: String, _ kind: String, lasts: Bool = false, number: Int? = nil) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("faults-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("fault-probe")
        process.arguments =
            [operation, kind, lasts ? "lasting" : "once", Fixture.folder.path, folder.path]
            + (number.map { ["\($0)"] } ?? [])
        process.environment = ["TMPDIR": folder.path]
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        try process.run()
        output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }
}
