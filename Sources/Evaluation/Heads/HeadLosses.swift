import RopewalkMethods
import RopewalkModels

/// What a needle test loses without some heads.
package struct HeadLosses: Sendable {
    /// The needle test with the method under which everything is read; of other methods nothing.
    package let run: NeedleRun
    package let sets: [HeadSet]
    /// Tokens of a part of the text whose loss is measured as well, one for each seed; under 2 for none.
    package var excerpt = 512

    package init(run: NeedleRun, sets: [HeadSet]) { (self.run, self.sets) = (run, sets) }

    /// What came of one set.
    package struct Result: Equatable, Sendable {
        package let set: HeadSet
        /// What leaves the heads out, beside the method.
        package let specs: [String]
        /// Prompts that were read.
        package let prompts: Int
        /// Why others could not be; nil where all could.
        package let problem: String?
        /// Prompts whose answer is found, per cent: the mean over the seeds, and every seed, in their order; NaN where none was
        /// read.
        package let found: [Double]
        /// Share of what had to be named, per cent, of every seed.
        package let score: [Double]
        /// −ln p of the answers, nats a token, of every seed.
        package let loss: [Double]
        /// Mean loss of the parts of the text, nats a token, of every seed; empty where it was not asked for.
        package let textLoss: [Double]
    }

    /// Runs in all.
    package var total: Int { sets.count * (run.plan.count + (excerpt > 1 ? run.plan.seeds.count : 0)) }

    /// The results in the order of the sets.
    /// - Parameter progress: gets the runs that are done
    /// - Throws: `ModelError.cancelled` within the error of needles, when the run's `isCancelled` said so.
    package func results(progress: (Int) -> Void = { _ in }) throws(NeedleError) -> [Result] {
        var results: [Result] = []
        var done = 0
        for set in sets {
            let without = run.leavingOut(set.ablations)
            var tallies: [Int: NeedleTally] = [:]
            try without.read { record throws(NeedleError) in
                tallies[record.cell.place.seed, default: NeedleTally()].add(record.outcome)
                done += 1
                progress(done)
            }
            var textLoss: [Double] = []
            for seed in run.plan.seeds where excerpt > 1 {
                let ids = without.excerpt(excerpt, seed: seed)
                let losses = try without.record(ids, try without.scenario(for: ids)).negativeLogLikelihood
                // Nothing follows the last token.
                textLoss.append(HeadFinding.mean(losses.map { Double($0) }.filter(\.isFinite)))
                done += 1
                progress(done)
            }
            func numbers(_ measure: NeedleMeasure) -> [Double] {
                run.plan.seeds.map { tallies[$0]?.value(measure) ?? .nan }
            }
            let all = run.plan.seeds.compactMap { tallies[$0] }
            results.append(
                Result(
                    set: set, specs: set.ablations.map(\.spec), prompts: all.reduce(0) { $0 + $1.count },
                    problem: all.lazy.compactMap(\.problem).first, found: numbers(.found), score: numbers(.score),
                    loss: numbers(.loss), textLoss: textLoss))
        }
        return results
    }
}

extension HeadLosses.Result {
    /// The mean of what seeds came to; NaN of none.
    package static func mean(_ values: [Double]) -> Double { HeadFinding.mean(values.filter(\.isFinite)) }

    /// What a number of every seed has changed by, from another set; NaN where one of both is not known.
    package static func changes(_ values: [Double], from others: [Double]) -> [Double] {
        zip(values, others).map { $0 - $1 }
    }

    /// The standard deviation between known numbers, of a sample; NaN with fewer than two.
    package static func spread(_ values: [Double]) -> Double { HeadFinding.spread(values.filter(\.isFinite)) }
}

extension NeedleRun {
    /// The same test without some parts of the model.
    func leavingOut(_ ablations: [Ablation]) -> NeedleRun {
        let shorter = plan.methods.compactMap { method -> Scenario? in
            var scenario = self.scenarios[method]
            scenario?.ablations += ablations
            return scenario
        }
        var run = NeedleRun(
            tasks: plan.tasks, scenarios: shorter, lengths: plan.lengths, depths: plan.depths, seeds: plan.seeds,
            haystack: haystack, model: model)
        (run.borders, run.choices, run.threads, run.isCancelled) = (borders, choices, threads, isCancelled)
        return run
    }
}
