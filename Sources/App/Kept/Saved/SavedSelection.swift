import RopewalkLens
import RopewalkMethods
import RopewalkPhrases
import RopewalkViews

/// Tokens that are asked about together, from the first one to the last.
package struct SavedSpan: Equatable, Sendable, Encodable {
    package var first: SavedPlace
    package var last: SavedPlace
}

/// The last search; its hits are looked for again.
package struct SavedSearch: Equatable, Sendable, Encodable {
    package var pattern: String
    /// "forwards" or "backwards".
    package var direction: String
    /// Whether its hits are marked: "on" or "off".
    package var marked: String
}

/// What a second text beside the first one shows.
package struct SavedPin: Equatable, Sendable, Encodable {
    package var layer: Int
    package var head: Int
    package var methods: [String]
    /// By the names of `SavedChoice.pin`.
    package var choices: [String: String]
    /// Of two models; nil where there is one.
    package var reader: String?
    /// Whether the text had the whole screen before: "on" or "off".
    package var zoomed: String
}

extension AppState {
    /// What is selected, searched for and kept beside.
    func saveSelection(in saved: inout SavedText) {
        saved.selecting = spans.start.map { savedPlace(ofToken: $0) }
        saved.selected = spans.start == nil ? savedSpans(spans.queries) { savedPlace(ofToken: $0) } : []
        saved.keys = savedSpans(spans.keys) { savedPlace(ofKey: $0) }
        saved.search = window.search.flatMap { search in
            search.pattern.utf8.count > SavedText.mostPattern
                ? nil
                : SavedSearch(
                    pattern: search.pattern, direction: search.isForwards ? "forwards" : "backwards",
                    marked: window.showsHits ? "on" : "off")
        }
        saved.kept = keptState.flatMap { kept in
            pin.map { pin in
                SavedPin(
                    layer: pin.head.layer, head: pin.head.head,
                    methods: pin.scenario == ownScenario ? [] : pin.scenario.specs,
                    choices: SavedChoice.values(SavedChoice.pin, of: kept), reader: pin.reader?.rawValue,
                    zoomed: pin.wasZoomed ? "on" : "off")
            }
        }
    }

    /// One of very many stretches is not kept: finding them again in a text that has changed would take too long.
    private func savedSpans(_ span: TokenSpan?, _ place: (Int) -> SavedPlace) -> [SavedSpan] {
        guard let ranges = span?.ranges, ranges.count <= SavedText.mostSpans else { return [] }
        return ranges.map { SavedSpan(first: place($0.lowerBound), last: place($0.upperBound - 1)) }
    }

    /// Selects what was selected.
    mutating func takeSelection(_ text: SavedText, by search: inout PlaceSearch) {
        spans = Spans(
            start: text.selecting.map { min(max(0, token(of: $0, by: &search)), tokenCount - 1) },
            queries: tokens(of: text.selected, by: &search, isKey: false),
            keys: tokens(of: text.keys, by: &search, isKey: true))
    }

    private func tokens(of spans: [SavedSpan], by search: inout PlaceSearch, isKey: Bool) -> TokenSpan? {
        var ranges: [Range<Int>] = []
        for span in spans {
            let ends = [span.first, span.last].map { token(of: $0, by: &search, isKey: isKey) }
            ranges.append(min(ends[0], ends[1])..<max(ends[0], ends[1]) + 1)
        }
        let count = (isKey ? keyDocument : queryDocument)?.tokenCount ?? 0
        return TokenSpan(ranges.map { $0.clamped(to: 0..<count) })
    }

    /// Searches again, and keeps a second text beside again; why one of them cannot be.
    mutating func takeSearchAndPin(_ start: SessionStart) -> [String] {
        var refused: [String] = []
        if let saved = start.text.search {
            do throws(SearchProblem) {
                window.search = Search(
                    pattern: saved.pattern, isForwards: saved.direction == "forwards",
                    hits: try places(of: saved.pattern))
                window.showsHits = saved.marked == "on"
            } catch { refused.append(say("the search for “\(saved.pattern.prefix(40))”: \(error.text)")) }
        }
        if let saved = start.text.kept, let obstacle = take(saved, under: start.kept ?? ownScenario) {
            refused.append(say("kept beside: \(obstacle)"))
        }
        return refused
    }

    /// Why what was kept beside is not; nil where it is.
    private mutating func take(_ saved: SavedPin, under scenario: Scenario) -> String? {
        guard shape != nil else { return nil }
        let head = HeadIndex(layer: saved.layer, head: saved.head)
        let scenario = bound(scenario.isPlain ? ownScenario : scenario)
        if let obstacle = headObstacle(head) ?? problem(in: scenario) { return obstacle }
        var kept = self
        SavedChoice.take(saved.choices, of: SavedChoice.pin, into: &kept)
        pin = TextPin(
            head: head, scenario: scenario, painting: kept.appearance.painting, heads: kept.appearance.heads,
            reader: second == nil ? nil : saved.reader.flatMap(TextReader.init(rawValue:)),
            wasZoomed: saved.zoomed == "on")
        followRuns()
        return nil
    }
}
