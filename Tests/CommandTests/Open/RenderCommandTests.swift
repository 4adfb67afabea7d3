import TestSupport
import Testing

@Suite struct RenderCommandTests {
    /// A model without a tokenizer shows the numbers of its tokens.
    @Test func idsNeedNoTokenizer() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[11, 39, 57, 54, 51, 7]")
        let run = try CommandRun(["render", "--model", Fixture.path("hf/t5"), "--ids", ids, "--keys", "K"])
        run.expectFine()
        #expect(run.output.contains("11 39 57 54 51 7") && run.output.contains(" decoder  encoder  cross "))
        try CommandRun(["render", "--model", Fixture.path("hf/t5")]).expectError("tokenizer")
        try CommandRun(["render", "--model", "/no/such/model"]).expectError("/no/such/model")
    }

    @Test func aThemeIsForABackground() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[11, 39, 57, 54, 51, 7]")
        let input = ["render", "--model", Fixture.path("hf/t5"), "--ids", ids, "--format", "ansi"]
        let dark = try CommandRun(input)
        let light = try CommandRun(input + ["--theme", "light"])
        light.expectFine()
        #expect(try CommandRun(input + ["--theme", "auto"]).output == dark.output && light.output != dark.output)
        let direct = try CommandRun(input + ["--colours", "24bit"])
        #expect(direct.output.contains("38;2;") && !direct.output.contains("38;5;"))
        try CommandRun(input + ["--theme", "grey"]).expectError("--theme", "grey")
    }

    /// Actions by name come before the keys; what is no action is said before any work.
    @Test func actionsAreDoneByName() throws {
        let scratch = try Scratch()
        let ids = try scratch.file("ids.json", "[11, 39, 57, 54, 51, 7]")
        let input = ["render", "--model", Fixture.path("hf/t5"), "--ids", ids]
        let named = try CommandRun(input + ["--do", "kind cross; goto token 3; panel.zoom"])
        let typed = try CommandRun(input + ["--keys", "K K text::3 Enter z"])
        named.expectFine()
        #expect(named.output == typed.output && named.output.contains("decoder 3"))
        try CommandRun(input + ["--do", "kind cross; jump"]).expectError("no action is called 'jump'")
        try CommandRun(["open", "--do", "head x"]).expectError("LAYER.HEAD")
    }
}
