import Foundation
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// What the page of the Answers panel says, and the token that each of its lines is about.
struct AskTable: Sendable {
    var summary: [String] = []
    var columns: [AskView.Column] = []
    /// Made only where they are seen.
    var rows = AskView.Rows()
    /// Of each line; nil where it is no token of the text.
    var tokens: [Int?] = []
    /// Of each line the token of the vocabulary that it is about; empty where lines are about other things.
    var candidates: [Int] = []
    /// What stands in place of lines: which part reads which.
    var matrix: PartsMatrix?
    /// What stands in place of both.
    var missing: String?

    mutating func add(token: Int?, _ row: @escaping @Sendable () -> AskView.Row) {
        rows.append(row)
        tokens.append(token)
    }
}

/// The part of a state that answers are made of.
struct AskTables: Sendable {
    let page: AskPage
    let order: AskOrder
    let focus: Focus
    /// With the model's name where another one stands beside it.
    let head: String
    let sight: Sight
    let basis: Basis?
    let stage: RecordingStage?
    let scores: HeadScoresQuestion?
    /// Nil where one head is looked at.
    private let pool: HeadsPool?
    let isExact: Bool
    /// Why nothing is known that comes of a softmax; nil where it is.
    private let signs: String?
    let model: Model?
    /// Why the model expects no next token; nil where it does.
    let predictionObstacle: String?
    let keys: AskWords
    let queries: AskWords
    /// Selected tokens in place of the cursor, and keys whose readers are asked for; nil: the cursor.
    private let querySpan: TokenSpan?
    private let readSpan: TokenSpan?
    /// The heads that questions about the whole text are asked of.
    let heads: HeadsAsked?
    let textHeads: TextHeads
    /// The run, and the tokens that it has read.
    let run: UInt64?
    let recordedTokens: Int?
    let tokenCount: Int
    /// The line that the keys have moved to; nil where they have not.
    let selectedLine: Int?
    /// The key that stands where the cursor does.
    private let readKey: Int
    /// Why nothing is known of the cursor; nil where something is.
    private let waiting: String?
    /// Why the layer has no weights; nil where it has.
    private let attentionObstacle: String?

    init(_ state: AppState) {
        (page, order) = (state.ask.page, state.ask.order)
        focus = state.focus
        sight = state.sight
        let lens = state.lens
        basis = lens.map { Basis($0) }
        stage = lens.map { RecordingStage($0.recording) }
        scores = lens.map { HeadScoresQuestion($0.recording) }
        pool = HeadsPool(state, lens: lens, layer: state.focus.layer)
        head =
            (state.second?.tokenByToken == nil ? "" : (state.sources.model.value?.name ?? "") + " ")
            + "L\(state.focus.layer) H\(state.focus.head)"
        isExact = lens?.basis == .exact
        signs = state.signsObstacle
        model = state.sources.model.value
        predictionObstacle = state.predictionObstacle
        keys = AskWords(document: state.keyDocument)
        queries = AskWords(document: state.queryDocument)
        readKey = state.keyPlace(ofQuery: state.focus.cursor)
        querySpan = state.querySpan
        readSpan = state.readSpan
        textHeads = state.appearance.heads
        run = lens?.recording.run
        recordedTokens = lens?.recording.tokens
        tokenCount = state.tokenCount
        selectedLine = state.selectedAskedLine
        heads = HeadsAsked(lens, state.head, textHeads)
        waiting = PanelReadiness(state).wait ?? state.unpreviewed
        attentionObstacle = state.attentionObstacle
    }

    /// Which sentence or paragraph reads which, with the key that is looked at, for the map.
    func matrixTable(_ part: TextPart, key: Int, _ answers: inout Answers) -> AskTable {
        attentionObstacle.map { AskTable(missing: $0) } ?? partsTable(part, key: key, &answers)
    }

    func table(_ answers: inout Answers) -> AskTable {
        if let attentionObstacle, ![AskPage.next, .layers, .surprises].contains(page) {
            return AskTable(missing: attentionObstacle)
        }
        if page.isAboutPlace, let waiting { return AskTable(missing: waiting) }
        return switch page {
        case .keys: keysTable(of: querySpan, &answers)
        case .readers: readersTable(of: readSpan, &answers)
        case .next: nextTable(&answers)
        case .layers: layersTable(&answers)
        case .received: receivedTable(&answers)
        case .sentences: partsTable(.sentence, &answers)
        case .paragraphs: partsTable(.paragraph, &answers)
        case .surprises: surprisesTable(&answers)
        }
    }

    /// Of several heads only weights are told.
    var shownOrder: AskOrder { pool != nil && order == .value ? .weight : order }

    static var preview: String { say("A preview does not know this: the exact run does (e starts it).") }
    static var working: String { say("This is being worked out.") }

    func named(_ token: Int, _ words: AskWords) -> String { "\(token.grouped) \(words.quoted(token))" }

    // MARK: What the cursor reads

    private func keysTable(of span: TokenSpan?, _ answers: inout Answers) -> AskTable {
        if let pool { return pooledKeysTable(pool, of: span, &answers) }
        return span.map { spanKeysTable($0, &answers) } ?? keysTable(&answers)
    }

