import Testing

@Suite struct MethodsCommandTests {
    @Test func listsTheCatalogue() throws {
        let table = try CommandRun("methods")
        table.expectFine()
        let json = try CommandRun("methods --json")
        json.expectFine()
        let names = try json.objects().compactMap { $0["name"] as? String }
        #expect(names.contains("lambda") && table.lines.count == names.count + 1)
    }

    @Test func explainsOneMethod() throws {
        let page = try CommandRun("methods lambda")
        page.expectFine()
        #expect(page.output.contains("lambda:sink=4,window=512"))
        #expect(try CommandRun("methods lambda --json").object()["family"] as? String == "window")
    }

    /// A window costs less than all keys, a position method as much; the cheapest comes first where that is asked for.
    @Test func countsWhatMethodsCost() throws {
        let rows = try CommandRun("methods --tokens 2048 --sort cache --json").objects()
        func row(_ name: String) throws -> [String: Any] { try #require(rows.first { $0["name"] as? String == name }) }
        #expect(try row("yarn")["flops_share"] as? Double == 1 && row("yarn")["kv_share"] as? Double == 1)
        let window = try row("window")
        #expect(window["flops_share"] as? Double ?? 1 < 0.6 && window["kv_share"] as? Double == 0.25)
        let bytes = rows.compactMap { $0["kv_bytes"] as? Double }
        #expect(bytes == bytes.sorted() && bytes.count > 30)
        let text = try CommandRun("methods lambda --tokens 4096")
        text.expectFine()
        #expect(text.lines.count == 2 && text.output.contains("lambda") && text.output.contains("%"))
        try CommandRun("methods --tokens 0").expectError("--tokens", "1 to")
        try CommandRun("methods --sort flops").expectError("give --tokens too")
        try CommandRun("methods --tokens 10 --sort size").expectError("--sort")
        try CommandRun("methods --tokens 10 --model /no/such").expectError("/no/such")
    }
}
