import RopewalkMethods
import Testing

struct AblationTests {
    private func ablation(_ text: String) throws -> Ablation { try #require(MethodSpec.parse(text) as? Ablation) }

    private func message(_ text: String) -> String {
        do throws(MethodError) { return try MethodSpec.parse(text).spec } catch { return error.description }
    }

    @Test func listsAndScopesSayTheSame() throws {
        #expect(try ablation("ablate:layers=2,heads=3") == ablation("ablate@layers=2@heads=3"))
        #expect(try ablation("ablate@heads=0-2/5@layers=2") == Ablation(layers: [2], heads: [0, 1, 2, 5]))
        #expect(try ablation("ablate:heads=5/1/5").spec == "ablate:heads=1/5")
        #expect(try ablation("ablate:feed-forward=0,layers=1").spec == "ablate:layers=1,feed-forward=0")
        #expect(try ablation(ablation("ablate@layers=0-3").spec) == Ablation(layers: [0, 1, 2, 3]))
    }

    @Test func whatIsLeftOut() throws {
        let head = try ablation("ablate:layers=2,heads=3")
        #expect(head.leavesOut(layer: 2, head: 3))
        #expect(!head.leavesOut(layer: 2, head: 2) && !head.leavesOut(layer: 1, head: 3))
        #expect(!head.leavesOutAttention(2) && !head.leavesOutFeedForward(2))
        let everywhere = try ablation("ablate:heads=1")
        #expect(everywhere.leavesOut(layer: 7, head: 1) && !everywhere.leavesOutAttention(7))
        let layer = try ablation("ablate:layers=1")
        #expect(layer.leavesOutAttention(1) && layer.leavesOut(layer: 1, head: 6) && !layer.leavesOutAttention(0))
        let narrow = try ablation("ablate:feed-forward=1")
        #expect(narrow.leavesOutFeedForward(1) && !narrow.leavesOutFeedForward(0))
        #expect(!narrow.leavesOutAttention(1) && !narrow.leavesOut(layer: 1, head: 0))
        let all = try ablation("ablate")
        #expect(all.leavesOutAttention(5) && all.leavesOut(layer: 5, head: 5) && !all.leavesOutFeedForward(5))
    }

    @Test func whatContradictsItselfIsRefused() {
        // Whether a scope narrows a list or adds to it nobody would know.
        for spec in [
            "ablate:layers=1@layers=2", "ablate:layers=2@heads=0", "ablate:feed-forward=1@layers=1",
            "ablate:heads=2@heads=3",
        ] {
            #expect(message(spec).contains("layers=, heads= and feed-forward="), "\(spec)")
        }
        #expect(message("ablate@items=0").contains("@items"))
        #expect(message("ablate:layers=x").contains("layers"))
        #expect(message("ablate:layers=-1").contains("layers"))
        #expect(message("ablate:layers=1.5").contains("layers"))
    }

    @Test func whatTheModelHasNotIsNamedAsItWasWritten() throws {
        func problem(_ spec: String) throws -> String? {
            try Scenario(parsing: [spec]).problem(tokens: 8, layers: 4, heads: 8)
        }
        #expect(try problem("ablate:layers=3,heads=7,feed-forward=0/3") == nil)
        #expect(
            try problem("ablate:layers=1/9") == "ablate: layers=9 is not there: it takes 0 to 3 in this model")
        #expect(try problem("ablate@heads=8")?.contains("heads=8") == true)
        #expect(try problem("ablate:feed-forward=4")?.contains("feed-forward=4") == true)
    }

    /// Of tokens it is a mask: all pairs but those of other tokens with them.
    @Test func leftOutTokensAreReadByNobodyElse() throws {
        let scenario = try Scenario(parsing: ["ablate:tokens=7/3/7/0"])
        #expect(scenario.ablations.isEmpty && scenario.windows.count == 1 && !scenario.isDense)
        #expect(scenario.specs == ["ablate:tokens=0/3/7"])
        #expect(try Scenario(parsing: scenario.specs) == scenario)
        let window = try #require(scenario.windows.first)
        let zones = try #require(window.zones(of: 0..<12, tokens: 12))
        for query in 0..<12 {
            let keys = window.visibleKeys(query: query, tokens: 12)
            for key in 0..<12 {
                let isSeen = key == query || ![0, 3, 7].contains(key)
                #expect(keys.contains(key) == isSeen, "\(query) \(key)")
                #expect(window.reason(query: query, key: key, tokens: 12).isVisible == isSeen)
                #expect(zones.count(queries: query..<query + 1, keys: key..<key + 1) == (isSeen ? 1 : 0))
            }
        }
        let mask = try Mask(parsing: ["ablate:tokens=3"], tokens: 6)
        #expect((0..<6).allSatisfy { mask.row($0).contains(3) == ($0 == 3) })
        #expect(window.problem(tokens: 8) == nil)
        #expect(window.problem(tokens: 7) == "ablate: tokens=7 is not there: the text has tokens 0 to 6")
        // In some layers and heads as any mask.
        let scoped = try Scenario(parsing: ["ablate:tokens=3@layers=1"])
        let place = HeadPlace(layer: 0, head: 0, layers: 2, heads: 2)
        #expect(scoped.windows(in: place).isEmpty)
        #expect(message("ablate:tokens=3,layers=1").contains("stands alone"))
        #expect(message("ablate:tokens=-1").contains("tokens"))
        #expect(message("ablate:tokens=0.5").contains("tokens"))
    }

    @Test func itIsNoMask() {
        let error = #expect(throws: MethodError.self) { try Mask(parsing: ["ablate:layers=1"], tokens: 8) }
        #expect(error == .leavesOutOnly("ablate:layers=1"))
    }

    @Test func severalAreOneScenario() throws {
        let scenario = try Scenario(parsing: ["pi:factor=2", "ablate:layers=0", "ablate:feed-forward=1"])
        #expect(scenario.ablations == [Ablation(layers: [0]), Ablation(feedForward: [1])])
        #expect(scenario.isDense && !scenario.isPlain)
        #expect(try Scenario(parsing: scenario.specs) == scenario)
        #expect(ScenarioTitle.text(scenario) == "pi:factor=2 + ablate:layers=0 + ablate:feed-forward=1")
        #expect(try Scenario(parsing: ["ablate:layers=0"]) != .plain)
    }
}
