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