    private func keysTable(_ answers: inout Answers) -> AskTable {
        guard let place = sight.place, let scores,
            let found = answers.answer(to: TopKeysQuestion(place: place, order: order, scores: scores))
        else { return AskTable(missing: Self.working) }
        var table = AskTable(columns: [
            .init("token", width: 7), .init("away", width: 7), .init("weight", width: 7), .init("value", width: 7),
        ])
        let (weight, value) = (Figures.weight(found.apartWeight), Figures.weight(found.apartValue))
        table.summary = [
            say(
                """
                \(named(place.query, queries)) reads in \(head); entropy \(Figures.fixed(found.nats, 2)) nats, as much as \
                \(Figures.fixed(exp(found.nats), 1)) equal keys
                """)
                + (found.apart.isEmpty
                    ? "" : say("; sinks and special tokens, at the end: weight \(weight), value \(value)"))
        ]
        for key in found.words { table.add(token: key.token) { row(key, kind: "", query: place.query) } }
        for key in found.apart {
            let kind = found.sinks.contains(key.token) ? say("sink") : say("special")
            table.add(token: key.token) { row(key, kind: kind, query: place.query) }
        }
        if table.rows.isEmpty { table.missing = say("The cursor sees no key here.") }
        return table
    }

    private func row(_ key: AskedKey, kind: String, query: Int) -> AskView.Row {
        let away = focus.kind == .cross ? "" : (query - key.token).grouped
        return keys.row(
            key.token,
            cells: [key.token.grouped, away, Figures.weight(key.weight), Figures.weight(key.byValue)],
            remark: kind)
    }

    /// What several heads give the keys together: their values are not one another's, so that only weights are told.
    private func pooledKeysTable(_ pool: HeadsPool, of span: TokenSpan?, _ answers: inout Answers) -> AskTable {
        guard let place = sight.place, let scores,
            let pooled = span.map({ pool.weights(of: $0, isColumn: false, &answers) })
                ?? pool.weights(of: place.query, isColumn: false, &answers)
        else { return AskTable(missing: Self.working) }
        let first = span?.first ?? place.query
        let special = answers.answer(to: SpecialKeysQuestion(run: scores.run, kind: scores.kind))
        var words = pooled.weights
        for token in special where words.indices.contains(token) { words[token] = 0 }
        var table = AskTable(columns: Self.weightColumns)
        let reads = span.map { "\(selected($0, queries)) \($0.count == 1 ? say("reads") : say("read, their mean"))" }
        table.summary = ["\(reads ?? named(place.query, queries) + say(" reads")), \(pooled.title)"]
        let top = TopTokens.highest(TopKeysQuestion.most, in: words)
        let apart = special.filter { pooled.weights.indices.contains($0) && pooled.weights[$0] > 0 }.sorted()
        let ranked = order == .place ? top.map(\.token).sorted(by: >) : top.map(\.token)
        for token in ranked + apart.prefix(TopKeysQuestion.most) {
            let away = focus.kind == .cross ? "" : (first - token).grouped
            let (weight, remark) = (pooled.weights[token], special.contains(token) ? say("special") : "")
            table.add(token: token) {
                keys.row(token, cells: [token.grouped, away, Figures.weight(weight)], remark: remark)
            }
        }
        if table.rows.isEmpty { table.missing = say("The cursor sees no key here but sinks.") }
        return table
    }

    static let weightColumns: [AskView.Column] = [
        .init("token", width: 7), .init("away", width: 7), .init("weight", width: 7),
    ]

    // MARK: Who reads the cursor's token

    private func readersTable(of span: TokenSpan?, _ answers: inout Answers) -> AskTable {
        guard isExact else { return AskTable(missing: Self.preview) }
        if let signs { return AskTable(missing: signs) }
        if pool == nil, let span { return spanReadersTable(span, &answers) }
        return readersTable(ofOneOr: span, &answers)
    }

    private func readersTable(ofOneOr span: TokenSpan?, _ answers: inout Answers) -> AskTable {
        guard let (column, heads) = column(of: span, &answers) else { return AskTable(missing: Self.working) }
        let key = span?.first ?? readKey
        var table = AskTable(columns: Self.weightColumns)
        let readers = column.topQueries(TopKeysQuestion.most)
        let sum = Figures.fixed(Double(column.weights.reduce(0, +)), 2)
        table.summary = [
            say(
                "\(span.map { selected($0, keys) } ?? named(readKey, keys)) \(span.map { $0.count > 1 } == true ? say("are") : say("is")) read, \(heads), by the first \(Figures.count(column.end, "token")): \(sum) of their weight in all"
            )
        ]
        let ranked = order == .place ? readers.sorted { $0.token < $1.token } : readers
        for reader in ranked {
            let away = focus.kind == .cross ? "" : (reader.token - key).grouped
            let isInside = focus.kind != .cross && span?.contains(reader.token) ?? (reader.token == key)
            let remark = isInside ? (span == nil ? say("itself") : say("inside")) : ""
            table.add(token: reader.token) {
                queries.row(
                    reader.token, cells: [reader.token.grouped, away, Figures.weight(reader.weight)], remark: remark)
            }
        }
        if readers.isEmpty { table.missing = say("No query reads it.") }
        return table
    }

    /// With the heads that it is of; nil where it is not known yet.
    private func column(of span: TokenSpan?, _ answers: inout Answers) -> (AttentionColumn, heads: String)? {
        if let pool, let span {
            return pool.weights(of: span, isColumn: true, &answers).map {
                (AttentionColumn(key: span.first, first: $0.first, weights: $0.weights), $0.title)
            }
        }
        if let pool {
            return pool.weights(of: readKey, isColumn: true, &answers).map {
                (AttentionColumn(key: readKey, first: $0.first, weights: $0.weights), $0.title)
            }
        }
        guard let basis, let stage else { return nil }
        let question = ColumnQuestion(
            basis: basis, stage: stage, layer: focus.layer, head: focus.head, key: readKey)
        return answers.answer(whenKnown: question).flatMap { $0 }.map { ($0, say("in \(head)")) }
    }
}
