import RopewalkCellGrid
import RopewalkLens
import RopewalkModels
import RopewalkPhrases

/// The hidden map of a layer that has a state in place of attention: what is left of earlier tokens, how well they fit, and
/// what comes of both.
package struct MixerView: Sendable {
    /// Nil where the layer has attention.
    package let traits: MixerTraits?
    package let layer: Int
    /// The channel or head; nil for the mean of all.
    package let unit: Int?
    /// Those that are known by now, in the order in which they are drawn.
    package let windows: [MixerWindow]
    /// What the cursor's output takes of earlier tokens; nil while it is worked out, and of the mean.
    package let row: MixerRow?
    package let fading: MixerFading?
    package let size: MixerStateSize?
    package let cursor: Int
    package let anchor: Int?
    package let name: @Sendable (Int) -> String
    package let look: Look

    package init(
        traits: MixerTraits?, layer: Int = 0, unit: Int? = 0, windows: [MixerWindow] = [], row: MixerRow? = nil,
        fading: MixerFading? = nil, size: MixerStateSize? = nil, cursor: Int = 0, anchor: Int? = nil,
        name: @escaping @Sendable (Int) -> String = { String($0) }, look: Look
    ) {
        self.traits = traits
        self.layer = layer
        self.unit = unit
        self.windows = windows
        self.row = row
        self.fading = fading
        self.size = size
        self.cursor = cursor
        self.anchor = anchor
        self.name = name
        self.look = look
    }

    /// The matrices of a mixer, in the order in which they are drawn; of the mean of many units not the shares of rows,
    /// which take every pair of every unit.
    package static func matrices(of kind: MixerTraits.Kind, isMean: Bool) -> [MixerMatrix] {
        switch kind {
        case .mamba: isMean ? [.map] : [.map, .shares]
        case .mamba2: isMean ? [.fading, .products, .map] : [.fading, .products, .map, .shares]
        case .rwkv: [.fading, .map]
        }
    }

    /// Which unit it is, for a border and a legend.
    package static func name(of unit: Int?, in traits: MixerTraits) -> String {
        guard let unit else {
            return traits.hasHeads
                ? say("mean of \(traits.units.grouped) heads") : say("mean of \(traits.units.grouped) channels")
        }
        return traits.hasHeads
            ? say("head \(unit.grouped) of \(traits.units.grouped)")
            : say("channel \(unit.grouped) of \(traits.units.grouped)")
    }
}
