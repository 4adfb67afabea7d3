import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What the cursor's query finds in a memory of keys.
struct RetrievalQuestion: Question {
    static var isSlow: Bool { true }

    let place: HeadQuery
    let settings: RetrievalSettings
    /// The run over another text; nil without one.
    let other: UInt64?

    func answer(_ witness: Witness, _ answers: inout Answers) -> Retrieval? {
        witness.lens(place.basis)?.retrieval(
            layer: place.layer, head: place.head, query: place.query, settings: settings,
            other: other == nil ? nil : witness.memory?.recording)
    }
}

/// The neighbours of the chunks of a text.
struct ChunkQuestion: Question {
    static var isSlow: Bool { true }

    let place: HeadQuery
    let chunk: Int
    let neighbours: Int
    let other: UInt64?

    func answer(_ witness: Witness, _ answers: inout Answers) -> ChunkRetrieval? {
        witness.lens(place.basis)?.chunkRetrieval(
            layer: place.layer, head: place.head, query: place.query, chunk: chunk, neighbours: neighbours,
            other: other == nil ? nil : witness.memory?.recording)
    }
}

/// The part of a state that a memory of keys is looked into with.
struct RetrievalSources: Sendable {
    let nearest: RetrievalQuestion?
    let chunks: ChunkQuestion?
    let showsChunks: Bool
    let other: MemoryText?
    let reading: String?
    let selected: Int?
    let own: AskWords
    let name: String

    init(_ state: AppState) {
        let place = state.focus.kind == .decoder ? state.sight.place : nil
        let run = state.memory.text?.recording.run
        nearest = place.map { RetrievalQuestion(place: $0, settings: state.retrievalSettings, other: run) }
        let method = state.scenario.stateSelection as? RETRO
        chunks = place.map {
            ChunkQuestion(
                place: $0, chunk: method?.chunk ?? 64, neighbours: state.io.nearest ?? method?.neighbours ?? 2,
                other: run)
        }
        showsChunks = state.io.showsChunks
        other = state.memory.text
        reading = state.memory.reading
        selected = state.selectedSlot
        own = AskWords(document: state.keyDocument)
        name = say("this text")
    }

    /// The lines' places in the texts, the first first; nil before anything is known.
    func places(_ answers: inout Answers) -> [(isOther: Bool, tokens: Range<Int>)]? {
        if showsChunks {
            return chunks.flatMap { answers.answer(whenKnown: $0) }??.readings.map {
                ($0.neighbour.isOther, $0.neighbour.tokens)
            }
        }
        return nearest.flatMap { answers.answer(whenKnown: $0) }??.entries.map { ($0.isOther, $0.token..<$0.token + 1) }
    }
}

extension AppState {
    /// What the page looks for: the numbers of the scenario, or as the reader has changed them.
    var retrievalSettings: RetrievalSettings {
        var settings = RetrievalSettings(scenario)
        if let nearest = io.nearest { settings.count = nearest }
        return settings
    }
}

extension RetrievalSources {
    /// The page; nil before anything is known.
    func view(_ look: Look, _ answers: inout Answers) -> RetrievalView? {
        if showsChunks {
            guard let chunks, let found = answers.answer(whenKnown: chunks) ?? nil else { return nil }
            return view(of: found, look)
        }
        guard let nearest, let found = answers.answer(whenKnown: nearest) ?? nil else { return nil }
        return view(of: found, nearest.settings, look)
    }

    private var otherWords: AskWords { AskWords(document: other?.document) }

    private func name(_ isOther: Bool) -> String { isOther ? other?.name ?? "?" : name }

    /// What the memory holds.
    private var holding: [[String]] {
        if let reading {
            return [[say("reading \(reading) ..."), say("reading ...")]]
        }
        guard let other else {
            return [[say("another text: \(ActionNames.memory)"), ActionNames.memory]]
        }
        let cut = other.recording.tokens < other.wanted
        let count = other.recording.tokens.grouped
        return [
            [cut ? say("\(other.name): the first \(count) tokens") : say("\(other.name): \(count) tokens"), other.name]
        ]
    }

    private func line(_ isOther: Bool, _ token: Int, _ numbers: [String], weight: Float) -> RetrievalView.Line {
        let words = isOther ? otherWords : own
        let row = words.row(token, cells: [])
        return RetrievalView.Line(
            cells: [name(isOther), token.grouped] + numbers, before: row.before, word: row.word, after: row.after,
            weight: weight)
    }

