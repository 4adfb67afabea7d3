import ArgumentParser
import RopewalkExport
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

/// `ropewalk ask mixer TEXT --layer L`: what a layer with a state in place of attention reads, in closed form.
struct AskMixerCommand: ParsableCommand {
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case keys, map, fading, state
    }

    static let configuration = CommandConfiguration(
        commandName: "mixer",
        abstract: say(
            "State spaces and RWKV: the hidden map of a channel or head, how it forgets, the size of its state."),
        discussion: say(
            """
            --show keys: a line for each of the tokens before --at with the highest |weight|. weight: what the output of --at \
            takes of the token's input (it may be below 0, and they have any sum); share: |weight| of the sum of all; left: what \
            is left of its part of the state, where all states of the channel fade alike (Mamba-2, RWKV).
            --show map: the same of every pair among the last --count tokens up to --at; products: Δ · C·B of the pair, before any \
            fading (Mamba-2).
            --show fading: a line a token. half_life: tokens until half of the state were left if all were like this one, of the \
            slowest state; log_sum: the sum of the logarithms of what was left so far.
            --show state: a line for each layer without attention: numbers of its state, those that attention keeps of every \
            token, and from how many tokens on that is more.
            The convolution before the state, the gate behind it and what passes by it are no part of a weight.
            """))

    @OptionGroup var ask: AskOptions

    @Option(
        help: ArgumentHelp(say("The layer. Default: the first without attention."), valueName: "layer"),
        transform: WholeNumber.parser(0...65_535))
    var layer: Int?

    @Option(
        help: ArgumentHelp(say("The head, of Mamba-2."), valueName: "head"),
        transform: WholeNumber.parser(0...(1 << 24)))
    var head: Int?

    @Option(
        help: ArgumentHelp(say("The channel, of Mamba and RWKV."), valueName: "channel"),
        transform: WholeNumber.parser(0...(1 << 24)))
    var channel: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(say("The token that reads. Default: the last one."), valueName: "token"),
        transform: AskedToken.parse)
    var at: Int?

    @Option(help: ArgumentHelp(say("keys, map, fading or state."), valueName: "part"))
    var show: Part = .keys

    @Option(
        help: ArgumentHelp(say("How many."), valueName: "n"), transform: WholeNumber.parser(1...TextOptions.tokenLimit))
    var count: Int = 20

    @OptionGroup var language: LanguageOption

    func run() throws {
        let asked = try ask.open(needsStates: true)
        let place = try place(in: asked)
        let query = at ?? asked.document.tokenCount - 1
        try asked.check("--at", query)
        let lens = try asked.lens()
        switch show {
        case .keys:
            guard let row = lens.mixerRow(layer: place.layer, unit: place.unit, query: query, keys: count) else {
                return
            }
            try ask.write(MixerTables.keys(row, asked))
        case .map: try ask.write(MixerTables.map(lens, place, last: query, count: min(count, 512)))
        case .fading:
            guard let fading = lens.mixerFading(layer: place.layer, unit: place.unit) else { return }
            try ask.write(MixerTables.fading(fading, asked))
        case .state: try ask.write(MixerTables.state(lens, asked.model))
        }
    }

    /// The layer and its channel or head.
    ///
    /// - Throws: where the model has no such.
    private func place(in asked: Asked) throws(CommandError) -> MixerPlace {
        let (model, traits) = (asked.model, asked.model.traits)
        guard let first = traits.mixerLayers.first else {
            throw .combination(say("all layers of \(model.name) have softmax attention: ask keys shows what they read"))
        }
        let layer = layer ?? first
        guard traits.decoder.indices.contains(layer) else {
            throw .outOfRange(
                option: "--layer", value: "\(layer)", takes: say("a layer, 0 to \((traits.decoder.count - 1).grouped)"))
        }
        guard let mixer = traits.decoder[layer].mixer else {
            throw .combination(
                say(
                    "layer \(layer) of \(model.name) has softmax attention; layers \(traits.mixerLayers.rangesText) have a state"
                ))
        }
        let (given, wrong) = mixer.hasHeads ? (head, channel) : (channel, head)
        let title = mixer.kind.title
        if wrong != nil {
            throw .combination(
                mixer.hasHeads
                    ? say("\(title) has \(mixer.units.grouped) heads: give --head in place of --channel")
                    : say("\(title) has \(mixer.units.grouped) channels: give --channel in place of --head"))
        }
        let unit = given ?? 0
        guard unit < mixer.units else {
            throw .outOfRange(
                option: mixer.hasHeads ? "--head" : "--channel", value: "\(unit)",
                takes: say("0 to \((mixer.units - 1).grouped)"))
        }
        return MixerPlace(layer: layer, unit: unit, mixer: mixer)
    }
}

