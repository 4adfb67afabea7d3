import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// What stands around the text: the anchor's sentence below it, the whole document beside it.
struct TextSides: Sendable {
    private let focus: Focus
    private let sight: Sight
    /// Of the model whose attention the text shows, and its head.
    private let reader: Sight
    private let head: String
    private let keys: Document?
    private let painted: Document?
    /// The cursor as a token of the text that is painted.
    private let cursor: Int?
    /// Those that are read.
    private let tokens: Int
    /// First tokens that the scale leaves out.
    private let leftOut: Int
    /// The tokens on the screen.
    private let shown: Range<Int>
    private let hits: [Range<Int>]
    /// What is asked about together, of the first model.
    private let querySpan: TokenSpan?
    private let keySpan: TokenSpan?

    /// - Parameter bytes: those on the screen.
    /// What is said where there are no weights.
    private let unknown: String

    init(_ state: AppState, showing bytes: Range<Int>) {
        unknown = (state.showsSecondText ? nil : state.attentionObstacle) ?? say("not read yet")
        focus = state.focus
        sight = state.sight
        reader = state.textSight
        head = state.textHead.first ?? ""
        keys = state.keyDocument
        painted = state.paintedDocument
        cursor = state.tokenCount > 0 ? state.keyPlace(ofQuery: state.focus.cursor) : nil
        tokens = min(state.tokenCount, state.paintedDocument?.tokenCount ?? 0)
        leftOut = state.appearance.sinksLeftOut
        shown = state.paintedDocument?.tokens(in: bytes) ?? 0..<0
        querySpan = state.showsSecondText ? nil : state.querySpan
        keySpan = state.showsSecondText ? nil : state.keySpan
        hits = state.window.showsHits ? state.window.search?.hits ?? [] : []
    }

    func anchor(_ look: Look, _ answers: inout Answers) -> AnchorPane? {
        guard let keys, let key = sight.key(&answers), key < keys.tokenCount else { return nil }
        return AnchorPane(document: keys, token: key, words: words(of: key, &answers), look: look)
    }

    /// What is known of the anchor, the longest wording first.
    private func words(of key: Int, _ answers: inout Answers) -> [String] {
        if querySpan != nil || keySpan != nil { return spanWords(of: key, &answers) }
        guard let place = reader.place, let keyEnd = reader.keyEnd else { return [unknown] }
        guard key < keyEnd else { return reader.missingPair(&answers) }
        guard let weights = reader.row(&answers)?.weights, weights.indices.contains(key) else {
            return [unknown]
        }
        let weight = Figures.weight(weights[key])
        let distance = place.query - key
        let away =
            focus.kind == .cross
            ? ""
            : distance > 0
                ? say(" · \(distance.grouped) before") : distance < 0 ? say(" · \((-distance).grouped) after") : ""
        return [say("weight \(weight) in \(head)\(away)"), say("weight \(weight)\(away)"), weight]
    }

    /// What the keys that stay together get, of the cursor or of the mean of what is selected.
    private func spanWords(of key: Int, _ answers: inout Answers) -> [String] {
        guard let place = reader.place else { return [unknown] }
        let keys = keySpan ?? TokenSpan(key)
        let weights =
            querySpan.map {
                answers.answer(
                    deepening: SpanRowQuestion(
                        basis: place.basis, layer: place.layer, head: place.head, queries: $0)
                ).mean
            } ?? reader.row(&answers)?.weights ?? []
        let sum = Figures.weight(
            keys.ranges.reduce(0) { $0 + weights[$1.clamped(to: 0..<weights.count)].reduce(0, +) })
        let read = keys.count > 1 ? say("\(keys.count.grouped) tokens: ") : ""
        let reads = querySpan.map { say(" from \($0.count.grouped) selected") } ?? ""
        return [say("\(read)weight \(sum) in \(head)\(reads)"), say("\(read)weight \(sum)"), sum]
    }

    /// - Parameter rows: of the screen.
    func strip(rows: Int, paint: TextPaint, _ look: Look, _ answers: inout Answers) -> TextStrip? {
        guard let painted, tokens > 0, rows > 0 else { return nil }
        return TextStrip(
            tokens: tokens, paint: paint, leftOut: leftOut, cursor: cursor, anchor: sight.key(&answers),
            shown: shown, hitRows: hitRows(rows, of: painted), look: look)
    }

    private func hitRows(_ rows: Int, of document: Document) -> Set<Int> {
        guard !hits.isEmpty else { return [] }
        return Set(
            (0..<rows).filter { row in
                let part = TextStrip.tokens(ofCell: row, of: rows, tokens: tokens)
                let start = document.byteRange(ofToken: part.lowerBound).lowerBound
                let end = document.byteRange(ofToken: part.upperBound - 1).upperBound
                let first = hits.partitioningIndex { $0.upperBound > start }
                return first < hits.count && hits[first].lowerBound < end
            })
    }
}
