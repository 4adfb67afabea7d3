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
}
