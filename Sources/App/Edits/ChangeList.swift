import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What a change of the text changed: predictions and attention at the cursor, and losses anywhere.
package struct ChangeList: Equatable, Sendable {
    struct Line: Equatable, Sendable {
        let text: String
        /// "0.01 → 0.31".
        let numbers: String
        /// Where it is; nil for what is nowhere, and for headings.
        var token: Int?
        var isHeading = false
    }

    let remark: String
    let lines: [Line]
    private(set) var selected = 0

    init(remark: String, lines: [Line]) {
        self.remark = remark
        self.lines = lines
        selected = lines.firstIndex { $0.token != nil } ?? 0
    }

    var token: Int? { lines.indices.contains(selected) ? lines[selected].token : nil }

    mutating func select(_ index: Int) { selected = min(max(0, index), max(0, lines.count - 1)) }

    func box(size: Size) -> ListBox {
        ListBox(
            title: say("What \(remark) changes"), footer: say("Enter go there  Esc close"),
            rows: lines.map {
                ListBox.Row(text: ($0.isHeading ? "" : "  ") + $0.text, facts: $0.numbers, isWeak: $0.isHeading)
            },
            selected: selected, size: size)
    }
}

extension Answers {
    /// Everything that is known of it.
    mutating func changes(in state: AppState) -> ChangeList? {
        guard let original = state.original else { return nil }
        var lines: [ChangeList.Line] = []
        lines += predictions(original, state)
        if let question = RowChangeQuestion(state), let change = answer(to: question) {
            let name = "L\(state.focus.layer) H\(state.focus.head)"
            lines.append(
                ChangeList.Line(text: say("Read by the cursor in \(name)"), numbers: say("weights"), isHeading: true))
            lines += Self.lines(change, count: 8, first: 0, document: state.keyDocument) { Figures.weight($0) }
        }
        if let question = LossChangeQuestion(state), let change = answer(to: question) {
            lines.append(ChangeList.Line(text: say("What tokens cost"), numbers: say("nats"), isHeading: true))
            lines += Self.lines(change, count: 20, first: 1, document: state.queryDocument) {
                Figures.fixed(Double($0), 2)
            }
        }
        return ChangeList(remark: original.remark, lines: lines)
    }

    /// The most probable tokens after the cursor, of the text as it is and as it was.
    private mutating func predictions(_ original: Original, _ state: AppState) -> [ChangeList.Line] {
        let kind = state.focus.kind
        guard state.predictionObstacle == nil, let model = state.sources.model.value, let now = state.lens?.recording,
            let before = original.recordings?[kind], let query = original.token(at: state.focus.cursor, kind: kind),
            state.focus.cursor < now.tokens,
            let new = model.prediction(after: state.focus.cursor, in: now, count: 5),
            let old = model.prediction(after: query, in: before, count: 5)
        else { return [] }
        let heading = ChangeList.Line(
            text: say("Expected after the cursor"), numbers: say("probabilities"), isHeading: true)
        func text(_ prediction: Prediction) -> String {
            prediction.candidates.map { candidate in
                let name = model.tokenizer.map { TokenName.printable($0.bytes(of: candidate.id)) } ?? "\(candidate.id)"
                return "\(name) \(Figures.weight(candidate.probability))"
            }.joined(separator: "  ")
        }
        return [
            heading, .init(text: say("before: ") + text(old), numbers: ""),
            .init(text: say("now: ") + text(new), numbers: ""),
        ]
    }

    /// Those that changed most.
    private static func lines(
        _ change: RowChange, count: Int, first: Int, document: Document?, number: (Float) -> String
    ) -> [ChangeList.Line] {
        let sizes = change.sizes
        // Less may come of how many tokens are computed together.
        let known = sizes.indices.filter { sizes[$0] > 1e-4 }
        let most = known.sorted { (sizes[$0], $1) > (sizes[$1], $0) }.prefix(count)
        return most.map { index in
            let pair = change.pairs[index]
            let name = document?.quotedName(ofToken: index + first) ?? ""
            return ChangeList.Line(
                text: say("\(name) at \((index + first).grouped)"),
                numbers: "\(number(pair.before)) → \(number(pair.now))",
                token: index + first)
        }
    }
}
