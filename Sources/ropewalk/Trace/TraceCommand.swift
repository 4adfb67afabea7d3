import ArgumentParser
import Foundation
import RopewalkFormats
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// `ropewalk trace TEXT --out F.safetensors`.
struct TraceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: say("Runs a model over a text and writes what it computed, as safetensors."),
        discussion: say(
            """
            --layers and --heads choose of what attention has: attentions, queries, keys, values and logsumexp. Keys and \
            values are those of the key/value heads that the chosen heads read; where not all are written, the metadata \
            of the file names layers, heads and key_value_heads in their order.

            Of a recording in a folder, given as TEXT, what needs no weights is written: attentions, queries, keys, values, logsumexp \
            and nll.
            """))

    /// Attention maps of more tokens are written in part only.
    static let wholeMapLimit = 4096
    private static let rowsForm = say("one range, such as 0-511")

    @OptionGroup var text: TextOptions

    @Option(help: ArgumentHelp(say("A safetensors file with input_ids [1, N], in place of TEXT."), valueName: "file"))
    var inputs: String?

    @Option(help: ArgumentHelp(say("The file to write."), valueName: "file"))
    var out: String

    @Option(
        help: ArgumentHelp(
            say("Tensors joined by commas: \(TraceKind.allCases.map(\.rawValue).joined(separator: ", ")), all."),
            valueName: "names"))
    var record: String = TraceKind.logits.rawValue

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("Adds greedy.ids and greedy.logits of K greedy steps."), valueName: "k"),
        transform: WholeNumber.parser(1...4096))
    var greedy: Int?

    @Option(
        help: ArgumentHelp(
            say("Tokens of attention maps and logits, first and last, such as 0-511."), valueName: "a-b"),
        transform: IndexList.parser(Self.rowsForm))
    var rows: IndexList?

    @OptionGroup var model: ModelOptions
    @OptionGroup var scenario: ScenarioOptions
    @OptionGroup var selection: HeadOptions

    @OptionGroup var language: LanguageOption

    func validate() throws {
        if inputs != nil, text.text != nil || text.ids != nil {
            throw CommandError.combination(say("--inputs excludes TEXT and --ids: leave one out"))
        }
        if let rows, rows.ranges.count != 1 {
            throw CommandError.outOfRange(option: "--rows", value: rows.text, takes: Self.rowsForm)
        }
    }

    func run() throws {
        let model = try model.load(for: text, needsTokenizer: text.ids == nil && inputs == nil)
        let kinds = try kinds(of: model)
        let chosen = try scenario.scenario(for: model)
        let scenario =
            try self.inputs == nil ? text.ofRecording(self.model).boundToRecorded(chosen, for: model) : chosen
        let inputs = try modelInputs(model)
        let parts = try recordedParts(model)
        let selection = TraceSelection(
            kinds: kinds, layers: parts.layers, heads: parts.heads,
            rows: try mapRows(tokens: inputs.ids.count, kinds: kinds))
        try OutputFile.check(
            out, reads: self.inputs.map { [$0] } ?? text.files() + scenario.maskFiles, model: self.model)
        try TraceFile.checkFolder(of: out)
        let run = Run(
            model: model, scenario: scenario, threads: self.model.threadCount,
            keepsStates: kinds.contains(where: \.needsStates))
        let trace = Trace(
            model: model, recordings: try run.record(inputs), selection: selection, threads: self.model.threadCount)
        if trace.tensors.isEmpty {
            throw CommandError.combination(say("\(model.name) has no \(record): see --record for what it may have"))
        }
        if greedy != nil { try model.requireWeights(for: say("greedy steps are made with them")) }
        if greedy != nil, !model.kinds.contains(.decoder) || !model.hasHead {
            throw CommandError.combination(say("\(model.name) predicts no next token: leave out --greedy"))
        }
        try TraceFile(trace: trace, inputs: inputs, greedySteps: greedy ?? 0, threads: self.model.threadCount)
            .write(to: out)
    }

    /// The tensors that are asked for: of a recording all that are there, and none that only weights make.
    private func kinds(of model: Model) throws -> Set<TraceKind> {
        let kinds = try Self.kinds(record)
        guard !model.hasWeights else { return kinds }
        let needy = TraceKind.allCases.filter { kinds.contains($0) && !$0.isRecorded }
        guard let first = needy.first else { return kinds }
        if record.split(separator: ",").contains("all") { return kinds.filter(\.isRecorded) }
        let known = TraceKind.allCases.filter(\.isRecorded).map(\.rawValue).joined(separator: ",")
        try model.requireWeights(
            for: say("\(first.rawValue) is made with them: give --record \(known), or some of these"))
        return kinds
    }

    /// The layers and heads that are written: without a choice those that a recording has.
    /// - Throws: where one that is chosen was not recorded.
    private func recordedParts(_ model: Model) throws -> (layers: [Int], heads: [Int]) {
        let shape = Self.largest(model)
        var (layers, heads) = (try selection.layers(of: shape), try selection.heads(of: shape))
        guard !model.hasWeights, let recording = model.stored?.recordings.main, let recorded = recording.recordedHeads
        else { return (layers, heads) }
        if selection.layers == nil { layers = recorded.layers }
        if selection.heads == nil {
            heads = heads.filter { head in layers.allSatisfy { recorded.contains(layer: $0, head: head) } }
        }
        for layer in layers {
            for head in heads where !recorded.contains(layer: layer, head: head) {
                throw CommandError.combination(
                    say(
                        "\(model.name): layer \(layer), head \(head) is not recorded: choose others with --layers and --heads"
                    ))
            }
        }
        guard !layers.isEmpty, !heads.isEmpty else {
            throw CommandError.combination(
                say("\(model.name) has recorded different heads of its layers: choose some with --layers and --heads"))
        }
        return (layers, heads)
    }

    /// The most layers and heads that a stack of the model has.
    private static func largest(_ model: Model) -> ModelShape {
        var shape = model.shape
        for kind in model.kinds {
            shape.layers = max(shape.layers, model.traits.shape(kind).layers)
            shape.heads = max(shape.heads, model.traits.shape(kind).heads)
        }
        return shape
    }

    private func modelInputs(_ model: Model) throws -> ModelInputs {
        guard let inputs else {
            return ModelInputs(ids: try text.ofRecording(self.model).tokenIDs(of: model))
        }
        return try TraceInputs(contentsOf: inputs).inputs.prefix(text.tokens ?? .max)
    }

    private static func kinds(_ names: String) throws(CommandError) -> Set<TraceKind> {
        var kinds: Set<TraceKind> = []
        for name in names.split(separator: ",", omittingEmptySubsequences: false) {
            if name == "all" {
                kinds.formUnion(TraceKind.allCases)
            } else if let kind = TraceKind(rawValue: String(name)) {
                kinds.insert(kind)
            } else {
                throw .unknownRecord(String(name), known: TraceKind.allCases.map(\.rawValue))
            }
        }
        return kinds
    }

    private func mapRows(tokens: Int, kinds: Set<TraceKind>) throws(CommandError) -> Range<Int>? {
        guard let range = rows?.ranges.first else {
            guard tokens <= Self.wholeMapLimit || !kinds.contains(.attentions) else {
                throw .combination(
                    say(
                        """
                        attentions of \(tokens.grouped) tokens are more than \(Self.wholeMapLimit.grouped) rows: \
                        give --rows a-b
                        """))
            }
            return nil
        }
        guard range.upperBound < tokens else {
            throw .outOfRange(
                option: "--rows", value: rows?.text ?? "", takes: say("indices 0 to \((tokens - 1).grouped)"))
        }
        return range.lowerBound..<range.upperBound + 1
    }
}
