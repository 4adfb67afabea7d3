import RopewalkDocuments
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

extension AskTables {
    /// Rows that are worked out around the selected one: what a panel shows, and some more.
    private static let rowsAround = 64

    /// Which sentence or paragraph reads which.
    /// - Parameter key: a token of the part that is looked at as a key; nil: the lines of the panel are selected
    func partsTable(_ part: TextPart, key: Int? = nil, _ answers: inout Answers) -> AskTable {
        guard focus.kind != .cross else {
            return AskTable(missing: say("Across, queries and keys are parts of two texts: K shows another attention."))
        }
        guard let basis, let run, let recordedTokens else { return AskTable(missing: Self.working) }
        let question = PartsQuestion(part: part, run: run, tokens: tokenCount)
        guard let parts = answers.answer(whenKnown: question) else { return AskTable(missing: Self.working) }
        guard !parts.isEmpty else { return AskTable(missing: say("There is no \("\(part)".said) in what is read.")) }
        let own = Self.part(of: focus.cursor, in: parts)
        let chosen = min(key == nil ? selectedLine ?? own : own, parts.count - 1)
        let shown = max(0, chosen - Self.rowsAround)..<min(parts.count, chosen + Self.rowsAround + 1)
        var rows: [Int: [Float]] = [:]
        // The selected one first: what is worked out first is seen first.
        for index in [chosen] + shown where rows[index] == nil && parts[index].upperBound <= recordedTokens {
            let row = answers.answer(
                deepening: PartsRowQuestion(
                    basis: basis, layer: focus.layer, head: focus.head, parts: question, queries: parts[index])
            ).row
            if row.isMissing { return AskTable(missing: Self.preview) }
            if row.done > 0 { rows[index] = row.weights }
        }
        return table(
            of: parts, part: part, rows: rows, chosen: chosen, column: key.map { Self.part(of: $0, in: parts) })
    }

    private func table(
        of parts: [Range<Int>], part: TextPart, rows: [Int: [Float]], chosen: Int, column: Int?
    ) -> AskTable {
        var table = AskTable()
        let words = keys
        let label = { @Sendable (index: Int) in TokenSpan([parts[index]]).map { words.words(of: $0, most: 40) } ?? "" }
        table.summary = [
            say("\("\(part)".said) \(chosen.grouped) reads in \(head): \(reads(rows[chosen] ?? [], of: chosen, label))")
        ]
        table.matrix = PartsMatrix(
            count: parts.count, rows: rows, selected: chosen, column: column, isCausal: focus.kind.isCausal,
            label: label)
        for part in parts { table.add(token: part.lowerBound) { AskView.Row(cells: [], word: "") } }
        return table
    }

    /// "itself 0.31 · special tokens 0.25 · 3 “There was…” 0.22 · others 0.22": the largest first, all of it.
    private func reads(_ weights: [Float], of chosen: Int, _ label: (Int) -> String) -> String {
        if weights.isEmpty { return say("not read yet") }
        let top = TopTokens.highest(4, in: weights)
        var known = top.map { entry in
            let name =
                entry.token == chosen
                ? say("itself") : "\(entry.token.grouped) “\(Self.shortened(label(entry.token)))”"
            return (name: name, weight: Double(entry.weight))
        }
        let total = Double(weights.reduce(0, +))
        known.append((say("special tokens"), max(0, 1 - total)))
        known.sort { $0.weight > $1.weight }
        known.append((say("others"), total - top.reduce(0) { $0 + Double($1.weight) }))
        return known.filter { $0.weight > 0.005 || $0.name.first?.isLetter == false || $0.name == say("itself") }
            .map { "\($0.name) \(Figures.weight(Float($0.weight)))" }.joined(separator: " · ")
    }

    private static func shortened(_ words: String) -> String {
        words.count > 18 ? "\(words.prefix(17))…" : words
    }

    /// The part that a token belongs to; of a token of none, the one after it.
    static func part(of token: Int, in parts: [Range<Int>]) -> Int {
        min(parts.partitioningIndex { $0.upperBound > token }, max(0, parts.count - 1))
    }
}
