import Foundation
import TestSupport
import Testing

/// Where data cannot go.
@Suite struct OutputTests {
    @Test func aClosedPipeIsQuiet() throws {
        let result = try ShellRun("{ '\(CommandRun.program)' mask causal --tokens 3000; echo $? >&2; } | head -n 1")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.contains("0"))
    }

    @Test(arguments: ["mask causal", "methods", "--help", "tokens --tokens 4 --json", "mask full --check"])
    func aFullDiskIsAnError(line: String) throws {
        let run = try CommandRun(line.split(separator: " ").map(String.init), output: "/dev/full")
        run.expectError("standard output", "No space left")
    }

    /// A line that standard error does not take is lost, and nothing else.
    @Test(arguments: ["2>/dev/full", "2</dev/null", "2>&-", "<&- >&- 2>&-", ">/dev/full 2>/dev/full"])
    func anErrorThatCannotBeToldIsStillOne(redirection: String) throws {
        let result = try ShellRun("exec 3>&1; { '\(CommandRun.program)' no-such-text \(redirection); echo $? >&3; }")
        #expect(result.output == "2\n")
    }

    /// A file that is written does not get the number of a descriptor that is closed: what is told would go into it.
    @Test func closedDescriptorsAreNotUsedForFiles() throws {
        let scratch = try Scratch()
        let path = scratch.path("m.txt")
        let result = try ShellRun(
            "exec 3>&1; { '\(CommandRun.program)' mask causal --tokens 2 --out '\(path)' <&- >&- 2>&-; echo $? >&3; }")
        #expect(result.output == "0\n")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == "10\n11\n")
        #expect(try ShellRun("'\(CommandRun.program)' tokens - <&-").output.contains("standard input: cannot be read"))
        #expect(try ShellRun("'\(CommandRun.program)' methods >&-").output.contains("standard output: cannot write"))
    }

    @Test func aFullDiskLeavesNoTrace() throws {
        let scratch = try Scratch()
        let model = Fixture.path("hf/llama_default")
        let ids = try scratch.file("ids.json", "[1, 2, 3]")
        try CommandRun(["trace", "--model", model, "--ids", ids, "--out", "/dev/full", "--record", "all"])
            .expectError("/dev/full", "No space left")
        try CommandRun("mask causal --tokens 900 --out /dev/full").expectError("/dev/full", "No space left")
    }

    @Test func aFolderThatIsNotThereIsAnError() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[1, 2, 3]")
        let out = scratch.path("none/f.safetensors")
        try CommandRun(["trace", "--model", Fixture.path("hf/llama_default"), "--ids", ids, "--out", out])
            .expectError(out, "No such file or directory")
        try CommandRun("mask causal --out \(scratch.path("none/m.txt"))").expectError("No such file or directory")
        #expect(scratch.names == ["ids.json"])
    }
}
