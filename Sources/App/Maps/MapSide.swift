import RopewalkCellGrid
import RopewalkLens
import RopewalkModels
import RopewalkPhrases
import RopewalkViews

/// The map of one of two models, and what its border says.
struct MapSide {
    let lens: Lens?
    let request: MapRequest
    let overlay: OverlayQuestion?
    /// The same part of the map for a page, and what is laid over it there.
    let page: MapRequest
    let pageOverlay: OverlayQuestion?
    /// Nil for the only model there is.
    let name: String?
    /// "exact", "preview", "reading 40 %"; of the first model the header says it.
    let basis: String
    /// The head that was asked for, where this model has another one in its place.
    let missing: String?
    let isSecond: Bool

    /// The first model's.
    init(_ state: AppState) {
        lens = state.lens
        request = state.mapRequest
        overlay = OverlayQuestion(state, lens, request, isSecond: false)
        page = state.page(request, of: lens)
        pageOverlay = OverlayQuestion(state, lens, page, isSecond: false)
        name = state.hasSecondMap ? state.sources.model.value?.name : nil
        basis = ""
        missing = nil
        isSecond = false
    }

    /// The second model's; nil where none is shown.
    init?(second state: AppState) {
        guard let model = state.second?.tokenByToken, let head = state.secondHead else { return nil }
        var request = state.mapRequest
        (request.layer, request.head) = (head.layer, head.head)
        self.request = request
        lens = state.secondLens
        isSecond = true
        overlay = OverlayQuestion(state, lens, request, isSecond: true)
        page = state.page(request, of: lens)
        pageOverlay = OverlayQuestion(state, lens, page, isSecond: true)
        name = model.name
        basis = state.secondBasis
        missing = head == state.head ? nil : say("no L\(state.focus.layer) H\(state.focus.head)")
    }

    /// As much of the map as is known.
    func image(_ answers: inout Answers) -> MapImage? {
        guard let lens else { return nil }
        guard let bands = MapBandQuestion.bands(request, of: lens) else {
            return answers.answer(to: MapQuestion(request, of: lens, isSecond: isSecond))
        }
        let values = bands.flatMap { band -> [Float] in
            let question = MapBandQuestion(map: MapQuestion(band, of: lens, isSecond: isSecond))
            let image = answers.answer(whenKnown: question) ?? nil
            return image?.values ?? Array(repeating: .nan, count: band.rows * band.columns)
        }
        return MapImage(request: request, values: values, provenance: .exact)
    }

    /// "L3 H7", and what is not there.
    private var headText: String { "L\(request.layer) H\(request.head)" + (missing.map { ", \($0)" } ?? "") }

    /// What stands in the upper border of the first model's map: as much of it as has room beside the panel's name.
    func facts(_ view: String, in inner: Rect) -> String {
        guard let name else { return "\(headText) · \(view)" }
        let room = inner.width - CellWidth.of(Panel.map.title) - Self.framing
        return Self.first([[name, headText, view], [name, headText], [headText]], room: room)
    }

    /// The same for the second model's, and its name as far as there is room: what its numbers are goes before.
    func border(_ view: String, in inner: Rect) -> (title: String, facts: String) {
        let name = name ?? ""
        let room = inner.width - Self.framing
        let basis = basis == say("exact") ? [] : [basis]
        let facts = Self.first(
            [[headText, self.basis, view], [headText, self.basis], [headText] + basis], room: room - CellWidth.of(name))
        return (CellWidth.truncated(name, to: max(Self.shortestName, room - CellWidth.of(facts))), facts)
    }

    /// Cells of a border that neither a title nor facts can have: corners, lines, blanks.
    private static let framing = 7
    private static let shortestName = 4

    /// The first that has room, else the last.
    private static func first(_ wordings: [[String]], room: Int) -> String {
        let texts = wordings.map { $0.joined(separator: " · ") }
        return texts.first { CellWidth.of($0) <= room } ?? texts.last ?? ""
    }
}

extension AppState {
    /// Whether the map of a second model stands beside the first one's.
    var hasSecondMap: Bool { second?.tokenByToken != nil }

    /// What the second model's numbers are.
    fileprivate var secondBasis: String {
        let basis = secondLens?.provenance.words
        let run = second?.running.map { say("reading \($0.percent) %") }
        let parts = [basis == say("exact") && run != nil ? nil : basis, run].compactMap { $0 }
        let refused = scenario != ownScenario && secondScenario != scenario ? [say("own method")] : []
        return (parts.isEmpty ? [say("not read yet")] : parts + refused).joined(separator: ", ")
    }
}
