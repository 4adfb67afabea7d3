import RopewalkCellGrid
import RopewalkViews

/// A view's place on the screen.
package enum Panel: Int, CaseIterable, Equatable, Hashable, Sendable {
    case text = 1
    case map, rotation, mask, heads, loss, distance, answers, word, io, experts
    case methods

    /// Where it stands, what it needs, and what it shows: all that the screen knows of it.
    var traits: PanelTraits {
        switch self {
        case .text: PanelTraits("Text", TextPanel.self, needs: .text, wide: .left, widest: .left, height: 11)
        case .map: PanelTraits("Map", MapPanel.self, needs: .weights, wide: .right, widest: .middle, height: 11)
        case .rotation: PanelTraits("Rotation", RotationPanel.self, needs: .model, wide: .left, widest: .right)
        case .mask: PanelTraits("Mask", MaskPanel.self, needs: .mask, wide: .right, widest: .middle)
        case .heads: PanelTraits("Heads", HeadsPanel.self, needs: .attention, wide: .right, widest: .middle)
        case .loss: PanelTraits("Loss", LossPanel.self, needs: .recording, wide: .right, widest: .middle)
        case .distance: PanelTraits("Distance", DistancePanel.self, needs: .weights, wide: .right, widest: .right)
        case .answers:
            PanelTraits("Answers", AskPanel.self, needs: .recording, wide: .right, widest: .right, height: 11)
        case .word: PanelTraits("Word", WordPanel.self, needs: .query, wide: .right, widest: .right, height: 11)
        case .io: PanelTraits("IO", IOPanel.self, needs: .query, wide: .right, widest: .right, height: 11)
        case .experts:
            PanelTraits("Experts", ExpertsPanel.self, needs: .cursor, wide: .right, widest: .right, height: 11)
        case .methods:
            PanelTraits("Methods", CataloguePanel.self, needs: .text, wide: .right, widest: .right, height: 11)
        }
    }

    /// What stands in the panel's border.
    package var name: String { traits.name.said }

    /// The name with the key that shows and hides the panel: `[1] Text`.
    package var title: String { "[\(rawValue)] \(name)" }

    /// What stands beside the title, of the parts that have room there, each in the longest wording that has.
    func facts(_ parts: [[String]], in inner: Rect) -> String {
        Sentence.fitting(parts, width: inner.width - CellWidth.of(title) - Self.framing)
    }

    /// Cells of a border that neither title nor facts can have: corners, lines, blanks.
    private static let framing = 7
}

/// What the screen knows of a panel.
struct PanelTraits: Sendable {
    /// A column of the screen.
    enum Column: Int, CaseIterable, Sendable { case left, middle, right }

    let name: String
    let content: any PanelContent.Type
    let need: PanelNeed
    /// Where there are two columns, and where there are three.
    let wide: Column
    let widest: Column
    /// Its part of a column's height: what is read or seen as a whole gets more than tables.
    let height: Int

    init(
        _ name: String, _ content: any PanelContent.Type, needs need: PanelNeed, wide: Column, widest: Column,
        height: Int = 8
    ) {
        self.name = name
        self.content = content
        self.need = need
        self.wide = wide
        self.widest = widest
        self.height = height
    }
}
