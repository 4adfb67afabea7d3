import RopewalkEvaluation
import RopewalkPhrases
import RopewalkViews

/// How far all heads copy answers of needle tests, as far as these are read: the tests of the Loss panel's page under the
/// present scenario.
struct HeadCopies: Sendable {
    /// Retrieval by step, the mean over the seeds; NaN where it is not known. [layer · head]
    let values: [Float]
    let meaning: String

    init(_ state: AppState) {
        if let obstacle = state.needleObstacle {
            (values, meaning) = ([], obstacle)
            return
        }
        guard let shape = state.shape, let question = state.needleOfHeads.first.flatMap(state.needleQuestion) else {
            (values, meaning) = ([], say("nothing is read yet"))
            return
        }
        let answer = state.needles.answer(to: question)
        // In the order of the plan, so that sums are the same every time.
        let records = question.plan.cells.compactMap { _, cell in
            answer?.outcomes[cell].map { NeedleRecord(cell, $0) }
        }
        let copies = HeadFinding.copies(.byStep, of: records, heads: shape.layers * shape.heads)
        values = copies.finding.seeds > 0 ? copies.finding.means.map { Float($0) } : []
        if let problem = answer?.problem ?? (copies.prompts == 0 ? copies.problem : nil) {
            meaning = problem
            return
        }
        let (task, all) = (state.needles.task.spec, question.plan.count.grouped)
        let (read, counted) = (records.count.grouped, copies.counted.grouped)
        guard let strongest = copies.finding.ranking.first else {
            meaning = say(
                "answers copied from the needle (\(task)), hits over its tokens: \(read) of \(all) prompts, none found yet"
            )
            return
        }
        let chance = Figures.weight(Float(copies.finding.chance(strongest)))
        meaning = say(
            "answers copied from the needle (\(task)), hits over its tokens: \(read) of \(all) prompts, \(counted) found; the strongest by chance \(chance)"
        )
    }
}

extension AppState {
    /// The contender whose heads are sorted by what they copy; none where they are not, or not on the screen.
    var needleOfHeads: [Contender] {
        guard heads.order == .copies, layout.panels[.heads] != nil else { return [] }
        return Array(needleContenders.prefix(1))
    }
}
