import Foundation
import TestSupport
import Testing

@Suite struct UsageTests {
    @Test func helpAndVersionAreData() throws {
        let help = try CommandRun("--help")
        help.expectFine()
        for command in ["tokens", "rope", "mask", "heads", "trace", "methods", "info"] {
            #expect(help.output.contains("\n  \(command) "))
            let own = try CommandRun("\(command) --help")
            own.expectFine()
            #expect(own.output.contains("USAGE: ropewalk \(command)"))
        }
        let version = try CommandRun("--version")
        version.expectFine()
        #expect(version.lines.count == 1)
    }

    @Test func unknownOptionsAreOneLine() throws {
        try CommandRun("tokens --bogus").expectError("--bogus", "ropewalk tokens --help")
        try CommandRun("mask causal --tokens").expectError("--tokens", "ropewalk mask --help")
        try CommandRun("trace").expectError("--out")
        try CommandRun("tokens a --model -x").expectError(
            "--model <model>': a value that begins with - is written --model=-")
        #expect(!(try CommandRun("tokens a --model").errors.contains("begins with -")))
    }

    @Test(arguments: [
        ("tokens --tokens 0", "1 to 4,194,304"), ("tokens --tokens x", "1 to 4,194,304"),
        ("tokens --tokens 99999999999999999999", "1 to 4,194,304"), ("mask causal --tokens -1", "1 to 4,194,304"),
        ("heads --threads 0", "1 to 1,024"), ("rope --head-dim 1 --base 10 --window 9", "2 to 65,536"),
        ("rope --head-dim 65537 --base 10 --window 9", "2 to 65,536"),
        ("rope --head-dim 4 --base 1 --window 9", "above 1"), ("rope --head-dim 4 --base nan --window 9", "above 1"),
        ("rope --head-dim 4 --base 9 --window 0", "1 to 1,073,741,824"),
        ("rope --positions 0,-1", "0 to 1,073,741,824"), ("mask causal --why 64,0", "0 to 63"),
        ("mask causal --why 3", "such as 40,3"), ("mask lambda:window=0", "1 to"),
        ("trace --out x --greedy 0", "1 to 4,096"), ("heads --layers 9 --tokens 9", "indices 0 to 3"),
        ("heads --heads 0,3-99999999999 --tokens 9", "indices 0 to 7"),
        ("heads --heads 3-1", "in 3-1 the first is after the last"), ("heads --heads x", "such as 0,2-3"),
        ("trace --out x --tokens 9 --record attentions --rows 0-9", "indices 0 to 8"),
        ("trace --out x --rows 1,2", "one range"), ("trace --out x --rows 5-3", "write 3-5"),
        ("trace --out x --rows a", "one range, such as 0-511"), ("ask heads --at 9 --key 5-3", "write 3-5"),
        ("ask heads --at 9 --key a", "tokens counted from 0, such as 204"), ("ask next --at abc", "such as 204"),
    ]) func rangesAreNamed(line: String, range: String) throws {
        try CommandRun(line).expectError(range)
    }

    @Test func contradictionsAreRefused() throws {
        try CommandRun("tokens a --ids b").expectError("leave one out")
        try CommandRun("tokens a --batch b").expectError("leave one out")
        try CommandRun("rope --head-dim 4").expectError("give all three")
        try CommandRun("rope --method causal").expectError("causal is no position method")
        try CommandRun("mask rope").expectError("rope is a position method")
        try CommandRun("mask topk").expectError("has no mask without a text")
        try CommandRun("mask causal --json --format png").expectError("leave one out")
        try CommandRun("heads --tokens 5 --method rope --method pi").expectError("both position methods")
    }

    @Test func unknownMethodsNameTheNearest() throws {
        try CommandRun("mask lamda").expectError("did you mean lambda?")
        try CommandRun("methods windw").expectError("did you mean window?")
        try CommandRun(["methods", "bad\u{1B}[31m\nname"]).expectError("unknown method")
    }

    /// The engine says what is wrong; which command or option helps is the program's to say.
    @Test(arguments: [
        (["mask", ""], "empty method: write a name such as lambda:sink=4,window=512 (ropewalk methods lists them)"),
        (["mask"], "empty method: write a name such as lambda:sink=4,window=512 (ropewalk methods lists them)"),
        (
            ["mask", "rope"],
            "rope is a position method, it changes angles and hides no key: ropewalk rope shows it"
        ),
        (
            ["mask", "topk:k=2"],
            "topk:k=2,window=256,sink=4 selects by score, so it has no mask without a text: "
                + "ropewalk open TEXT --method topk:k=2,window=256,sink=4 shows it"
        ),
        (
            ["mask", "causal", "--check", "--expect", "window=0"],
            "--expect 'window=0': window takes whole numbers 1 to 1,073,741,824 tokens (see ropewalk mask --help)"
        ),
    ]) func hintsNameTheOption(arguments: [String], line: String) throws {
        let run = try CommandRun(arguments)
        #expect(run.status == 2 && run.errors == "ropewalk: \(line)\n")
    }

    @Test func textsThatAreTooLongNameTheOption() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "\(Array(repeating: 3, count: 300))")
        let run = try CommandRun(["heads", "--model", Fixture.path("hf/gpt2"), "--ids", ids])
        let limit = "300 tokens are more than the model has learned positions for: give --tokens 40 or fewer"
        #expect(run.status == 2 && run.errors == "ropewalk: \(limit)\n")
    }

    @Test func unknownMethodsAreListed() throws {
        let count = try CommandRun(["methods", "--json"]).objects().count
        for (name, line) in [("lamda", ": did you mean lambda?"), ("zzzzzzzz", ":")] {
            let run = try CommandRun(["mask", name])
            #expect(run.errors == "ropewalk: unknown method '\(name)'\(line) ropewalk methods lists all \(count)\n")
        }
    }

    @Test(arguments: [".", "a"]) func aFolderMayHaveANameOfOneCharacter(name: String) throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(at: scratch.url("a/b"), withIntermediateDirectories: true)
        try CommandRun(["rope", "--model", name], folder: scratch.folder.path).expectError("has no config.json")
    }

    /// What needs no product does not miss the library.
    @Test func aMissingLibraryIsOneLine() throws {
        let scratch = try Scratch()
        _ = try scratch.file("libopenblas.so.0", "no library")
        let environment = ["LD_LIBRARY_PATH": scratch.folder.path]
        try CommandRun(["trace", "--tokens", "3", "--out", scratch.path("out")], environment: environment)
            .expectError("OpenBLAS cannot be loaded", "libopenblas0-pthread")
        try CommandRun(["methods"], environment: environment).expectFine()
    }

    @Test func samplesAreFoundOrAskedFor() throws {
        try CommandRun(["tokens", "--tokens", "2"], folder: "/").expectFine()
        try CommandRun(["tokens"], environment: ["ROPEWALK_SAMPLES": "/nowhere"])
            .expectError("/nowhere", "set ROPEWALK_SAMPLES")
    }
}
