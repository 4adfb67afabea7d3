import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

extension AskTables {
    /// What several queries read: the mean of their weights, and the highest of one of them.
    func spanKeysTable(_ span: TokenSpan, _ answers: inout Answers) -> AskTable {
        guard let basis, let scores else { return AskTable(missing: Self.working) }
        let row = answers.answer(
            deepening: SpanRowQuestion(basis: basis, layer: focus.layer, head: focus.head, queries: span))
        guard !row.isMissing else { return AskTable(missing: Self.preview) }
        let shares = answers.answer(
            to: SpanValuesQuestion(
                row: SpanRowQuestion(basis: basis, layer: focus.layer, head: focus.head, queries: span), done: row.done)
        )
        let mean = row.mean
        let sinks = answers.answer(to: HeadSinksQuestion(scores: scores, layer: focus.layer, head: focus.head))
        let special = answers.answer(to: SpecialKeysQuestion(run: scores.run, kind: scores.kind))
        let isApart = sinks.union(special).filter { mean.indices.contains($0) }
        var table = AskTable(columns: [
            .init("token", width: 7), .init("mean", width: 7), .init("highest", width: 7),
            .init("value", width: 7),
        ])
        let apart = isApart.reduce(Float(0)) { $0 + mean[$1] }
        table.summary = [
            say("\(selected(span, queries)) read in \(head), mean of \(progress(row.done, of: span.count))")
                + (isApart.isEmpty ? "" : say("; sinks and special tokens, at the end: \(Figures.weight(apart))"))
        ]
        for token in ranked(mean, by: order == .value ? shares : mean, apart: isApart) {
            let remark = sinks.contains(token) ? say("sink") : special.contains(token) ? say("special") : ""
            let inside = span.contains(token) && focus.kind != .cross ? say("inside") : ""
            let cells = [
                token.grouped, Figures.weight(mean[token]), Figures.weight(row.highest[token]),
                shares.indices.contains(token) ? Figures.weight(shares[token]) : "",
            ]
            table.add(token: token) { keys.row(token, cells: cells, remark: remark.isEmpty ? inside : remark) }
        }
        if table.rows.isEmpty { table.missing = say("The selected tokens see no key here.") }
        return table
    }

    /// Those that stand apart come last.
    private func ranked(_ mean: [Float], by values: [Float], apart: Set<Int>) -> [Int] {
        func top(_ isApart: Bool) -> [Int] {
            var values = values
            for token in values.indices where apart.contains(token) != isApart { values[token] = 0 }
            let tokens = TopTokens.highest(TopKeysQuestion.most, in: values).map(\.token)
            return order == .place ? tokens.sorted(by: >) : tokens
        }
        return top(false) + top(true)
    }

    /// Who reads several keys: the sum of the weights that a query gives them.
    func spanReadersTable(_ span: TokenSpan, _ answers: inout Answers) -> AskTable {
        guard let basis, let stage else { return AskTable(missing: Self.working) }
        let column = answers.answer(
            deepening: SpanColumnQuestion(
                basis: basis, stage: stage, layer: focus.layer, head: focus.head, keys: span))
        guard !column.isMissing else { return AskTable(missing: Self.preview) }
        var table = AskTable(columns: Self.weightColumns)
        let all = Figures.fixed(Double(column.weights.reduce(0, +)), 2)
        table.summary = [
            say(
                """
                \(selected(span, keys)) are read in \(head), sum over \(progress(column.done, of: span.count)), by the first \
                \(Figures.count(column.weights.count, say("token"))): \(all) of their weight in all
                """)
        ]
        let readers = TopTokens.highest(TopKeysQuestion.most, in: column.weights)
        for reader in order == .place ? readers.sorted(by: { $0.token < $1.token }) : readers {
            let away = focus.kind == .cross ? "" : (reader.token - span.first).grouped
            let remark = span.contains(reader.token) && focus.kind != .cross ? say("inside") : ""
            table.add(token: reader.token) {
                queries.row(
                    reader.token, cells: [reader.token.grouped, away, Figures.weight(reader.weight)], remark: remark)
            }
        }
        if readers.isEmpty { table.missing = say("No query reads them.") }
        return table
    }

    /// "12 tokens 203–214 “Oh dear!”".
    func selected(_ span: TokenSpan, _ words: AskWords) -> String {
        let place = span.ranges.count == 1 ? " \(span.text)" : ""
        return "\(Figures.count(span.count, say("token")))\(place) \(words.beginning(of: span))"
    }

    private func progress(_ done: Int, of count: Int) -> String {
        done < count ? say("the first \(done.grouped) of them so far") : say("all")
    }
}

extension AskWords {
    /// The first words of some tokens, in quotes; what lies between them is left out.
    func beginning(of span: TokenSpan, most: Int = 20) -> String {
        let words = self.words(of: span, most: most)
        return words.isEmpty ? "" : "“\(words)”"
    }

    /// The same without quotes, in one line.
    func words(of span: TokenSpan, most: Int) -> String {
        guard let document else { return "" }
        let lines = span.ranges.prefix(most).filter { $0.lowerBound < document.tokenCount }.map { range in
            let start = document.characterBytes(ofToken: range.lowerBound).lowerBound
            let last = min(range.upperBound, document.tokenCount) - 1
            let end = max(start, document.characterBytes(ofToken: last).upperBound)
            return Self.line(document.text, start..<min(end, start + 4 * most)).drop { $0 == " " }
        }
        let text = lines.joined(separator: " … ")
        return text.count > most ? text.prefix(most - 1) + "…" : text
    }
}
