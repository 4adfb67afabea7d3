import RopewalkEvaluation
import RopewalkMethods
import RopewalkModels
import Testing

struct NeedleMapTests {
    private static let plan = NeedlePlan(
        tasks: [NeedleTask(.passkey), NeedleTask(.commonWords)], methods: ["rope", "pi:factor=4"],
        lengths: [1024, 512],
        depths: [100, 0, 50], seeds: [3, 5])

    @Test func plansHaveEveryPlaceOnce() {
        let cells = Self.plan.cells.map(\.cell)
        #expect(cells.count == Self.plan.count && Set(cells).count == cells.count)
        // Lists have no depth: 2 methods, 2 lengths, 2 seeds, 3 depths and 1.
        #expect(cells.count == 2 * 2 * 2 * (3 + 1))
        #expect(cells.prefix(16).allSatisfy { $0.place.seed == 3 })
        #expect(Self.plan.lengths == [512, 1024] && Self.plan.depths == [0, 50, 100])
    }

    @Test func numbersAreMeansOverSeeds() {
        let map = NeedleMap(NeedleTask(.passkey), method: "rope", plan: Self.plan) { cell in
            switch (cell.place.length, cell.place.depth, cell.place.seed) {
            case (1024, 50, _): nil
            case (1024, 100, 3): .failed("it does not fit")
            case (_, 0, _): .read(NeedleFileTests.result(found: cell.place.seed == 3))
            default: .read(NeedleFileTests.result())
            }
        }
        #expect(map.tallies[0][0].value(.found) == 50 && map.tallies[0][0].value(.score) == 75)
        #expect(map.tallies[0][0].value(.loss) == 0.25 && map.tallies[0][0].value(.choice) == 100)
        #expect(map.tallies[0][0].chance == 25 && map.tallies[0][0].depth == 24.5)
        #expect(map.tallies[0][0].value(.mass) == 50 && map.tallies[0][0].value(.seen) == 50)
        #expect(map.tallies[1][1].value(.score) == nil && map.tallies[1][1].count == 0)
        #expect(map.tallies[2][1].problem == "it does not fit" && map.tallies[2][1].count == 1)
        #expect(map.mean(.score, length: 0) == 275.0 / 3)
        #expect(map.mean(.found) == 80.0)
        #expect(!map.isWhole)
        #expect(map.carries() == 1024 && map.carries(atLeast: 90) == 512 && map.carries(atLeast: 99) == nil)
    }

    /// Of a small grid every outcome is that of its prompt; a stopped run has what was read, and goes on with the rest.
    @Test func runsGoOnWhereTheyWereStopped() throws {
        let model = try NeedleSample.model()
        var run = NeedleRun(
            tasks: [NeedleTask(.passkey), NeedleTask(.commonWords)],
            scenarios: [model.defaultScenario, try Scenario(parsing: ["pi:factor=2"])], lengths: [128, 256],
            depths: [0, 100],
            seeds: [0], haystack: try NeedleSample.haystack(model), model: model)
        run.threads = 2
        run.choices = 2
        try run.check()
        struct Stop: Error {}
        var records: [NeedleRecord] = []
        #expect(throws: NeedleError.emptyText("stop")) {
            try run.read { record throws(NeedleError) in
                records.append(record)
                if records.count == 3 { throw .emptyText("stop") }
            }
        }
        let known = Set(records.map(\.cell))
        try run.read(isKnown: { known.contains($0) }) { record throws(NeedleError) in records.append(record) }
        #expect(records.count == run.plan.count && Set(records.map(\.cell)).count == records.count)
        for record in records where record.cell.task == "passkey" && record.cell.place.length == 256 {
            let prompt = try run.prompt(NeedleTask(.passkey), record.cell.place)
            let scenario = try Scenario(line: record.cell.method)
            let result = try NeedleReader(model: model, scenario: scenario, threads: 2).result(of: prompt)
            #expect(record.outcome == .read(result))
        }
        // Ten words thirty times take more.
        #expect(
            records.filter { $0.cell.task == "cwe" }.allSatisfy {
                if case .failed(let why) = $0.outcome { why.contains("tokens or more") } else { false }
            })
    }
}
