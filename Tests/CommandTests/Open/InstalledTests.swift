import Foundation
import TestSupport
import Testing

/// The program where `.ci/install` puts it, away from its source.
@Suite struct InstalledTests {
    @Test func samplesAndPythonAreFoundInShare() throws {
        let scratch = try Scratch()
        let files = FileManager.default
        let share = scratch.url("share/ropewalk")
        for folder in [scratch.url("bin"), share] {
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        let program = scratch.path("bin/ropewalk")
        do { try files.linkItem(atPath: CommandRun.program, toPath: program) } catch {
            try files.copyItem(atPath: CommandRun.program, toPath: program)
        }
        try files.createSymbolicLink(
            at: share.appendingPathComponent("samples"),
            withDestinationURL: Fixture.project.appendingPathComponent("samples"))
        try files.createSymbolicLink(
            at: share.appendingPathComponent("python"),
            withDestinationURL: Fixture.project.appendingPathComponent("Sources/Python"))
        let tokens = try CommandRun(["tokens", "--tokens", "3"], folder: "/", program: program)
        tokens.expectFine()
        #expect(tokens.output.contains("Chapter") || tokens.lines.count == 3)
        let python = try CommandRun(["--python"], folder: "/", program: program)
        #expect(python.output.hasSuffix("share/ropewalk/python\n"))
    }

    @Test func shellsCompleteCommands() throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try CommandRun(["--generate-completion-script", shell])
            script.expectFine()
            for word in ["render", "compare", "method"] { #expect(script.output.contains(word), "\(shell)") }
        }
    }
}
