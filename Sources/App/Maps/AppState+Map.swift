import RopewalkCellGrid
import RopewalkLens
import RopewalkModels
import RopewalkViews

extension AppState {
    /// The cells of the map on the screen; those of a map on the whole screen where the panel is hidden.
    var mapExtent: MapExtent { frame(of: .map) }

    /// The window of the map as far as the Distance panel has cells for it.
    var distanceRequest: MapRequest {
        map.request(in: frame(of: .distance), layer: focus.layer, head: focus.head, pooling: appearance.pooling)
    }

    private func frame(of panel: Panel) -> MapExtent {
        let rect = layout.panels[panel] ?? Rect(x: 0, y: 1, width: size.width, height: max(0, size.height - 2))
        let inner = panel == .map && hasSecondMap ? PanelSplit(rect).inners.first : rect.inset()
        let capacity = MapView.capacity(of: inner, depth: depth)
        return MapExtent(
            rows: capacity.rows, columns: capacity.columns, tokens: tokenCount,
            block: Recorder.poolBlock(tokens: tokenCount))
    }

    var mapRequest: MapRequest {
        map.request(in: mapExtent, layer: focus.layer, head: focus.head, pooling: appearance.pooling)
    }
}
