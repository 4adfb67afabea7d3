import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

extension Answers {
    /// The text around the cursor for a page, with the figures of the other panels on the screen.
    mutating func page(in state: AppState, on ground: Ground) throws(AppError) -> (page: TextPage, figures: [Figure]) {
        if let missing = PanelReadiness(state).missing(for: .cursor) { throw .noFigure(missing) }
        guard state.focus.kind != .cross else {
            throw .noFigure(say("a page of text shows one text: not the attention from one to another"))
        }
        guard let document = state.queryDocument, let row = state.sight.row(&self), let lens = state.lens else {
            throw .noFigure(say("the model has not read the cursor yet"))
        }
        let tokens = state.pageTokens
        let rows = answer(
            to: PageRowsQuestion(
                basis: Basis(lens), layer: state.focus.layer, head: state.focus.head, queries: tokens))
        var page = state.page(document, row, rows, tokens)
        page.facts = state.pageFacts
        let others = Panel.allCases.filter { $0 != .text && state.layout.panels[$0] != nil }
        var figures: [Figure] = []
        for panel in others {
            if let figure = try? figure(of: panel, in: state, on: ground) { figures.append(figure) }
        }
        return (page, figures)
    }
}

extension AppState {
    /// Tokens around the cursor that are read.
    fileprivate var pageTokens: Range<Int> {
        let end = min(tokenCount, lens?.recording.tokens ?? 0)
        let first = max(0, min(focus.cursor - TextPage.mostTokens / 2, end - TextPage.mostTokens))
        return first..<min(end, first + TextPage.mostTokens)
    }

    fileprivate func page(
        _ document: Document, _ row: AttentionRow, _ rows: [[TextPage.Key]], _ tokens: Range<Int>
    ) -> TextPage {
        let scale = appearance.scale(of: row)
        let weights = tokens.map { row.weights.indices.contains($0) ? row.weights[$0] : 0 }
        let outside = Set(rows.joined().map(\.token)).subtracting(tokens)
        let names = Dictionary(uniqueKeysWithValues: outside.map { ($0, document.displayName(ofToken: $0)) })
        return TextPage(
            title: say("What “\(document.displayName(ofToken: focus.cursor))” reads"),
            words: TextPage.words(of: document, tokens), cursor: focus.cursor, weights: weights,
            levels: weights.map { scale.position(of: $0) },
            bar: scale.bar(title: say("weight"), hasHigher: weights.contains { $0 > scale.highest }), rows: rows,
            names: names,
            remarks: pageRemarks(scale, tokens), map: appearance.colourMap)
    }

    private func pageRemarks(_ scale: Scale, _ tokens: Range<Int>) -> [String] {
        let span = "\(tokens.lowerBound.grouped)–\(max(tokens.lowerBound, tokens.upperBound - 1).grouped)"
        return [
            say(
                "Painted: the weights of the cursor, token \(focus.cursor.grouped). Point at a word for what it reads."),
            say(
                "Tokens \(span) of \(tokenCount.grouped); of each the \(TextPage.mostKeys) keys with the highest weights."
            ),
        ] + (scale.remarks.first.map { [say("Scale: \($0).")] } ?? [])
    }
}
