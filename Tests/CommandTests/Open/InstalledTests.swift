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

    /// A program that knows no samples plays a lesson that lies among them.
    @Test func aLessonKnowsTheWayToItsModel() throws {
        let scratch = try Scratch()
        let program = scratch.path("ropewalk")
        do { try FileManager.default.linkItem(atPath: CommandRun.program, toPath: program) } catch {
            try FileManager.default.copyItem(atPath: CommandRun.program, toPath: program)
        }
        let lesson = Fixture.project.appendingPathComponent("samples/lessons/01-word.lesson").path
        let words = ["render", "--lesson", lesson, "--size", "80x24"]
        let run = try CommandRun(words, environment: ["ROPEWALK_SAMPLES": ""], folder: "/", program: program)
        run.expectFine()
        #expect(run.output.contains("books-4m"))
    }

    @Test func shellsCompleteCommands() throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try CommandRun(["--generate-completion-script", shell])
            script.expectFine()
            for word in ["render", "compare", "method", "lang"] { #expect(script.output.contains(word), "\(shell)") }
        }
    }

    /// What the manual is made of, in any language: its lines are not broken as those of help are.
    @Test(arguments: ["en", "zh"]) func theManualExplainsTheLanguage(_ language: String) throws {
        let run = try CommandRun(["--lang", language, "--experimental-dump-help"])
        run.expectFine()
        let dump = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let root = try #require(dump["command"] as? [String: Any])
        for command in try #require(root["subcommands"] as? [[String: Any]])
        where command["commandName"] as? String != "help" {
            let options = try #require(command["arguments"] as? [[String: Any]])
            #expect(options.contains { $0["valueName"] as? String == "language" }, "\(command["commandName"] ?? "")")
        }
    }
}