    /// How many keys are looked for among how many.
    static func counted(_ count: Int, of candidates: Int) -> [String] {
        guard candidates > 0 else { return [say("no key to look up yet")] }
        let count = min(count, candidates).grouped
        return [
            say("the \(count) nearest of \(candidates.grouped) keys, without positions"),
            say("\(count) of \(candidates.grouped) keys"),
        ]
    }

    private func view(of found: Retrieval, _ settings: RetrievalSettings, _ look: Look) -> RetrievalView {
        let fixed = { (value: Float) in Figures.fixed(Double(value), 2) }
        let summary =
            [Self.counted(settings.count, of: found.candidates)] + holding + [
                [
                    say("beside the last \(found.window.count.grouped) keys"),
                    say("window \(found.window.count.grouped)"),
                ]
            ]
        let errors = [
            [
                say(
                    "≈ not trained for it: output error \(fixed(found.gatedError)) with a gate of \(fixed(found.gate))"),
                say("≈ error \(fixed(found.gatedError)), gate \(fixed(found.gate))"), "≈ \(fixed(found.gatedError))",
            ],
            [
                say("\(fixed(found.jointError)) in one softmax (memory \(fixed(found.jointShare)))"),
                say("one softmax \(fixed(found.jointError))"),
            ],
            [say("\(fixed(found.localError)) of the last keys alone"), say("alone \(fixed(found.localError))")],
        ]
        return RetrievalView(
            // Where nothing is read of a memory, nothing is in error.
            summary: summary, errors: found.entries.isEmpty ? [] : errors,
            titles: [say("source"), say("token"), say("cosine"), say("memory softmax"), say("one softmax")],
            lines: found.entries.map {
                line(
                    $0.isOther, $0.token,
                    [fixed($0.cosine), Figures.weight($0.weight), Figures.weight($0.joint)], weight: $0.joint)
            }, selected: selected,
            empty: say(
                """
                No key lies before the window of \(settings.window.grouped), in which are all \(found.window.count.grouped): \
                memory FILE reads another text.
                """),
            look: look)
    }

    /// Why no neighbours are there.
    private func emptiness(_ found: ChunkRetrieval) -> String {
        if let other, other.recording.tokens < found.chunk {
            return say(
                """
                No neighbours: \(other.name) has \(other.recording.tokens.grouped) tokens, fewer than a chunk of \
                \(found.chunk.grouped).
                """)
        }
        return say("No neighbours: memory FILE reads another text to find them in.")
    }

    private func view(of found: ChunkRetrieval, _ look: Look) -> RetrievalView {
        let lines = found.readings.map { reading in
            line(
                reading.neighbour.isOther, reading.neighbour.tokens.lowerBound,
                [
                    reading.neighbour.tokens.count.grouped, Figures.fixed(Double(reading.neighbour.distance), 2),
                    Figures.weight(reading.weight),
                ], weight: reading.weight)
        }
        let chunk: [String] =
            found.readChunk.map {
                [
                    say("reads the neighbours of chunk \($0.grouped), of \(found.chunk.grouped) tokens"),
                    say("chunk \($0.grouped)"),
                ]
            } ?? [say("no chunk of \(found.chunk.grouped) tokens is complete yet")]
        return RetrievalView(
            summary: [chunk] + holding,
            errors: [
                [
                    say(
                        "≈ not trained for it: neighbours by means of last states, the head's own query with their keys"
                    ),
                    say("≈ not trained for it"),
                ]
            ],
            titles: [say("source"), say("token"), say("tokens"), say("distance"), say("share")], lines: lines,
            selected: selected, empty: emptiness(found), look: look)
    }

    /// In the border.
    func facts(_ answers: inout Answers) -> [[String]] {
        guard !showsChunks, let nearest, let found = answers.answer(whenKnown: nearest) ?? nil else {
            return [[say("≈ neighbours"), "≈"]]
        }
        guard !found.entries.isEmpty else { return [] }
        let error = Figures.fixed(Double(found.gatedError), 2)
        return [[say("≈ output error \(error) of this row"), say("≈ error \(error)"), "≈ \(error)"]]
    }
}

/// Actions as they are typed, which stay English.
private enum ActionNames {
    static let memory = "memory FILE"
}
