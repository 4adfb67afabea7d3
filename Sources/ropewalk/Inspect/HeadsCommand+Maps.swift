import RopewalkDocuments
import RopewalkGeneration
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkTerminal

extension HeadsCommand {
    /// What is measured of whole rows.
    func writeMeasures(of contender: Comparison.Contender, layers: Set<Int>, heads: Set<Int>) throws {
        let model = contender.model
        let recording = try Run(model: model, scenario: contender.scenario, threads: self.model.threadCount)
            .record(excerpt(of: model))
        let lens = Lens(recording: recording, threads: self.model.threadCount)
        let (count, sinkTokens) = (layers.count * heads.count, sinks ?? 1)
        let progress = ProgressLine(say("measuring heads"))
        var reports: [HeadMeasureReport] = []
        for layer in layers.sorted() {
            for head in heads.sorted() {
                progress.show(reports.count, of: count)
                reports.append(
                    HeadMeasureReport(
                        layer: layer, head: head,
                        measures: lens.headMeasures(layer: layer, head: head, sinkTokens: sinkTokens)))
            }
        }
        progress.clear()
        if csv { return try StandardOutput.write(HeadMeasureReport.table(reports).csv) }
        try StandardOutput.write(
            json ? JSONText.encode(reports) : HeadMeasureReport.text(reports, sinkTokens: sinkTokens))
    }

    /// Lets the model go on, and says which heads looked at what it copied of a passage.
    func writeCopies(
        of contender: Comparison.Contender, needle: IndexList, layers: Set<Int>, heads: Set<Int>
    ) throws {
        let model = contender.model
        try model.requireWeights(for: say("the model goes on behind the text with them"))
        try model.checkPredictsNext()
        guard model.kinds == [.decoder] else {
            throw CommandError.combination(
                say("\(model.name) has an encoder that reads the text: --needle is for decoders"))
        }
        let ids = try text.ofRecording(self.model).tokenIDs(of: model)
        guard needle.ranges.count == 1, let range = needle.ranges.first, range.upperBound < ids.count else {
            throw CommandError.outOfRange(
                option: "--needle", value: needle.text,
                takes: say("one passage of the text's tokens, 0 to \((ids.count - 1).grouped), such as 203-209"))
        }
        let request = GenerationRequest(count: count ?? 50)
        Interrupt.listen()
        let run = GenerateRun(
            model: model, scenario: contender.scenario, request: request, threads: self.model.threadCount)
        guard let continuation = try run.read(ids) else { return }
        let generator = try Generator(
            continuation, request: request, model: model, tokenizer: nil,
            defaults: try GenerationDefaults(contentsOf: model.path))
        while !Interrupt.isAsked, try generator.next() != nil {}
        guard let recording = continuation.recordings.main,
            let scores = Lens(recording: recording, threads: self.model.threadCount)
                .copyScores(needle: range.lowerBound..<range.upperBound + 1, from: ids.count)
        else { throw CommandError.combination(say("\(model.name) writes nothing behind this text: give another one")) }
        if let tokenizer = model.tokenizer {
            let written = TokenName.printable(recording.ids[ids.count...].flatMap { tokenizer.bytes(of: Int($0)) })
            StandardError.write(say("the model goes on: \(written)"))
        }
        let reports = scores.enumerated().map { index, score in
            HeadCopyReport(layer: index / model.shape.heads, head: index % model.shape.heads, score: score)
        }.filter { layers.contains($0.layer) && heads.contains($0.head) }
        let sorted = HeadCopyReport.sorted(reports)
        if csv { return try StandardOutput.write(HeadCopyReport.table(sorted).csv) }
        try StandardOutput.write(json ? JSONText.encode(sorted) : HeadCopyReport.text(sorted))
    }
}
