import Foundation

/// What a shell made of a script: for what only a shell does, such as pipes and closed descriptors.
package struct ShellRun {
    /// Standard output and errors, as they came.
    package let output: String
    package let status: Int32

    package init(_ script: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }
}
