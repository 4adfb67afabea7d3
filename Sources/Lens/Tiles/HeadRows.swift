import RopewalkMethods
import RopewalkModels

/// What places and the choice of a selection by states let the queries of a head see, row by row.
struct HeadRows: MaskRows {
    private let lens: Lens
    private let layer: Int
    private let head: Int
    private let byPlaceAlone: Bool
    /// Nil where rows are not those of windows alone.
    private let windows: Mask?

    /// - Parameter byPlaceAlone: without what a selection by states has chosen
    init(_ lens: Lens, layer: Int, head: Int, byPlaceAlone: Bool = false) {
        (self.lens, self.layer, self.head, self.byPlaceAlone) = (lens, layer, head, byPlaceAlone)
        let setup = lens.setup
        let isPlain =
            setup.present == nil && setup.globals.isEmpty && (byPlaceAlone || setup.stateSelection(layer) == nil)
        windows =
            isPlain && setup.queries == setup.keys ? try? setup.mask(layer: layer, head: head) : nil
    }

    /// All rows of a selection by states, which are chosen one after the other; nil where a preview would have to replay too
    /// many.
    init?(choosing lens: Lens, layer: Int, head: Int) {
        if let choices = lens.choices {
            guard choices.choices(layer: layer, head: head, queries: Array(0..<lens.recording.tokens)) != nil else {
                return nil
            }
        }
        self.init(lens, layer: layer, head: head)
    }

    var tokens: Int { lens.recording.keyTokens }
    var queries: Range<Int> { 0..<lens.recording.tokens }

    func row(_ query: Int) -> KeyRanges {
        guard byPlaceAlone else { return lens.visibleKeys(query, layer: layer, head: head) }
        return lens.setup.visibleKeys(query: query, windows: lens.setup.windows(layer: layer, head: head))
            .intersection(0..<tokens)
    }

    func zones(of queries: Range<Int>) -> ZoneSum? {
        guard let windows, windows.tokens == tokens else { return nil }
        return windows.zones(of: queries)
    }
}
