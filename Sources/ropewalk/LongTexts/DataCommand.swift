import ArgumentParser
import Foundation
import RopewalkDocuments
import RopewalkExport
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkScoring
import RopewalkTokenizers

/// `ropewalk data FILES`.
struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: say("Sorts long documents for training, and plans lengths and steps."),
        discussion: say(
            """
            Every document is holistic (one coherent work), aggregated (several texts joined) or chaotic (broken, or made by a \
            machine), after LongWanjuan. Its thresholds are published nowhere: the rule and all thresholds here are our own. \
            chaotic: the share of different tokens, or the rate of line ends, commas, blanks or bars lies outside the middle 98 % of \
            the reference corpus, or zlib shrinks the text to less than 0.1 or more than 0.8 of its size. holistic: with more context \
            the model predicts at least as many more tokens right as for the median document of the reference (acc_delta), and \
            the second half shares at least the median of words with the first (half_overlap). Else aggregated. The test that decided is named. \
            What lies near a threshold (between the 40th and 60th percentile for a median, around the 1st and 99th, within 5 % of a fixed \
            one) may as well be of another kind: both are named.

            Coherence is measured as published, at the model's window: of pieces of 4,096 tokens the last 1,024 are predicted after 3,072 and \
            after 1,024 tokens; smaller windows keep these shares. A document is a file of text, or a line of JSONL with its text in content \
            or text. --out writes the list of documents that are kept, a JSON object a line.

            --share T keeps short documents with ρ = s(1 − t) / (t(1 − s)) within each domain, so that the share s of long ones becomes t. \
            --plan N says what an extension to N tokens takes, with its sources and where they contradict each other.
            """))

    @Argument(help: .said("Files of text or JSONL, or folders with such files."))
    var files: [String] = []

    @OptionGroup var model: ModelOptions

    @Flag(help: .said("Measures no coherence: no model is run, and tokens are words."))
    var withoutModel = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            say("Pieces of a document that the model reads, evenly spread. Default: 8."), valueName: "count"),
        transform: WholeNumber.parser(1...100_000))
    var pieces = 8

    @Option(
        help: ArgumentHelp(
            say("A reference corpus that --make-reference has written. Default: the small one that comes along."),
            valueName: "file"))
    var reference: String?

    @Option(
        help: ArgumentHelp(
            say("Writes what these documents are like, as a reference for others."), valueName: "file"))
    var makeReference: String?

    @Option(
        help: ArgumentHelp(
            say("The domain of all documents. Default: as a line says, else its folder."), valueName: "name"))
    var domain: String?

    @Option(help: ArgumentHelp(say("Kinds that are kept. Default: holistic,aggregated."), valueName: "kinds"))
    var keep = "holistic,aggregated"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("A document of more tokens is long. Default: 4,096."), valueName: "tokens"),
        transform: WholeNumber.parser(1...1_000_000_000))
    var long = LengthMixture.long

    @Option(help: ArgumentHelp(say("The share that long documents shall have, 0 to 1."), valueName: "share"))
    var share: Double?

    @Option(
        help: ArgumentHelp(say("With which probability short documents are kept, 0 to 1."), valueName: "probability"))
    var keepShort: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Plans an extension of the model's window to N tokens."), valueName: "n"),
        transform: WholeNumber.parser(2...1_000_000_000))
    var plan: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Tokens of a step of the optimiser. Default: 4,000,000."), valueName: "tokens"),
        transform: WholeNumber.parser(1...1_000_000_000))
    var batch = Int(ExtensionPlan.usualBatch)

    @Flag(help: .said("All metrics of each document, with the percentile of the reference that they reach."))
    var metrics = false

    @Option(help: ArgumentHelp(say("Writes the list of documents that are kept, as JSONL."), valueName: "file"))
    var out: String?

    @Flag(help: .said("JSON in place of tables: an object with documents, mixture and plan."))
    var json = false

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if files.isEmpty, plan == nil {
            throw CommandError.combination(say("no documents: give FILES, or --plan N for a plan alone"))
        }
        for (name, value) in [("--share", share), ("--keep-short", keepShort)] {
            guard let value else { continue }
            guard value.isFinite, (0...1).contains(value) else {
                throw CommandError.outOfRange(option: name, value: "\(value)", takes: say("a number from 0 to 1"))
            }
        }
        if share != nil, keepShort != nil {
            throw CommandError.combination(say("--share and --keep-short are both given: leave one out"))
        }
        if withoutModel, model.model != nil {
            throw CommandError.combination(say("--model and --without-model are both given: leave one out"))
        }
    }

    func run() throws {
        let kept = try kinds()
        let loaded = withoutModel || files.isEmpty && model.model == nil ? nil : try model.load()
        var report = DataReport(plan: plan.map { extended(to: $0, loaded) })
        if !files.isEmpty {
            let inputs = try DataInputs(files)
            try OutputFile.check(out, reads: inputs.files, model: model)
            try OutputFile.check(makeReference, reads: inputs.files, model: model)
            var study = try DataStudy(loaded, threads: model.threadCount, pieces: pieces, domain: domain)
            try study.read(inputs.files)
            if let makeReference { return try write(Array(study.reference.text.utf8), to: makeReference) }
            let known = try reference.map { try LongTextReference(contentsOf: $0) } ?? SamplesFolder.reference()
            report.add(study, known, long: long, kept: kept, share: share, keepShort: keepShort)
            if let out { try write(Array(report.list.utf8), to: out) }
        }
        try StandardOutput.write(json ? JSONText.encode(report) : report.text(metrics: metrics))
    }

    private func extended(to target: Int, _ model: Model?) -> ExtensionPlan {
        ExtensionPlan(from: model?.shape.trainedWindow ?? 4096, to: target, batch: Double(batch))
    }

    private func kinds() throws -> Set<LongTextKind> {
        var kinds: Set<LongTextKind> = []
        for name in keep.split(separator: ",") {
            guard let kind = LongTextKind(rawValue: String(name)) else {
                let known = LongTextKind.allCases.map(\.rawValue).joined(separator: ",")
                throw CommandError.outOfRange(option: "--keep", value: keep, takes: say("kinds out of \(known)"))
            }
            kinds.insert(kind)
        }
        return kinds
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try ExportFile.write(to: path) { sink throws(ExportError) in try sink.append(bytes) }
    }
}

extension SamplesFolder {
    /// The reference corpus that comes along.
    static func reference() throws -> LongTextReference {
        try LongTextReference(contentsOf: path() + "/long-texts/reference.json")
    }
}
