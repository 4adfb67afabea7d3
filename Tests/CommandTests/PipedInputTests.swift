import Foundation
import TestSupport
import Testing

/// What is read from a pipe with a name, as a shell makes one of `<(…)`.
@Suite struct PipedInputTests {
    @Test(arguments: [
        ("The whale swam.", "tokens PIPE", "The"), ("[40, 41, 42]", "tokens --ids PIPE", "42"),
        ("1 0\\n1 1\\n", "mask --file PIPE --tokens 2", "10\n11\n"),
        ("1 0\\n1 1\\n", "mask file:PIPE --tokens 2", "10\n11\n"),
    ])
    func pipesAreRead(content: String, command: String, shown: String) throws {
        let scratch = try Scratch()
        let pipe = scratch.path("pipe")
        let words = command.replacingOccurrences(of: "PIPE", with: "'\(pipe)'")
        let result = try ShellRun("mkfifo '\(pipe)'; printf '\(content)' >'\(pipe)' & '\(CommandRun.program)' \(words)")
        #expect(result.status == 0 && result.output.contains(shown), "\(result.output)")
    }

    /// Nothing is read of a device, and nobody waits for a pipe that nobody writes to where a pipe makes no sense.
    @Test(arguments: ["info PIPE", "info /dev/zero", "tokens --model /dev/full", "mask file:/dev/zero"])
    func othersAreRefused(command: String) throws {
        let scratch = try Scratch()
        let pipe = scratch.path("pipe")
        let words = command.replacingOccurrences(of: "PIPE", with: "'\(pipe)'")
        let result = try ShellRun("mkfifo '\(pipe)'; '\(CommandRun.program)' \(words)")
        #expect(result.status == 2 && result.output.hasPrefix("ropewalk: "), "\(result.output)")
    }
}
