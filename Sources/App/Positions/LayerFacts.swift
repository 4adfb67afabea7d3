import RopewalkCellGrid
import RopewalkPhrases

/// What stands in the border of a panel about positions where layers differ: of which layer it is goes before all else.
struct LayerFacts {
    /// "layer 5: global, base 1,000,000"; nil where all layers are alike.
    let title: String?
    let layer: Int
    let panel: Panel

    /// The first of these wordings that has room beside the panel's name, and in the end the layer alone.
    func text(_ wordings: String..., in inner: Rect) -> String {
        guard let title else { return wordings.first ?? "" }
        let room = inner.width - CellWidth.of(panel.title) - 7
        return (wordings + [title]).first { CellWidth.of($0) <= room } ?? say("layer \(layer)")
    }
}
