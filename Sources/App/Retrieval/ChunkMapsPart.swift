import RopewalkCellGrid
import RopewalkPhrases
import RopewalkRetrieval
import RopewalkViews

/// The page of retrieval of the Loss panel: what it shows of the state.
struct ChunkMapsPart {
    private let map: ChunkMap?
    /// Line and first words of each chunk.
    private let names: [ChunkName]
    private let selected: ChunkMapsView.Place
    private let obstacle: String?
    private let isPaused: Bool
    /// Tokens of the text, and those that are looked at.
    private let tokens: (all: Int, shown: Int)

    init(_ state: AppState) {
        let question = state.chunkMapQuestion
        let map = question.flatMap { state.passages.map(of: $0) }
        obstacle = state.chunkMapObstacle ?? map?.problem
        self.map = map
        selected = state.chunkPlace
        isPaused = state.losses.isPaused
        tokens = (state.tokenCount, question?.tokens ?? 0)
        let text = state.sources.text.value
        names = (map?.chunks ?? []).map { ChunkName($0, in: text) }
    }

    func view(_ look: Look) -> ChunkMapsView {
        guard let map, obstacle == nil else {
            return ChunkMapsView(
                names: [], attention: [], retrieved: [], leaks: [], selected: selected, lines: [], hits: [],
                obstacle: obstacle ?? (isPaused ? say("stopped") : say("chunks are being looked up ...")), look: look)
        }
        return ChunkMapsView(
            names: names.map { "\($0.place)  \($0.words)" }, attention: map.attention,
            retrieved: map.found.map { $0.hits.map(\.chunk) },
            leaks: map.found.map { Set($0.leftOut.map(\.chunk)) }, selected: selected, lines: lines(map),
            hits: hits(map), obstacle: nil, look: look)
    }

    /// What is known of the chunk that reads, of the selected pair, and of all.
    private func lines(_ map: ChunkMap) -> [String] {
        let (row, column) = (min(selected.row, map.chunks.count - 1), min(selected.column, map.chunks.count - 1))
        let agreement = map.agreement
        var lines = [
            say("chunk \(row), \(names[row].place): \(names[row].words)"),
            pair(row, column, map) + " · " + names[column].words,
        ]
        if agreement.retrieved.indices.contains(row), let recall = agreement.recall(row) {
            let found = Self.list(agreement.retrieved[row])
            let read = Self.list(agreement.read(row))
            lines.append(
                say(
                    "chunk \(row): retrieved \(found); reads most \(read); recall \(Self.share(recall)), by chance \(Self.share(agreement.chance(row))), mass \(Self.share(agreement.mass(row)))"
                ))
        } else {
            lines.append(say("chunk \(row): nothing before it to compare"))
        }
        if let mean = agreement.mean {
            lines.append(
                say(
                    "mean of \(agreement.attention.count) chunks: recall \(Self.share(mean.recall)), by chance \(Self.share(mean.chance)), mass \(Self.share(mean.mass))"
                ))
        }
        return lines
    }

    /// What was found for the chunk that reads, a line each: rank, place, both scores, attention and first words.
    private func hits(_ map: ChunkMap) -> [String] {
        let row = min(selected.row, map.chunks.count - 1)
        guard map.found.indices.contains(row) else { return [] }
        let cells = map.found[row].hits.enumerated().map { place, hit in
            let weight = map.attention.indices.contains(row) ? Figures.weight(map.attention[row][hit.chunk]) : "—"
            let terms = hit.byTerms.map { "#\($0.rank) \(Figures.fixed($0.score, 1))" } ?? "–"
            let states = hit.byVector.map { "#\($0.rank) \(Figures.fixed($0.score, 2))" } ?? "–"
            return [
                "#\(place + 1)", say("chunk \(hit.chunk)"), names[hit.chunk].place, say("terms \(terms)"),
                say("states \(states)"), say("reads \(weight)"), names[hit.chunk].words,
            ]
        }
        return ColumnText.lines(cells)
    }

    /// What one chunk reads of another, and how it was found.
    private func pair(_ row: Int, _ column: Int, _ map: ChunkMap) -> String {
        let reads =
            map.attention.indices.contains(row) && column <= row
            ? say(
                "chunk \(row) gives chunk \(column) (\(names[column].place)) \(Figures.weight(map.attention[row][column])) of its attention"
            )
            : say("chunk \(row), chunk \(column)")
        guard map.found.indices.contains(row) else { return reads }
        if let place = map.found[row].hits.firstIndex(where: { $0.chunk == column }) {
            let hit = map.found[row].hits[place]
            let terms = hit.byTerms.map { "#\($0.rank) \(Figures.fixed($0.score, 1))" } ?? "–"
            let states = hit.byVector.map { "#\($0.rank) \(Figures.fixed($0.score, 2))" } ?? "–"
            return reads + say("; retrieved #\(place + 1): terms \(terms), states \(states)")
        }
        switch map.found[row].leftOut.first(where: { $0.chunk == column })?.leak {
        case .overlaps: return reads + say("; left out: it asks itself")
        case .later: return reads + say("; left out: it comes later")
        case nil: return reads + say("; not retrieved")
        }
    }

    private static func list(_ chunks: [Int]) -> String { chunks.map(String.init).joined(separator: " ") }
    private static func share(_ value: Double?) -> String { value.map { Figures.fixed($0, 2) } ?? "—" }

    /// How far it is, and what is left out.
    private var notes: [String] {
        var notes: [String] = []
        if let map, !map.isComplete {
            notes.append(
                isPaused ? say("stopped") : "\(100 * map.attention.count / max(1, map.chunks.count)) %")
        }
        if tokens.shown < tokens.all, tokens.shown > 0 {
            notes.append(say("the first \(tokens.shown.grouped) tokens"))
        }
        return notes
    }

    private var chunks: String {
        guard let map, obstacle == nil else { return "" }
        return Figures.count(map.chunks.count, "chunk")
    }

    func picture(in inner: Rect, _ look: Look) -> PanelPicture {
        let view = view(look)
        let facts = notes.joined(separator: " · ")
        return PanelPicture(
            facts: Panel.loss.facts(
                [[[say("retrieval"), chunks, facts].filter { !$0.isEmpty }.joined(separator: " · "), facts]],
                in: inner),
            footer: say("chunks of \(ChunkMap.plan.size) tokens; terms and states by reciprocal rank")
        ) { view.draw(in: $0, on: &$1) }
    }

    func figure(_ look: Look) throws(AppError) -> Figure {
        guard var figure = view(look).figure else {
            throw .noFigure(obstacle ?? say("no attention is summed by chunks yet"))
        }
        figure.facts = [say("exact runs")] + notes
        return figure
    }

    /// A press selects a pair, a second one goes there; the wheel goes from chunk to chunk.
    func actions(of mouse: Mouse, in inner: Rect, look: Look) -> [Action] {
        if let wheel = mouse.wheel { return [.passages(.move(Steps(rows: wheel, columns: 0)))] }
        guard let place = view(look).place(x: mouse.x, y: mouse.y, in: inner) else { return [] }
        let steps = Steps(rows: place.row - selected.row, columns: place.column - selected.column)
        let move = steps == Steps(rows: 0, columns: 0) ? [] : [Action.passages(.move(steps))]
        return move + (mouse.action == .doublePress ? [.passages(.open)] : [])
    }
}
