import RopewalkCellGrid
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What is open: texts, models, and what was read of them.
package struct SessionList: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let id: Int
        /// Of the text.
        let name: String
        let model: String
        /// Nil before it was on the screen.
        let facts: SessionFacts?
        /// How its text differs from that of another session.
        let change: String
        /// That other session.
        let original: Int?
    }

    package var entries: [Entry] = []
    /// The one on the screen.
    package var current = 0
    /// The file that all of it was read from or written to; nil for none.
    package var file: String?

    /// What the others have in memory.
    var bytesOfOthers: Double { entries.filter { $0.id != current }.reduce(0) { $0 + ($1.facts?.bytes ?? 0) } }

    /// The session so many after the present one, around the end.
    func session(after steps: Int) -> Int? {
        guard entries.count > 1, let index = entries.firstIndex(where: { $0.id == current }) else { return nil }
        let next = (index + steps % entries.count + entries.count) % entries.count
        return next == index ? nil : entries[next].id
    }
}

/// How far a session has come.
package struct SessionFacts: Equatable, Sendable {
    /// Of the text as far as it is to be read, and those that are read.
    let tokens: Int
    let read: Int
    /// What the recording takes, about.
    let bytes: Double
    let model: String
    let failure: String?

    init(_ state: AppState) {
        tokens = state.tokenCount
        read = state.runs.kept.plain.map(state.mainTokens) ?? 0
        let own = state.sources.model.value
        model = own?.name ?? ""
        failure = state.sources.text.failure ?? state.sources.model.failure ?? state.sources.document.failure
        let runs = (state.runs.kept.plain == nil ? 0 : 1) + (state.runs.kept.exact == nil ? 0 : 1)
        bytes =
            own.map { model in
                Double(runs)
                    * RecordingSize(
                        model: model.traits, scenario: model.defaultScenario, tokens: max(1, state.tokenCount)
                    )
                    .bytesPerToken * Double(state.runs.kept.plain.map(state.mainTokens) ?? 0)
            } ?? 0
    }

    /// "41,656 tokens · 421 MB", "4,096 of 41,656 tokens · 41 MB", "41,656 tokens, not read".
    var text: String {
        if let failure { return failure }
        guard tokens > 0 else { return say("not opened yet") }
        guard read > 0 else { return say("\(Figures.count(tokens, "token")), not read") }
        let count = (read < tokens ? say("\(read.grouped) of ") : "") + Figures.count(tokens, "token")
        return say("\(count) · \(Int((bytes / 1e6).rounded(.up)).grouped) MB")
    }
}

/// The list of all that is open, to choose one.
package struct SessionChoice: Equatable, Sendable {
    var list: SessionList
    private(set) var selected: Int

    init(list: SessionList) {
        self.list = list
        selected = list.entries.firstIndex { $0.id == list.current } ?? 0
    }

    var chosen: SessionList.Entry? { list.entries.indices.contains(selected) ? list.entries[selected] : nil }

    mutating func select(_ index: Int) { selected = min(max(0, index), max(0, list.entries.count - 1)) }

    func box(size: Size) -> ListBox {
        let rows = list.entries.map { entry in
            let model = entry.facts.map { $0.model.isEmpty ? entry.model : $0.model } ?? entry.model
            let name =
                entry.name + (entry.change.isEmpty ? "" : ": \(entry.change)") + (model.isEmpty ? "" : " · \(model)")
            let mark = entry.id == list.current ? "▸ " : "  "
            return ListBox.Row(text: mark + name, facts: entry.facts?.text ?? say("not opened yet"))
        }
        return ListBox(
            title: say("Open texts and models"), note: "\(rows.count)", footer: say("Enter show  x close  Esc leave"),
            rows: rows,
            selected: selected, size: size)
    }
}
