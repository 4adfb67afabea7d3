import RopewalkExport
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk compare --recordings`: what recordings say of readers and methods without any weights, as means over texts.
struct RecordedComparison {
    let recordings: ComparedRecordings
    /// Methods that are tried on the states of every recording.
    let methods: [String]
    /// Queries whose attention is measured.
    let queries: Int
    let threads: Int

    /// What is compared: a reader's own recordings, or a method on their states.
    struct Contender {
        let reader: ComparedRecordings.Reader
        /// Nil for the reader as it was recorded.
        let method: Scenario?

        var scenario: Scenario { method ?? reader.scenario }
        var model: String { reader.precision.map { "\(reader.model) (\($0))" } ?? reader.model }
        var title: String { method.map { say("\($0.shortLine), preview") } ?? scenario.shortLine }
    }

    /// The readers, each with the methods that are tried on what it has read.
    func contenders() throws -> [Contender] {
        try recordings.readers.flatMap { reader in
            let tried = try methods.map { line in
                let own = reader.texts.first?.model.defaultScenario
                let scenario = try Scenario(line: line, position: own?.position ?? RoPE(), loader: MaskFile.loader)
                for text in reader.texts { _ = try lens(text, scenario) }
                return Contender(reader: reader, method: scenario)
            }
            return [Contender(reader: reader, method: nil)] + tried
        }
    }

    /// A text as it was recorded, or under a method that is tried on its states.
    private func lens(_ text: ComparedRecordings.Text, _ method: Scenario?) throws -> Lens {
        let lens = Lens(text.recording, threads: threads)
        guard let method else { return lens }
        guard method.units.isEmpty else {
            throw CommandError.combination(
                say(
                    "\(method.line) asks for sentences or paragraphs of the text: compare tries it on texts, not on recordings"
                ))
        }
        let tried = try lens.preview(method)
        guard tried.hasWholeModel else {
            try text.model.requireWeights(for: say("\(method.line) needs a run, which is made with them"))
            return tried
        }
        return tried
    }

    /// A line a contender.
    func reports() throws -> [RecordedReport] {
        let contenders = try contenders()
        return try contenders.enumerated().map { place, contender in
            let progress = ProgressLine(say("\(place + 1) of \(contenders.count), \(contender.scenario.shortLine)"))
            defer { progress.clear() }
            let texts = contender.reader.texts
            let measured = try texts.enumerated().map { done, text in
                progress.show(done, of: texts.count)
                return try measure(text, of: contender)
            }
            return RecordedReport(contender: contender, texts: measured)
        }
    }

    private func measure(_ text: ComparedRecordings.Text, of contender: Contender) throws -> RecordedReport.Text {
        let lens = try lens(text, contender.method)
        let measures = ScenarioMeasures(lens, queries: queries)
        var result = RecordedReport.Text(
            folder: text.folder, tokens: text.recording.tokens, measures: measures,
            cost: MethodCost(contender.scenario, model: text.model.traits.attentionShape, tokens: text.recording.tokens)
        )
        if contender.method == nil { result.loss = Self.mean(text.losses.map(Double.init)) }
        guard let base = base(of: text, contender) else { return result }
        result.moved = Self.mean(grid(base, text, contender, lens)?.means(.tv) ?? [])
        if contender.method == nil {
            result.lossDifference = Self.mean(zip(base.losses, text.losses).map { Double($1) - Double($0) })
        }
        return result
    }

    /// What a text is compared with: the first reader's recording of it, or for a method the recording itself; nil for the first
    /// reader.
    private func base(
        of text: ComparedRecordings.Text, _ contender: Contender
    ) -> ComparedRecordings.Text? {
        if contender.method != nil { return text }
        guard let first = recordings.readers.first, let base = ComparedRecordings.partner(of: text, in: first),
            base.folder != text.folder
        else { return nil }
        return base
    }

    private func grid(
        _ base: ComparedRecordings.Text, _ text: ComparedRecordings.Text, _ contender: Contender, _ lens: Lens
    ) -> HeadGrid? {
        HeadGrid(
            HeadGrid.Side(model: base.model, recording: base.recording, threads: threads),
            HeadGrid.Side(model: text.model, lens: lens), queries: queries)
    }

    /// Of those that are known; NaN where there are none.
    private static func mean(_ values: [Double]) -> Double {
        let known = values.filter { !$0.isNaN }
        return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
    }

    /// How far each head's attention has moved from the first reader's, or by a method from the recording's.
    func grids(_ measure: HeadGrid.Measure) throws -> [RecordedGrid] {
        let contenders = try contenders()
        guard measure != .output else {
            try recordings.readers[0].texts[0].model.requireWeights(for: say("what a head adds is projected with them"))
            return []
        }
        let progress = ProgressLine(say("comparing heads"))
        defer { progress.clear() }
        var grids: [RecordedGrid] = []
        for (place, contender) in contenders.enumerated() {
            progress.show(place, of: contenders.count)
            var (found, names): ([HeadGrid], Set<String>) = ([], [])
            for text in contender.reader.texts {
                guard let base = base(of: text, contender) else { continue }
                guard let grid = grid(base, text, contender, try lens(text, contender.method)) else { continue }
                found.append(grid)
                names.insert(base.model.name)
            }
            if let first = found.first {
                grids.append(
                    RecordedGrid(
                        contender: contender, beside: names.sorted().joined(separator: ", "), measure: measure,
                        layers: first.layers, heads: first.heads, queries: first.queries,
                        texts: found.map { $0.means(measure) }))
            }
        }
        guard !grids.isEmpty else {
            throw CommandError.combination(
                say(
                    "--grid compares with the first recordings: give --method, or the same texts read by another model or method"
                ))
        }
        return grids
    }
}
