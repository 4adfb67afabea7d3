import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkPhrases
import RopewalkViews

/// What can be copied, or written to a file.
package enum KeptThing: String, CaseIterable, Hashable, Sendable {
    /// Of the text, around the cursor.
    case token, word, sentence, paragraph
    /// What the cursor reads in the head, who reads its token, what each token cost.
    case row, column, losses
    /// What every key of the cursor comes to, as the Word panel has it.
    case steps
    /// The cells of the map, the lines of the Answers panel, everything as it stands on the screen.
    case map, answers, screen
    /// The panel with the keys as a figure: on white paper, and on a dark slide.
    case figure, slide
    case notes
    /// What was noted of a new lesson.
    case lesson

    /// The key for it behind `Y`; nil for what is only written to files.
    var letter: Character? {
        switch self {
        case .token: "t"
        case .word: "w"
        case .sentence: "s"
        case .paragraph: "p"
        case .row: "r"
        case .column: "c"
        case .answers: "a"
        case .losses, .steps, .map, .screen, .figure, .slide, .notes, .lesson: nil
        }
    }

    /// As it is named where it was copied or written.
    var title: String {
        switch self {
        case .row: say("what the cursor reads")
        case .column: say("who reads the cursor's token")
        case .losses: say("what each token cost")
        case .steps: say("what the keys of the cursor come to")
        case .map: say("the map")
        case .answers: say("the Answers")
        case .screen: say("the screen")
        case .figure: say("the figure of the panel")
        case .slide: say("the figure for a slide")
        case .notes: say("the notes")
        case .lesson: say("the draft of a lesson")
        case .token, .word, .sentence, .paragraph: say("the \(rawValue.said)")
        }
    }
}

/// What is written or copied: text, or columns that a program can read.
package enum KeptContents: Equatable, Sendable {
    case text(String)
    case table([KeptColumn])
    /// A screen, which can become a picture.
    case screen(Grid, Ground)
    /// All that is open.
    case session(SavedSession)
    /// Of one panel.
    case figure(Figure, Ground)
    /// The text around the cursor, and the figures of the other panels on the screen.
    case page(TextPage, [Figure], Ground)
    /// Why there is nothing, in a sentence.
    case missing(String)

    /// As text with tabs, for a clipboard.
    var text: String {
        switch self {
        case .text(let text): return text
        case .table(let columns):
            let rows = (0..<(columns.first?.count ?? 0)).map { row in
                columns.map { $0.text(row) }.joined(separator: "\t")
            }
            return ([columns.map(\.name).joined(separator: "\t")] + rows).joined(separator: "\n") + "\n"
        case .screen(let grid, _): return PlainText.text(grid)
        case .session(let session): return (try? session.json()) ?? ""
        case .figure(let figure, _): return figure.caption + "\n"
        case .page(let page, _, _): return page.words.map(\.text).joined() + "\n"
        case .missing(let why): return why
        }
    }
}

/// A column of a table.
package struct KeptColumn: Equatable, Sendable {
    package enum Values: Equatable, Sendable {
        case integers([Int]), numbers([Float]), words([String])
    }

    package let name: String
    package let values: Values

    init(_ name: String, _ values: Values) { (self.name, self.values) = (name, values) }

    fileprivate var count: Int {
        switch values {
        case .integers(let values): values.count
        case .numbers(let values): values.count
        case .words(let values): values.count
        }
    }

    fileprivate func text(_ row: Int) -> String {
        switch values {
        case .integers(let values): String(values[row])
        case .numbers(let values): values[row].isFinite ? String(values[row]) : ""
        case .words(let values): String(values[row].map { $0 == "\t" || $0.isNewline ? " " : $0 })
        }
    }
}

/// A file that is asked for.
package struct KeptFile: Equatable, Sendable {
    package let path: String
    package let contents: KeptContents
    /// Whether it may take the place of one that is there.
    package let replaces: Bool
}

extension Answers {
    /// What a thing holds; nil where nothing is known of it yet.
    mutating func contents(of thing: KeptThing, in state: AppState) -> KeptContents? {
        switch thing {
        case .token, .word, .sentence, .paragraph:
            let text = state.sources.text.value?.string(state.bytes(of: thing)) ?? ""
            return text.isEmpty ? nil : .text(text)
        case .row:
            guard let row = state.sight.row(&self) else { return nil }
            return .table(Self.columns(row.weights, first: 0, name: "weight", state.keyDocument))
        case .column: return column(state)
        case .losses:
            guard let lens = state.lens, lens.basis == .exact, state.predictionObstacle == nil else { return nil }
            let losses = lens.recording.negativeLogLikelihood
            return losses.isEmpty
                ? nil : .table(Self.columns(losses, first: 1, name: "nats", state.queryDocument))
        case .steps: return WordSources(state).reading(&self).map { .table(Self.columns($0, state.keyDocument)) }
        case .map: return map(state)
        case .answers: return answersTable(state)
        case .screen: return .screen(frame(of: state), state.ground)
        case .figure: return figure(in: state, on: .light)
        case .slide: return figure(in: state, on: .dark)
        case .notes: return state.notes.all.isEmpty ? nil : .text(state.notes.fileText)
        case .lesson: return state.draftFile.map { .text($0) }
        }
    }

