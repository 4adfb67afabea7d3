import RopewalkCellGrid
import RopewalkDocuments
import RopewalkLens
import RopewalkModels
import RopewalkViews

extension AppState {
    /// The cells of the map on the screen; those of a map on the whole screen where the panel is hidden.
    var mapExtent: MapExtent {
        let inner = mapContent(.map)
        let sizes = [MapSize(inner, depth)] + MapGrowth.levels(in: inner).map { MapSize(inner, depth, $0) }
        return extent(sizes, whole: wholeGrowth.map { MapSize(inner, depth, $0) })
    }

    /// The window of the map as far as the Distance panel has cells for it; its tokens do not grow.
    var distanceRequest: MapRequest {
        var window = map
        window.growth = 0
        return window.request(
            in: extent([MapSize(mapContent(.distance), depth)]), layer: focus.layer, head: focus.head,
            pooling: appearance.pooling)
    }

    /// How large a token of the map is drawn; nil: as one cell.
    var mapGrowth: MapGrowth? {
        guard let cell = map.cell else { return wholeGrowth }
        let levels = MapGrowth.levels(in: mapContent(.map))
        return cell == 1 && levels.indices.contains(map.growth - 1) ? levels[map.growth - 1] : nil
    }

    /// Of a text that is short enough, so that it fills the panel.
    private var wholeGrowth: MapGrowth? {
        let inner = mapContent(.map)
        guard tokenCount > 0, tokenCount <= inner.width else { return nil }
        let names = [queryDocument, keyDocument].flatMap { document in
            (0..<tokenCount).map { CellWidth.of(document?.shortName(ofToken: $0) ?? "") }
        }
        return MapGrowth.fitting(tokens: tokenCount, longest: names.max() ?? 1, in: inner)
    }

    private func extent(_ sizes: [MapSize], whole: MapSize? = nil) -> MapExtent {
        MapExtent(sizes: sizes, whole: whole, tokens: tokenCount, block: Recorder.poolBlock(tokens: tokenCount))
    }

    private func mapContent(_ panel: Panel) -> Rect {
        let rect = layout.panels[panel] ?? Rect(x: 0, y: 1, width: size.width, height: max(0, size.height - 2))
        return panel == .map && hasSecondMap ? PanelSplit(rect).inners.first : rect.inset()
    }

    var mapRequest: MapRequest {
        map.request(in: mapExtent, layer: focus.layer, head: focus.head, pooling: appearance.pooling)
    }
}

extension MapSize {
    fileprivate init(_ rect: Rect, _ depth: ColourDepth, _ growth: MapGrowth? = nil) {
        let capacity = MapView.capacity(of: rect, depth: depth, growth: growth)
        self.init(rows: capacity.rows, columns: capacity.columns, width: growth?.width ?? 1)
    }
}

extension Document {
    /// A name for axes: blanks before a word are left out there.
    func shortName(ofToken token: Int) -> String {
        let name = wholeName(ofToken: token)
        let word = name.drop { $0 == "␣" }
        return word.isEmpty ? name : String(word)
    }
}
