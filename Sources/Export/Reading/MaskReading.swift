import RopewalkMethods
import RopewalkPhrases

/// How a mask file is to be taken, where its bytes do not say.
package struct MaskReading: Equatable, Sendable {
    /// What an array holds.
    package enum Content: String, CaseIterable, Sendable {
        /// What each query sees, [..., queries, keys].
        case mask
        /// Which tokens are real, [keys] or [batch, keys]: the others are hidden from all.
        case padding
        /// Where packed documents begin, and where the last ends: 0, 20, 50, 64.
        case starts = "cu-seqlens"
        /// Positions that begin anew with every document, [keys] or [batch, keys].
        case positions = "position-ids"
        /// The number of every token's document, [keys] or [batch, keys].
        case documents
    }

    package var content = Content.mask
    package var axes: [MaskStack.Axis]?
    package var offset = MaskStack.Offset.bottomRight
    /// Values below it are hidden, all others visible; nil to tell by the values.
    package var hiddenBelow: Double?
    /// The rows of an array with more numbers are decoded when they are asked for.
    var eagerLimit = 1 << 26
    /// Visible and hidden are swapped.
    package var isInverted = false
    /// The side of the blocks of which a mask has a place each; nil for a place a token.
    var block: Int?

    package init() {}

    /// What additive masks have below it is hidden: far below every bias, and above −10,000 in any precision.
    package static let usualThreshold = -5000.0
}

extension MaskReading {
    /// `batch,heads,queries,keys`
    package static func axes(_ text: String) throws(ExportError) -> [MaskStack.Axis] {
        var axes: [MaskStack.Axis] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let axis = MaskStack.Axis(rawValue: String(name.filter { $0 != " " })), !axes.contains(axis) else {
                throw .file(
                    say(
                        """
                        --axes '\(text.prefix(60))': it takes layers, batch, heads, queries and keys, each \
                        once, such as batch,heads,queries,keys
                        """))
            }
            axes.append(axis)
        }
        guard axes.suffix(2) == [.queries, .keys] else {
            throw .file(say("--axes '\(text.prefix(60))': the last two are queries,keys: transpose the array"))
        }
        return axes
    }

    /// `56`, `bottom-right`, `top-left` or `cross`
    package static func offset(_ text: String) throws(ExportError) -> MaskStack.Offset {
        switch text {
        case "bottom-right": return .bottomRight
        case "top-left": return .at(0)
        case "cross": return .cross
        default:
            guard let first = Int(text), (0...1 << 30).contains(first) else {
                throw .file(
                    say(
                        """
                        --offset '\(text.prefix(40))': it takes the place of the first query among the keys, \
                        bottom-right, top-left, or cross for queries of another text
                        """))
            }
            return .at(first)
        }
    }
}
