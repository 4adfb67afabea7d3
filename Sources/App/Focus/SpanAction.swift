import RopewalkLens
import RopewalkPhrases

/// What selects tokens that are asked about together.
package enum SpanAction: Hashable, Sendable {
    /// Begins at the cursor, so that moves extend it; again: what is selected stays.
    case start
    /// The part of the text around the cursor, or the hits.
    case part(SpanPart)
    /// The next larger part, and after the largest nothing.
    case more
    case tokens(TokenSpan)
    case none
}

extension SpanAction: ActionConcern {
    static let forms: [ActionForm] = [
        ActionForm(
            "select.start", "selects from the cursor on as it moves; again: what is selected stays", .spans(.start)),
        ActionForm(
            "select", ActionParameter<SpanPart>.name,
            "selects the word, sentence or paragraph at the cursor, or the marked hits"
        ) { .spans(.part($0)) },
        ActionForm(
            "select.more", "selects the word, then its sentence, its paragraph, the hits, nothing", .spans(.more)),
        ActionForm("select tokens", ActionParameter<TokenSpan>.span, "selects tokens") { .spans(.tokens($0)) },
        ActionForm("select.none", "selects nothing, and no keys together", .spans(.none)),
    ]

    var text: String {
        switch self {
        case .start: "select.start"
        case .part(let part): "select " + ActionParameter.name.write(part)
        case .more: "select.more"
        case .tokens(let span): "select tokens " + ActionParameter.span.write(span)
        case .none: "select.none"
        }
    }

    func obstacle(in state: AppState) -> String? {
        switch self {
        case .none: nil
        case .start, .more: state.tokenObstacle
        case .part(let part): state.tokenObstacle ?? state.partObstacle(part)
        case .tokens(let span): state.tokenObstacle ?? state.placeObstacle("\(span.last)", token: span.last)
        }
    }
}

extension ActionParameter where Value == TokenSpan {
    /// First and last of some ranges: "3-17", "3-17,40".
    static let span = ActionParameter(
        title: "FIRST-LAST", example: TokenSpan([3..<18]) ?? TokenSpan(3),
        read: { text in
            let ranges = text.split(separator: ",", omittingEmptySubsequences: false).map { part -> Range<Int>? in
                let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
                    $0.count < 10 ? Int($0) : nil
                }
                guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
                    first <= last
                else { return nil }
                return first..<last + 1
            }
            return ranges.contains { $0 == nil } ? nil : TokenSpan(ranges.compactMap { $0 })
        },
        write: { span in
            span.ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)" }
                .joined(separator: ",")
        })
}

extension AppState {
    mutating func perform(_ action: SpanAction) -> [Effect] {
        if let obstacle = action.obstacle(in: self) {
            refuse(obstacle)
            return []
        }
        switch action {
        case .start: selectInText { $0.startOrKeep() }
        case .part(let part): select(part)
        case .more: selectInText { $0.selectMore() }
        case .tokens(let span): spans = Spans(queries: span, keys: spans.keys)
        case .none: spans = Spans()
        }
        return []
    }

    /// A selection is made by keys of the text: Enter, the next one, must be the text's too.
    private mutating func selectInText(_ body: (inout AppState) -> Void) {
        panels.focus(.text)
        body(&self)
    }

    private mutating func startOrKeep() {
        if spans.start == nil {
            spans = Spans(start: focus.cursor, keys: spans.keys)
        } else {
            spans = Spans(queries: selection, keys: spans.keys)
        }
    }

    private mutating func select(_ part: SpanPart) {
        guard let span = tokens(of: part) else { return }
        spans = Spans(queries: span, keys: spans.keys, part: part)
    }

    /// A part that is no larger than what is selected is passed over.
    private mutating func selectMore() {
        let isAround = spans.part != nil && (spans.queries?.contains(focus.cursor) ?? false)
        let all = SpanPart.allCases
        let next = isAround ? (spans.part.flatMap { all.firstIndex(of: $0) } ?? -1) + 1 : 0
        for part in all[next...] {
            guard let span = tokens(of: part), span != spans.queries || !isAround else { continue }
            return select(part)
        }
        spans = Spans(keys: spans.keys)
    }

    /// The selection becomes what is read: the anchor of all questions.
    mutating func keepAsKeys(_ selection: TokenSpan) {
        let keys = focus.kind == .cross ? keyPlaces(of: selection) : selection
        spans = Spans(keys: keys)
        if let first = keys?.first { chooseAnchor(.token(first)) }
        notice = Notice(
            .information,
            selection.count == 1
                ? say(
                    "one token stays the key: \(keyName(of: .heads(.here))) heads, \(keyName(of: .ask(.page(.readers)))) readers; \(keyName(of: .program(.close))) frees it"
                )
                : say(
                    "\(selection.count.grouped) tokens are looked at as one key: \(keyName(of: .heads(.here))) heads, \(keyName(of: .ask(.page(.readers)))) readers; \(keyName(of: .program(.close))) frees them"
                )
        )
    }

    /// Why a part cannot be selected; nil where it can.
    fileprivate func partObstacle(_ part: SpanPart) -> String? {
        if part == .hits, !window.showsHits {
            return say("no hits are marked: \(keyName(of: .search(.prompt(forwards: true)))) searches")
        }
        return tokens(of: part) == nil ? say("there is no \("\(part)".said) here") : nil
    }
}
