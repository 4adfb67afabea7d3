import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask experts TEXT`: what routers chose.
struct AskExpertsCommand: ParsableCommand {
    enum Unit: String, CaseIterable, ExpressibleByArgument {
        case token, expert, layer
    }

    static let configuration = CommandConfiguration(
        commandName: "experts", abstract: say("Which experts work on which tokens, how evenly, and who finds no room."),
        discussion: say(
            """
            Of models whose feed-forward layers are experts that a router chooses (Mixtral, Qwen, DeepSeek, gpt-oss, Switch ...); of one \
            with an encoder and a decoder, the encoder's.
            --by token: a line for every expert of every token. rank: 0 for the strongest. gate: what the expert is multiplied by. \
            probability: of all experts, 1 in all (softmax, or each one's sigmoid by their sum). entropy: of these, bits. before: \
            tokens that chose the expert earlier. dropped: 1 where it has room for no more. shared: what the expert that works for every \
            token is multiplied by.
            --by expert: a line for every expert: tokens, their share, the mean probability, tokens it has no room for.
            --by layer: balance is E · Σ f · P, the auxiliary loss without its α (as many as a token has experts where all have the same), \
            z_loss the mean of (ln Σ exp of the logits)².
            An expert has room for the first ⌊tokens · CF / experts⌋ tokens with --capacity CF: what would be dropped, not a run. Without it: for \
            as many as the model's configuration says (Switch), which the run dropped; in other models for all.
            """))

    @OptionGroup var ask: AskOptions

    @Option(
        help: ArgumentHelp(say("Layers, such as 0,2-3. Default: all with a router."), valueName: "list"),
        transform: IndexList.parse)
    var layers: IndexList?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("CF: an expert has room for ⌊tokens · CF / experts⌋ tokens."), valueName: "factor"),
        transform: CapacityFactor.parse)
    var capacity: Double?

    @Option(help: ArgumentHelp(say("What a line is about: token, expert or layer."), valueName: "unit"))
    var by: Unit = .token

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open(needsStates: true)
        guard asked.model.traits.experts != nil else {
            throw CommandError.combination(
                say("\(asked.model.name) has no router: every layer has one feed-forward network"))
        }
        let chosen = try layers?.indices(below: asked.routedShape.layers, option: "--layers")
        let recording = try asked.readerOfText()
        let routed = RouterReading.layers(of: recording)
        if let missing = chosen?.first(where: { !routed.contains($0) }) {
            throw CommandError.combination(
                say(
                    "layer \(missing) of \(asked.model.name) has no router: layers \(routed.map(String.init).joined(separator: ", ")) have"
                ))
        }
        let readings = (chosen ?? routed).compactMap { RouterReading(recording, layer: $0) }
        let lines = readings.map { ExpertLines(router: $0, loads: ExpertLoads($0), factor: capacity) }
        switch by {
        case .token: try ask.write(ExpertLines.byToken(lines, asked))
        case .expert: try ask.write(ExpertLines.byExpert(lines))
        case .layer: try ask.write(ExpertLines.byLayer(lines))
        }
    }
}

extension Asked {
    /// The sizes of what reads the text as it is: of a pair the encoder.
    var routedShape: ModelShape { model.traits.encoderShape ?? model.shape }

    /// The recording of what reads the text as it is.
    func readerOfText() throws(ModelError) -> Recording {
        let run = try Run(model: model, scenario: scenario, threads: threads).record(ModelInputs(ids: document.ids))
        guard let recording = run.encoder ?? run.main else { throw .noTokens }
        return recording
    }
}

/// A capacity factor as `--capacity 1.25` names it.
enum CapacityFactor {
    struct NotAFactor: Error, CustomStringConvertible {
        var description: String { say("it takes a number from 0 to 1024, such as 1.25") }
    }

    static func parse(_ text: String) throws -> Double {
        guard let factor = Double(text), (0...1024).contains(factor) else { throw NotAFactor() }
        return factor
    }
}

/// What the router of a layer chose, in lines.
struct ExpertLines {
    let router: RouterReading
    let loads: ExpertLoads
    /// Nil for the capacity of the run.
    let factor: Double?

    /// Nil where every expert has room for all.
    private var capacity: Int? { factor.map(loads.capacity) ?? loads.ownCapacity }

    static func byToken(_ layers: [ExpertLines], _ asked: Asked) -> AnswerTable {
        let places = layers.flatMap { lines in
            (0..<lines.loads.positions.count).map { (lines: lines, token: $0 / lines.router.chosen, place: $0) }
        }
        let gates = layers.flatMap { lines in (0..<lines.router.tokens).flatMap { lines.gates($0) } }
        let chosen = layers.flatMap { lines in
            (0..<lines.router.tokens).flatMap { token in
                let probabilities = lines.router.probabilities(token)
                return lines.router.experts(token).map { Float(probabilities[$0]) }
            }
        }
        let dropped = layers.flatMap { lines in
            lines.loads.dropped(capacity: lines.capacity ?? .max).map { $0 ? 1 : 0 }
        }
        return AnswerTable([
            .init("layer", .integers(places.map(\.lines.router.layer))),
            .init("token", .integers(places.map(\.token))), asked.wordColumn(places.map(\.token)),
            .init("rank", .integers(places.map { $0.place % $0.lines.router.chosen })),
            .init("expert", .integers(places.map { Int($0.lines.loads.experts[$0.place]) })),
            .init("gate", .numbers(gates)), .init("probability", .numbers(chosen)),
            .init("entropy", .numbers(places.map { $0.lines.loads.entropies[$0.token] })),
            .init("before", .integers(places.map { Int($0.lines.loads.positions[$0.place]) })),
            .init("dropped", .integers(dropped)),
            .init("shared", .numbers(places.map { $0.lines.router.sharedWeight($0.token) ?? .nan })),
        ])
    }

    /// What the experts of a token are multiplied by, had each room for all.
    private func gates(_ token: Int) -> [Float] { router.gates(token).map { Float($0) } }

    static func byExpert(_ layers: [ExpertLines]) -> AnswerTable {
        let places = layers.flatMap { lines in lines.loads.loads.indices.map { (lines: lines, expert: $0) } }
        func load(_ place: (lines: ExpertLines, expert: Int)) -> Int { place.lines.loads.loads[place.expert] }
        return AnswerTable([
            .init("layer", .integers(places.map(\.lines.router.layer))),
            .init("expert", .integers(places.map(\.expert))), .init("tokens", .integers(places.map(load))),
            .init("share", .numbers(places.map { Float($0.lines.loads.shares[$0.expert]) })),
            .init("mean_probability", .numbers(places.map { Float($0.lines.loads.meanProbabilities[$0.expert]) })),
            .init("capacity", .integers(places.map { $0.lines.capacity ?? $0.lines.loads.tokens })),
            .init(
                "dropped", .integers(places.map { place in place.lines.capacity.map { max(0, load(place) - $0) } ?? 0 })
            ),
        ])
    }

    static func byLayer(_ layers: [ExpertLines]) -> AnswerTable {
        func numbers(_ value: (ExpertLines) -> Double) -> AnswerTable.Column.Values {
            .numbers(layers.map { Float(value($0)) })
        }
        return AnswerTable([
            .init("layer", .integers(layers.map(\.router.layer))),
            .init("experts", .integers(layers.map(\.router.count))),
            .init("chosen", .integers(layers.map(\.router.chosen))),
            .init("shared", .integers(layers.map { $0.router.hasShared ? 1 : 0 })),
            .init("tokens", .integers(layers.map(\.loads.tokens))),
            .init("entropy", numbers(\.loads.meanEntropy)), .init("balance", numbers(\.loads.auxiliaryLoss)),
            .init("z_loss", numbers(\.loads.zLoss)),
            .init("busiest", .integers(layers.map { $0.loads.loads.max() ?? 0 })),
            .init("idlest", .integers(layers.map { $0.loads.loads.min() ?? 0 })),
            .init("capacity", .integers(layers.map { $0.capacity ?? $0.loads.tokens })),
            .init("dropped", numbers { $0.loads.droppedShare(capacity: $0.capacity ?? .max) }),
            .init("lost_tokens", .integers(layers.map { $0.loads.lostTokens(capacity: $0.capacity ?? .max) })),
        ])
    }
}
