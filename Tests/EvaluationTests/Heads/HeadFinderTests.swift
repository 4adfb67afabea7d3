import Foundation
import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import Testing

@testable import RopewalkEvaluation

/// The heads of the bundled model, against plain words over rows of attention.
struct HeadFinderTests {
    private static func run(
        _ specs: [String] = ["rope"], lengths: [Int] = [256], seeds: [Int] = [0, 1]
    ) throws -> NeedleRun {
        let model = try NeedleSample.model()
        var run = NeedleRun(
            tasks: [NeedleTask(.passkey)], scenarios: [try Scenario(parsing: specs)], lengths: lengths,
            depths: [0, 60], seeds: seeds, haystack: try NeedleSample.haystack(model), model: model)
        run.threads = 2
        return run
    }

    /// What a head copies of one prompt: hits, different tokens, and both over all that they could be.
    private static func plain(_ prompt: NeedlePrompt, layer: Int, head: Int, _ lens: Lens) throws -> (
        step: Double, token: Double, answer: Double
    ) {
        let needle = Set(prompt.askedTokens.joined())
        var (hits, copied): (Int, Set<Int32>) = (0, [])
        for place in prompt.answer {
            let row = try #require(lens.row(layer: layer, head: head, query: place - 1)).weights
            let top = try #require(row.indices.max { (row[$0], $1) < (row[$1], $0) })
            guard needle.contains(top), prompt.ids[top] == prompt.ids[place] else { continue }
            hits += 1
            copied.insert(prompt.ids[place])
        }
        let different = Set(needle.map { prompt.ids[$0] })
        return (
            Double(hits) / Double(needle.count), Double(copied.count) / Double(different.count),
            Double(hits) / Double(prompt.answer.count)
        )
    }

    @Test(arguments: [["rope"], ["lambda:sink=4,window=200"]]) func copiesAreThoseOfPlainRows(specs: [String]) throws {
        let run = try Self.run(specs)
        var finder = HeadFinder(run: run)
        (finder.countsAll, finder.excerpt) = (true, 60)
        let found = try finder.findings()
        let shape = run.model.shape
        #expect(found.prompts == 4 && found.counted == 4 && found.problem == nil)
        for index in stride(from: 0, to: shape.layers * shape.heads, by: 5) + [31] {
            let place = found.head(index)
            var seeds: [[(step: Double, token: Double, answer: Double)]] = []
            for seed in [0, 1] {
                var prompts: [(step: Double, token: Double, answer: Double)] = []
                for depth in [0, 60] {
                    let prompt = try run.prompt(
                        NeedleTask(.passkey), NeedlePrompt.Place(length: 256, depth: depth, seed: seed))
                    let recording = try Recorder(
                        model: run.model, scenario: Scenario(parsing: specs), threads: 2
                    ).record(prompt.ids)
                    prompts.append(
                        try Self.plain(
                            prompt, layer: place.layer, head: place.head, Lens(recording: recording, threads: 2)))
                }
                seeds.append(prompts)
            }
            for (measure, part) in [
                (HeadMeasure.byStep, \(step: Double, token: Double, answer: Double).step), (.byToken, \.token),
                (.ofAnswer, \.answer),
            ] {
                let means = seeds.map { ($0[0][keyPath: part] + $0[1][keyPath: part]) / 2 }
                let finding = try #require(found.finding(measure))
                #expect(abs(finding.mean(index) - (means[0] + means[1]) / 2) < 1e-9, "\(measure) \(place.name)")
                #expect(abs(finding.spread(index) - abs(means[0] - means[1]) / 2.0.squareRoot()) < 1e-9)
            }
        }
    }

    /// On random tokens the bundled model's induction and previous-token heads, and no other, are known (HeadsCommandTests).
    @Test func knownHeadsAreFound() throws {
        var finder = HeadFinder(run: try Self.run(seeds: [0, 1, 2]))
        finder.excerpt = 200
        let found = try finder.findings()
        func heads(_ measure: HeadMeasure) throws -> [String] {
            let finding = try #require(found.finding(measure))
            #expect(finding.seeds == 3)
            return finding.ranking.filter { finding.isFound($0) }.map { found.head($0).name }.sorted()
        }
        // Those that are well above the threshold, and none but those that are known.
        let (induction, previous) = (Set(try heads(.induction)), Set(try heads(.previous)))
        #expect(induction.isSuperset(of: ["L3H6", "L3H7"]) && induction.isSubset(of: ["L3H1", "L3H6", "L3H7"]))
        #expect(previous.isSuperset(of: ["L1H3", "L2H2", "L2H3"]))
        #expect(previous.isSubset(of: ["L1H3", "L2H2", "L2H3", "L2H5"]))
        // Heads that retrieve are among those that copy what followed: no other layer reads an answer off.
        let retrieval = try #require(found.finding(.ofAnswer))
        let strongest = try #require(retrieval.ranking.first)
        #expect(found.head(strongest).layer >= 2 && retrieval.mean(strongest) > retrieval.chance(strongest))
        #expect(retrieval.isFound(strongest, threshold: 0) && !retrieval.isFound(strongest, threshold: 1.01))
        let sink = try #require(found.finding(.sink, on: .text))
        let streaming = try #require(found.finding(.streaming, on: .text))
        for head in 0..<32 {
            #expect(streaming.mean(head) <= 1.0001 && streaming.mean(head) >= 0)
            #expect(sink.chance(head) > 0 && sink.chance(head) < 0.1)
        }
    }

    @Test func repeatedTokensFollowFromTheSeed() throws {
        let finder = HeadFinder(run: try Self.run())
        let ids = finder.repeats(3)
        let start = ids.count - 200
        #expect(Array(ids[start..<start + 100]) == Array(ids[(start + 100)...]))
        #expect(ids == finder.repeats(3) && ids != finder.repeats(4))
        let tokenizer = try #require(try NeedleSample.model().tokenizer)
        #expect(ids[start...].allSatisfy { !tokenizer.isSpecial(Int($0)) })
    }

    @Test func cancellingEndsIt() throws {
        var run = try Self.run()
        run.isCancelled = { true }
        let finder = HeadFinder(run: run)
        #expect(throws: NeedleError.model(.cancelled)) { try finder.findings() }
        let losses = HeadLosses(run: run, sets: [HeadSet(.none)])
        #expect(throws: NeedleError.model(.cancelled)) { try losses.results() }
    }

    /// Prompts that do not fit are named, and count nowhere.
    @Test func whatCannotBeReadIsNamed() throws {
        var finder = HeadFinder(run: try Self.run(lengths: [16]))
        finder.excerpt = 20
        let found = try finder.findings()
        #expect(found.prompts == 0 && found.counted == 0 && found.problem?.contains("16") == true)
        let finding = try #require(found.finding(.byStep))
        #expect(finding.seeds == 0 && finding.mean(0).isNaN && finding.ranking.isEmpty && !finding.isFound(0))
    }
}
