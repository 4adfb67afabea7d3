import RopewalkCellGrid
import RopewalkLens
import RopewalkPhrases

/// What features make of a head's attention: its maps, how far off they are and with how many features, and what a decoder
/// would keep.
package struct KernelView: Sendable {
    /// The method as it is written; nil where none takes the place of the softmax.
    package let method: String?
    /// Nil while it is worked out.
    package let row: KernelRow?
    package let maps: KernelMaps?
    /// By the number of features, the fewest first.
    package let errors: [KernelError]
    package let filling: KernelFilling?
    /// Numbers of a state and of a cache of keys and values, of one key head.
    package let sizes: (state: Int, cache: Int)
    /// The features that are chosen.
    package let features: Int
    /// What is left of the state after a token; nil where it does not fade.
    package let decay: Double?
    package let name: @Sendable (Int) -> String
    package let look: Look

    package init(
        method: String?, row: KernelRow? = nil, maps: KernelMaps? = nil, errors: [KernelError] = [],
        filling: KernelFilling? = nil, sizes: (state: Int, cache: Int) = (0, 0), features: Int = 0,
        decay: Double? = nil,
        name: @escaping @Sendable (Int) -> String = { String($0) }, look: Look
    ) {
        self.method = method
        self.row = row
        self.maps = maps
        self.errors = errors
        self.filling = filling
        self.sizes = sizes
        self.features = features
        self.decay = decay
        self.name = name
        self.look = look
    }

    /// The error of a row in a border, the longest wording first.
    package static func facts(_ row: KernelRow?) -> [String] {
        guard let row else { return [say("≈ kernel"), "≈"] }
        let error = Figures.fixed(Double(row.outputError), 2)
        if let signs = row.signs {
            let negative = Figures.fixed(100 * Double(signs.negative), 0)
            return [
                say(
                    "≈ kernel: output error \(error) of this row; weights of both signs, \(negative) % below 0: sizes are shown"
                ),
                say("≈ kernel: output error \(error), sizes of signed weights"), say("≈ error \(error), sizes"),
                "≈ \(error)",
            ]
        }
        return [
            say("≈ kernel: output error \(error) of this row, moved \(Figures.fixed(Double(row.moved), 2))"),
            say("≈ kernel: output error \(error)"), say("≈ error \(error)"), "≈ \(error)",
        ]
    }
}