    private mutating func figure(in state: AppState, on ground: Ground) -> KeptContents {
        do {
            if state.panels.focused == .text {
                let found = try page(in: state, on: ground)
                return .page(found.page, found.figures, ground)
            }
            return .figure(try figure(of: state.panels.focused, in: state, on: ground), ground)
        } catch {
            return .missing("\(state.panels.focused.name): \(error)")
        }
    }

    private mutating func column(_ state: AppState) -> KeptContents? {
        guard let lens = state.lens, lens.basis == .exact,
            let column = answer(
                to: ColumnQuestion(
                    basis: Basis(lens), stage: RecordingStage(lens.recording), layer: state.focus.layer,
                    head: state.focus.head, key: state.keyPlace(ofQuery: state.focus.cursor)))
        else { return nil }
        return .table(Self.columns(column.weights, first: column.first, name: "weight", state.queryDocument))
    }

    private mutating func map(_ state: AppState) -> KeptContents? {
        guard let lens = state.lens, let image = answer(to: MapQuestion(state.mapRequest, of: lens)) else { return nil }
        let cells = (0..<image.rows).flatMap { row in (0..<image.columns).map { (row, $0) } }
            .filter { image[$0.0, $0.1].isFinite }
        return .table([
            KeptColumn("query", .integers(cells.map { image.firstQuery + $0.0 * image.cell })),
            KeptColumn("key", .integers(cells.map { image.firstKey + $0.1 * image.cell })),
            KeptColumn("tokens", .integers(cells.map { _ in image.cell })),
            KeptColumn("weight", .numbers(cells.map { image[$0.0, $0.1] })),
        ])
    }

    private mutating func answersTable(_ state: AppState) -> KeptContents? {
        let table = AskTables(state).table(&self)
        guard !table.rows.isEmpty else { return nil }
        let names = table.columns.map { $0.title.replacing(/[^A-Za-z0-9]+/, with: "_") }
        let cells = names.indices.map { column in
            KeptColumn(
                names[column], .words(table.rows.map { $0.cells.indices.contains(column) ? $0.cells[column] : "" }))
        }
        return .table(
            [KeptColumn("token", .integers(table.tokens.map { $0 ?? -1 }))] + cells + [
                KeptColumn("word", .words(table.rows.map(\.word))),
                KeptColumn("remark", .words(table.rows.map(\.remark))),
            ])
    }

    /// Of the keys that are listed; a learned sink is token −1.
    private static func columns(_ reading: WordReading, _ document: Document?) -> [KeptColumn] {
        let (keys, sink) = (reading.keys, reading.sink)
        func numbers(_ name: String, _ value: (WordReading.Key) -> Float, _ ofSink: Float?) -> KeptColumn {
            KeptColumn(name, .numbers(keys.map(value) + (sink == nil ? [] : [ofSink ?? .nan])))
        }
        let names = keys.map { document?.wholeName(ofToken: $0.token) ?? String($0.token) }
        return [
            KeptColumn("token", .integers(keys.map(\.token) + (sink == nil ? [] : [-1]))),
            KeptColumn("word", .words(names + (sink == nil ? [] : ["learned sink"]))),
            numbers("score", \.score, sink?.score), numbers("exp", \.exponential, sink?.exponential),
            numbers("weight", \.weight, sink?.weight), numbers("added", \.added, 0), numbers("adds", \.share, 0),
        ]
    }

    private static func columns(
        _ values: [Float], first: Int, name: String, _ document: Document?
    ) -> [KeptColumn] {
        let tokens = values.indices.map { $0 + first }
        return [
            KeptColumn("token", .integers(tokens)),
            KeptColumn("word", .words(tokens.map { document?.wholeName(ofToken: $0) ?? String($0) })),
            KeptColumn(name, .numbers(values)),
        ]
    }
}

extension AppState {
    /// The bytes of a part of the text around the cursor.
    fileprivate func bytes(of thing: KeptThing) -> Range<Int> {
        guard let text = sources.text.value else { return 0..<0 }
        switch thing {
        case .token: return cursorByte..<max(cursorByte, cursorEnd)
        case .word: return wordBytes
        case .sentence:
            let start = text.sentenceStart(before: cursorEnd)
            return start..<max(start, text.sentenceStart(after: max(start, cursorEnd - 1)))
        case .paragraph:
            let start = text.paragraphStart(before: cursorEnd)
            return start..<max(start, text.paragraphStart(after: max(start, cursorEnd - 1)))
        case .row, .column, .losses, .steps, .map, .answers, .screen, .figure, .slide, .notes, .lesson: return 0..<0
        }
    }
}
