import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// The hidden map of a layer that has a state in place of attention: what is left of earlier tokens, how well they fit, and
/// what comes of both.
package struct MixerView: Sendable {
    /// What a layer has in place of attention.
    package struct Kind: Equatable, Sendable {
        /// For people: "Mamba-2".
        package let title: String
        /// Channels or heads.
        package let units: Int
        package let hasHeads: Bool
        /// Whether weights are above 0 and add up to 1.
        package let hasShares: Bool

        package init(title: String, units: Int, hasHeads: Bool, hasShares: Bool) {
            self.title = title
            self.units = units
            self.hasHeads = hasHeads
            self.hasShares = hasShares
        }

        /// Which channel or head it is, nil for the mean of all: for a border and a legend.
        package func name(of unit: Int?) -> String {
            guard let unit else {
                return hasHeads ? say("mean of \(units.grouped) heads") : say("mean of \(units.grouped) channels")
            }
            return hasHeads
                ? say("head \(unit.grouped) of \(units.grouped)") : say("channel \(unit.grouped) of \(units.grouped)")
        }
    }

    /// Nil where the layer has attention.
    package let kind: Kind?
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
        kind: Kind?, layer: Int = 0, unit: Int? = 0, windows: [MixerWindow] = [], row: MixerRow? = nil,
        fading: MixerFading? = nil, size: MixerStateSize? = nil, cursor: Int = 0, anchor: Int? = nil,
        name: @escaping @Sendable (Int) -> String = { String($0) }, look: Look
    ) {
        self.kind = kind
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
}
