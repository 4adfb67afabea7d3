import RopewalkMethods
import Testing

@testable import struct RopewalkMethods.EvictionLog

@Suite struct SelectionScenarioTests {
    func message(_ specs: String...) -> String {
        do throws(MethodError) { return (try Scenario(parsing: specs)).specs.joined(separator: " ") } catch {
            return error.description
        }
    }

    @Test func aScenarioHoldsASelectionByStatesAndACompression() throws {
        let specs = ["window:size=8", "moba:block=4,topk=2,dense-layers=0", "kivi:bits=4,group=32,residual=64"]
        let scenario = try Scenario(parsing: specs)
        #expect(scenario.specs == specs)
        #expect(scenario.selection == nil)
        #expect(scenario.stateSelection?.spec == specs[1])
        #expect(scenario.compression?.spec == specs[2])
        #expect(!scenario.isDense)
        #expect(try Scenario(parsing: scenario.specs) == scenario)
        #expect(scenario != (try Scenario(parsing: [specs[0], "moba:block=8", specs[2]])))
        #expect(scenario.methods.map(\.spec) == ["rope"] + specs)
    }

    @Test func whatHidesNoKeyIsDenseAndWhatChangesNumbersIsNotPlain() throws {
        #expect(!(try Scenario(parsing: ["h2o"]).isDense))
        #expect(try Scenario(parsing: ["kivi"]).isDense)
        #expect(!(try Scenario(parsing: ["kivi"]).isPlain))
        #expect(try Scenario(parsing: ["kivi"]) != .plain)
    }

    @Test func oneSelectionOfEitherKind() {
        let tova = "tova:capacity=512"
        let topk = "topk:k=64,window=256,sink=4"
        #expect(message("tova", "topk") == "\(tova) and \(topk) are both selections: a scenario has one, leave one out")
        #expect(message("topk", "tova") == "\(topk) and \(tova) are both selections: a scenario has one, leave one out")
        #expect(
            message("kivi", "kivi:bits=4")
                == "kivi:bits=2,group=32,residual=128 and kivi:bits=4,group=32,residual=128 are both compressions: "
                + "a scenario has one, leave one out")
    }

    @Test func neitherHasAMask() {
        #expect(throws: MethodError.needsScores(HeavyHitters(heavy: 256, recent: 256).spec)) {
            try Mask(parsing: ["h2o"], tokens: 4)
        }
        #expect(throws: MethodError.compressesOnly(KIVI(bits: 2, group: 32, residual: 128).spec)) {
            try Mask(parsing: ["kivi"], tokens: 4)
        }
    }

    @Test func contradictionsAreRefused() {
        #expect(
            message("quest:page=16,budget=8") == "quest: budget 8 holds no page of 16: give a budget of a page or more")
        #expect(message("nsa:stride=5") == "nsa: stride 5 does not divide length 32 and block 64")
        #expect(message("snapkv:kernel=4") == "snapkv: kernel 4 is even: give an odd number")
        #expect(message("kivi:group=33") == "kivi: group 33 does not divide residual 128")
        #expect(
            message("dynamic-heads:limits=5/5,heads=1/2") == "dynamic-heads: limits do not rise: write limits=512/2048")
        #expect(
            message("dynamic-heads:limits=5") == "dynamic-heads: limits has 1 numbers and heads 0: give as many of both"
        )
    }

    @Test func listsComeBack() throws {
        for spec in ["fot:k=2,window=8,layers=1/3", "lazyllm:keep=0.9,dense-layers=1,ratios=1/0.75/0.5"] {
            #expect(try MethodSpec.parse(spec).spec == spec)
        }
    }

    @Test func headsOfALongText() {
        let method = DynamicHeads(group: 2, limits: [10, 20], heads: [1, 5])
        #expect([1, 10, 11, 20, 21].map { method.activeHeads(tokens: $0, of: 8) } == [2, 2, 6, 6, 8])
        #expect(method.activeHeads(tokens: 11, of: 4) == 4)
        let head = method.window(in: HeadPlace(layer: 0, head: 3, layers: 1, heads: 8))
        #expect(head?.visibleKeys(query: 9, tokens: 30).isEmpty == true)
        #expect(head?.visibleKeys(query: 10, tokens: 30) == KeyRanges(0..<11))
        #expect(
            head?.reason(query: 9, key: 0, tokens: 30).sentence
                == "blocked: head 3, the first 2 heads are active with 10 tokens")
        #expect(
            head?.reason(query: 25, key: 0, tokens: 30).sentence == "kept: head 3, all heads are active with 26 tokens")
        #expect(head?.reason(query: 9, key: 10, tokens: 30).rule == .future)
    }

    @Test func reasonsNameBlockScoreAndStep() throws {
        let states = SelectionPropertyTests.states(29)
        let h2o = HeavyHitters(heavy: 1, recent: 1)
        let run = h2o.choices(states, place: SelectionPropertyTests.places[0])
        let last = try #require(run.last)
        for key in 0..<27 where !last.keys.contains(key) {
            // It was there at its last step, and not at the next.
            let step = try #require(run.indices.last { run[$0].keys.contains(key) })
            #expect(
                last.reason(key).sentence
                    == "evicted after token \(step), \(28 - step) tokens ago: it had received the least attention")
        }
        let moba = try #require(MoBA(block: 4, topk: 3).choices(states, place: SelectionPropertyTests.places[0]).last)
        #expect(moba.reason(28).sentence == "kept: block 7 (tokens 28) is the query's own block")
        let chosen = try #require((0..<28).first { moba.keys.contains($0) })
        #expect(
            moba.reason(chosen).sentence.hasPrefix("selected: block \(chosen / 4) (tokens \(chosen) to \(chosen + 3))"))
        let hidden = try #require((0..<28).first { !moba.keys.contains($0) })
        #expect(moba.reason(hidden).sentence.hasPrefix("not selected: block \(hidden / 4)"))
    }

    @Test func evictionsAreRemembered() {
        var log = EvictionLog()
        log.evict(5000, at: 6000)
        let before = log
        log.evict(3, at: 7)
        #expect(log[5000] == 6000 && log[3] == 7)
        #expect(log[4] == nil && log[1023] == nil && log[9_999_999] == nil)
        #expect(before[3] == nil && before[5000] == 6000)
    }

    /// More centroids and rounds lie nearer to the vectors they were made from.
    @Test func trainingBringsCentroidsNearer() {
        var random = SplitMix(state: 5)
        let vectors = (0..<200 * 4).map { _ in Float.random(in: -1...1, using: &random) }
        func error(_ count: Int, _ rounds: Int) -> Double {
            let quantiser = ProductQuantiser.trained(
                on: vectors, dimension: 4, parts: 2, count: count, iterations: rounds)
            return stride(from: 0, to: vectors.count, by: 4).reduce(0) { sum, start in
                let codes = quantiser.codes(Array(vectors[start..<start + 4]))
                let back = (0..<2).flatMap { quantiser.centroids[$0][Int(codes[$0])] }
                return sum
                    + zip(vectors[start..<start + 4], back).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
            }
        }
        #expect(error(16, 5) < error(16, 0))
        #expect(error(64, 5) < error(16, 5))
        // As many centroids as vectors leave nothing out.
        #expect(error(1000, 0) == 0)
    }
}
