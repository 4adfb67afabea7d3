import Foundation
import RopewalkDocuments
import RopewalkEvaluation
import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

struct ZMeasure {
    static func haystack(_ model: Model, _ name: String) throws -> Haystack {
        let url = Fixture.project.appendingPathComponent("samples/texts/\(name).txt")
        let tokenizer = try #require(model.tokenizer)
        return try Haystack(Document(contentsOf: url.path, tokenizer: tokenizer), tokenizer: tokenizer)
    }

    @Test func measure() throws {
        guard ProcessInfo.processInfo.environment["MEASURE"] == "1" else { return }
        let model = try NeedleSample.model()
        for text in ["moby-dick", "alice"] {
            let haystack = try Self.haystack(model, text)
            var specs = ["passkey", "passkey:intro=1", "magic-number:keys=1", "magic-number", "magic-number:keys=3"]
            specs += text == "moby-dick" ? NeedleTask.Kind.allCases.filter { $0 != .own }.map(\.rawValue) : []
            for spec in specs {
                let run = NeedleRun(
                    tasks: [try NeedleTask(parsing: spec)], scenarios: [model.defaultScenario], lengths: [512],
                    depths: NeedleSeries.spread(0, 100, count: 11), seeds: Array(0..<12), haystack: haystack,
                    model: model)
                var outcomes: [NeedleCell: NeedleOutcome] = [:]
                let clock = ContinuousClock()
                let start = clock.now
                try run.read { record throws(NeedleError) in outcomes[record.cell] = record.outcome }
                let map = NeedleMap(run.plan.tasks[0], method: run.plan.methods[0], plan: run.plan) { outcomes[$0] }
                print(
                    "PRINT \(text) \(spec) found \(map.mean(.found) ?? -1) score \(map.mean(.score) ?? -1) loss \(map.mean(.loss) ?? -1) mass \(map.mean(.mass) ?? -1) \(clock.now - start) \(map.tallies[0][0].problem ?? "")"
                )
            }
        }
        let haystack = try Self.haystack(model, "alice")
        for choices in [3, 0] {
            var run = NeedleRun(
                tasks: [NeedleTask(.passkey)], scenarios: [model.defaultScenario],
                lengths: [256, 512, 1024, 2048, 4096],
                depths: NeedleSeries.spread(0, 100, count: 5), seeds: [0, 1, 2], haystack: haystack, model: model)
            run.choices = choices
            var outcomes: [NeedleCell: NeedleOutcome] = [:]
            let clock = ContinuousClock()
            let start = clock.now
            try run.read { record throws(NeedleError) in outcomes[record.cell] = record.outcome }
            print("PRINT grid choices \(choices): \(clock.now - start)")
        }
        for spec in [
            "rope", "pi:factor=4", "ntk:factor=4", "ntk:factor=8", "dynamic-ntk:factor=4", "yarn:factor=4",
            "yarn:factor=8", "rerope:window=256", "leaky-rerope:window=256,step=0.25", "self-extend:group=8,window=256",
            "lambda:sink=4,window=508", "abf:base=500000",
        ] {
            guard let scenario = try? Scenario(parsing: [spec]) else { print("PRINT no \(spec)"); continue }
            let run = NeedleRun(
                tasks: [NeedleTask(.passkey)], scenarios: [scenario], lengths: [256, 512, 768, 1024, 2048, 4096],
                depths: NeedleSeries.spread(0, 100, count: 5), seeds: Array(0..<4), haystack: haystack, model: model)
            var outcomes: [NeedleCell: NeedleOutcome] = [:]
            try run.read { record throws(NeedleError) in outcomes[record.cell] = record.outcome }
            let map = NeedleMap(run.plan.tasks[0], method: run.plan.methods[0], plan: run.plan) { outcomes[$0] }
            print(
                "PRINT \(spec): \(map.lengths.indices.map { map.mean(.score, length: $0) ?? -1 }) carries \(map.carries() ?? 0) \(map.tallies[0][0].problem ?? "")"
            )
        }
    }
}
