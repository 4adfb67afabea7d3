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
}
