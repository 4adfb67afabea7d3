import ArgumentParser
import Foundation
import RopewalkExport
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask computed TEXT --at Q`.
struct AskComputedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "computed",
        abstract: say("What each layer computes for a token: keys that are read, experts that work."),
        discussion: say(
            """
            keys: how many a head reads, fewest and most of the layer's heads; of: all that there are. hidden_by: the methods and windows that \
            hide the others. experts: those that work, with what they are multiplied by; a dropped one is in brackets. FLOP, two a \
            multiplication: attention 4 · keys · dimension in every head, projections of queries, keys, values and outputs, the \
            feed-forward network or the router with the experts that work. Norms, the embedding and the vocabulary are not counted. Of \
            a model with an encoder and a decoder: the encoder's layers.
            """))

    @OptionGroup var ask: AskOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp(say("The token, counted from 0."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open(needsStates: true)
        try asked.check("--at", at)
        let recording = try asked.readerOfText()
        let lens = Lens(recording: recording, threads: asked.threads)
        let layers = lens.computed(for: at, work: asked.model.layerWork(recording.kind))
        func numbers(_ value: (ComputedLayer) -> Double) -> AnswerTable.Column.Values {
            .integers(layers.map { Int(exactly: value($0).rounded()) ?? .max })
        }
        try ask.write(
            AnswerTable([
                .init("layer", .integers(layers.map(\.layer))),
                .init("fewest_keys", .integers(layers.map(\.fewestKeys))),
                .init("most_keys", .integers(layers.map(\.mostKeys))),
                .init("of", .integers(layers.map(\.reachable))),
                .init("hidden_by", .words(layers.map { $0.isRecurrent ? "state" : $0.windows.joined(separator: " ") })),
                .init("experts", .words(layers.map(\.expertWords))), .init("attention", numbers(\.attentionFLOPs)),
                .init("projections", numbers(\.projectionFLOPs)), .init("feed_forward", numbers(\.feedForwardFLOPs)),
                .init("flop", numbers(\.flops)),
            ]))
    }
}

extension ComputedLayer {
    /// "3:0.61 1:0.39 shared:1.00"; empty for a layer with one feed-forward network.
    fileprivate var expertWords: String {
        let own = experts.map { expert in
            let words = "\(expert.expert):\(String(format: "%.2f", expert.weight))"
            return expert.isDropped ? "[\(expert.expert)]" : words
        }
        return (own + (sharedWeight.map { ["shared:\(String(format: "%.2f", $0))"] } ?? [])).joined(separator: " ")
    }
}