/// A channel or head of a layer without attention.
private struct MixerPlace {
    let layer: Int
    let unit: Int
    let mixer: MixerTraits
}

/// The answers as tables.
private enum MixerTables {
    static func keys(_ row: MixerRow, _ asked: Asked) -> AnswerTable {
        let tokens = row.keys.map(\.token)
        return AnswerTable([
            .init("token", .integers(tokens)), asked.wordColumn(tokens),
            .init("distance", .integers(tokens.map { row.query - $0 })),
            .init("weight", .numbers(row.keys.map(\.weight))),
            .init("share", .numbers(row.keys.map(\.share))), .init("left", .numbers(row.keys.map { $0.left ?? .nan })),
            .init("around", .words(asked.surroundings(tokens))),
        ])
    }

    static func map(_ lens: Lens, _ place: MixerPlace, last: Int, count: Int) -> AnswerTable {
        let first = max(0, last + 1 - count)
        func window(_ matrix: MixerMatrix) -> MixerWindow? {
            lens.mixerWindow(
                MixerRequest(
                    layer: place.layer, units: place.unit..<place.unit + 1, matrix: matrix, firstQuery: first,
                    firstKey: first, rows: last + 1 - first, columns: last + 1 - first))
        }
        let pairs = (0...last - first).flatMap { row in (0...row).map { (row: row, column: $0) } }
        let columns = MixerMatrix.allCases.map { matrix -> AnswerTable.Column in
            let name = matrix == .map ? "weight" : matrix == .shares ? "share" : matrix == .fading ? "left" : "products"
            let found = window(matrix)
            return .init(name, .numbers(pairs.map { found?[$0.row, $0.column] ?? .nan }))
        }
        return AnswerTable(
            [
                .init("query", .integers(pairs.map { first + $0.row })),
                .init("key", .integers(pairs.map { first + $0.column })),
            ] + columns)
    }

    static func fading(_ fading: MixerFading, _ asked: Asked) -> AnswerTable {
        let tokens = Array(fading.halfLives.indices)
        return AnswerTable([
            .init("token", .integers(tokens)), asked.wordColumn(tokens), .init("half_life", .numbers(fading.halfLives)),
            .init("log_sum", .numbers(fading.logarithms)),
        ])
    }

    static func state(_ lens: Lens, _ model: Model) -> AnswerTable {
        let layers = model.traits.mixerLayers
        let sizes = layers.compactMap { lens.mixerStateSize(layer: $0) }
        let mixers = layers.compactMap { lens.mixer(layer: $0) }
        return AnswerTable([
            .init("layer", .integers(layers)), .init("kind", .words(mixers.map(\.kind.rawValue))),
            .init("channels", .integers(mixers.map(\.channels))), .init("units", .integers(mixers.map(\.units))),
            .init("states", .integers(mixers.map(\.states))), .init("state_numbers", .integers(sizes.map(\.numbers))),
            .init("cached_a_token", .integers(sizes.map(\.cachedPerToken))),
            .init("tokens", .integers(sizes.map(\.tokens))), .init("cached", .integers(sizes.map(\.cached))),
            .init("break_even", .integers(sizes.map(\.breakEven))),
        ])
    }
}
