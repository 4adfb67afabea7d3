import TestSupport
import Testing

/// What is asked for by options, actions, sessions and lessons, and refused, is told on standard error.
@Suite struct RenderRefusalTests {
    private static let refused: [([String], String)] = [
        (["--layer", "9", "--head", "9"], "no head 9.9: 4 layers × 8 heads"),
        (["--at", "999999"], "no place '999999'"), (["--method", "ablate:layers=44"], "it takes 0 to 3 in this model"),
        (["--do", "head 9.9; goto token 3"], "no head 9.9"),
        (["--method", "ablate:tokens=3/70"], "tokens=70 is not there: the text has tokens 0 to 59"),
        (["--do", "method ablate:layers=44"], "it takes 0 to 3 in this model"),
    ]

    /// No figure of something else; the screen as it stands, and what is wrong with it.
    @Test(arguments: refused)
    func whatIsRefusedEndsWithStatus2(_ words: [String], _ why: String) throws {
        let input = ["render", "--tokens", "60", "--size", "80x24"] + words
        try CommandRun(input + ["--panel", "map", "--format", "svg"]).expectError(why)
        let screen = try CommandRun(input)
        #expect(screen.status == 2 && screen.errors.hasPrefix("ropewalk: ") && screen.errors.contains(why))
        #expect(screen.output.contains("[1] Text"))
    }

    /// A reader types keys, and reads the screen; what was done is no refusal.
    @Test(arguments: [
        "--method|ablate:tokens=3/17", "--keys|text::999999 Enter", "--do|head 1.1; undo",
        "--do|method window:size=8; wait; method.run",
    ])
    func whatIsReadOnTheScreenIsFine(_ words: String) throws {
        let words = words.split(separator: "|").map(String.init)
        try CommandRun(["render", "--tokens", "60"] + words).expectFine()
    }

    @Test func tokensThatTheModelHasNotAreToldAsByATrace() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[1, 2, 60000]")
        let why = "token 2 has id 60000, the model's vocabulary has 0 to 4095"
        try CommandRun(["render", "--ids", ids, "--panel", "map", "--format", "svg"]).expectError(why)
        try CommandRun(["render", "--ids", ids]).expectError(why)
    }

    @Test func partsOfASessionThatTheModelHasNotAreTold() throws {
        let scratch = try Scratch()
        _ = try scratch.file("a.txt", "The whale is no fish.")
        let model = Fixture.project.appendingPathComponent("samples/books-4m").path
        let session = try scratch.file(
            "w.json",
            """
            {"format": "ropewalk session", "version": 1, "screen": {"focused": "text"}, "texts": [
            {"text": {"file": "a.txt"}, "model": {"path": "\(model)"}, "layer": 9, "head": 9}]}
            """)
        try CommandRun(["render", "--session", session, "--panel", "map", "--format", "svg"]).expectError("no head 9.9")
        let screen = try CommandRun(["render", "--session", session])
        #expect(screen.status == 2 && screen.errors.contains("no head 9.9") && screen.output.contains("whale"))
    }

    @Test func whatALessonAsksForInVainIsAFault() throws {
        let scratch = try Scratch()
        let text = "title: A\nsentence: The cat sat.\nMETHODstep:\nsay: a\ndo: head 9.9\n"
        let file = try scratch.file("a.lesson", text.replacing("METHOD", with: ""))
        let check = try CommandRun("lesson --check \(file)")
        #expect(check.status == 1 && check.output.contains("line 5, step 1 at 80x24: no head 9.9"), "\(check.output)")
        try CommandRun("render --lesson \(file) --panel map --format svg").expectError("no head 9.9")
        let chinese = try CommandRun("lesson --check \(file) --lang zh")
        #expect(chinese.status == 1 && !chinese.output.contains("counted from"), "\(chinese.output)")
        let layers = try scratch.file("b.lesson", text.replacing("METHOD", with: "method: ablate:layers=44\n"))
        let method = try CommandRun("lesson --check \(layers)")
        #expect(
            method.status == 1 && method.output.contains("line 3, step 1 at 80x24: ablate: layers=44"),
            "\(method.output)")
        try CommandRun("render --lesson \(layers) --panel map --format svg").expectError(
            "it takes 0 to 3 in this model")
        let unknown = try scratch.file("c.lesson", text.replacing("METHOD", with: "method: nosuch\n"))
        try CommandRun("lesson --check \(unknown)").expectError("c.lesson:3:", "unknown method 'nosuch'")
    }
}
