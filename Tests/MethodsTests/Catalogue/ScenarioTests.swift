import RopewalkMethods
import Testing

@Suite struct ScenarioTests {
    func message(_ specs: String...) -> String {
        do throws(MethodError) { return (try Scenario(parsing: specs)).specs.joined(separator: " ") } catch {
            return error.description
        }
    }

    @Test func positionWindowsAndSelectionCompose() throws {
        let specs = ["pi:factor=4", "window:size=8", "lambda:sink=1,window=4", "topk:k=2,window=4,sink=0"]
        let scenario = try Scenario(parsing: specs)
        #expect(scenario.specs == specs)
        #expect(!scenario.isDense)
        #expect(scenario.visibleKeys(query: 9, tokens: 16) == KeyRanges(6..<10))
        #expect(try Scenario(parsing: scenario.specs) == scenario)
    }

    @Test func nothingIsPlain() throws {
        #expect(try Scenario(parsing: []) == .plain)
        #expect(try Scenario(parsing: ["rope", "full"]) == .plain)
        #expect(try Scenario(parsing: ["full"]).isPlain)
        #expect(try Scenario(parsing: ["causal"]).isDense)
        #expect(try Scenario(parsing: ["causal"]).visibleKeys(query: 3, tokens: 9) == KeyRanges(0..<4))
    }

    @Test func twoOfAKindAreRefused() {
        #expect(
            message("pi", "ntk:factor=2")
                == "pi:factor=4 and ntk:factor=2 are both position methods: a scenario has one, leave one out")
        #expect(
            message("topk", "topk:k=1")
                == "topk:k=64,window=256,sink=4 and topk:k=1,window=256,sink=4 are both selections: "
                + "a scenario has one, leave one out")
        #expect(message("pi", "nix").hasPrefix("unknown method 'nix'"))
    }
}
