import RopewalkEvaluation
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

/// Reads what a file of results does not have yet.
struct NeedleReading {
    let run: NeedleRun
    /// The file of results; nil: none is kept.
    let out: String?
    let needles: NeedleOptions

    func outcomes() throws -> [NeedleCell: NeedleOutcome] {
        guard let out else { return try read(known: [:]) { _ throws(NeedleError) in } }
        let header = NeedleHeader(
            model: run.model.name, parameters: run.model.parameters, text: run.haystack.name, ids: run.haystack.ids,
            borders: needles.borders, choices: needles.choices)
        var file = try NeedleFile(out, header: header)
        tell(file)
        let known = file.outcomes
        return try read(known: known) { record throws(NeedleError) in try file.append(record) }
    }

    /// What is known already, and which lines are nothing.
    private func tell(_ file: borrowing NeedleFile) {
        let cells = run.plan.cells.map(\.cell)
        let done = cells.count { file.outcomes[$0] != nil }
        if done > 0 {
            StandardError.write(
                say("\(file.path): \(done.grouped) of \(cells.count.grouped) prompts are read already"))
        }
        guard !file.broken.isEmpty else { return }
        let lines =
            file.broken.prefix(8).map { $0.grouped }.joined(separator: ", ") + (file.broken.count > 8 ? " ..." : "")
        StandardError.write(
            say(
                """
                \(file.path): \(file.broken.count.grouped) \(file.broken.count, one: "line is no result", many: "lines are no results") \
                (line \(lines)): what they were of is read again
                """))
    }

    private func read(
        known: [NeedleCell: NeedleOutcome], take: (NeedleRecord) throws(NeedleError) -> Void
    ) throws(NeedleError) -> [NeedleCell: NeedleOutcome] {
        MemoryReport.note("reading prompts with needles")
        var outcomes = known
        let total = run.plan.count
        var done = run.plan.cells.count { known[$0.cell] != nil }
        let progress = ProgressLine(say("needles"))
        defer { progress.clear() }
        progress.show(prompts: done, of: total)
        try run.read(isKnown: { known[$0] != nil }) { record throws(NeedleError) in
            try take(record)
            outcomes[record.cell] = record.outcome
            done += 1
            progress.show(prompts: done, of: total)
        }
        return outcomes
    }
}
