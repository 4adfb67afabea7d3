import RopewalkPhrases

/// The masks of a file: one for every item of a batch, layer and head that its axes name.
package struct MaskStack: Sendable {
    /// What an axis of an array counts.
    package enum Axis: String, CaseIterable, Sendable { case layers, batch, heads, queries, keys }

    /// Where the first query of a rectangular mask stands among the keys.
    package enum Offset: Equatable, Sendable {
        /// The last query sees the last key, as in PyTorch since 2.1: queries of a decoding step over a cache.
        case bottomRight
        case at(Int)
        /// Queries and keys are different texts, as in cross attention: no query is before or after a key.
        case cross
    }

    /// In the order of the array.
    package let planes: [any MaskRows]
    /// The lengths of the axes before queries and keys.
    package let lengths: [Int]
    /// What these axes are, where someone said so.
    package let axes: [Axis]?
    package let offset: Offset
    /// What was taken for what, one short sentence each: "hidden are −inf and what is below −5,000".
    package let remarks: [String]
    /// The side of the blocks of which the file has a place each; nil where it has one a token.
    package let block: Int?
    /// Changes with what the file holds.
    let fingerprint: Int

    /// `planes` has as many masks as the product of `lengths`, all of one size.
    package init(
        planes: [any MaskRows], lengths: [Int], axes: [Axis]? = nil, offset: Offset = .bottomRight,
        remarks: [String] = [], fingerprint: Int, block: Int? = nil
    ) {
        // Readers count the planes of a shape and refuse one without queries or keys (checkSize, MaskArray).
        precondition(!planes.isEmpty && planes.count == lengths.reduce(1, *))
        self.planes = planes
        self.lengths = lengths
        self.axes = axes
        self.offset = offset
        self.remarks = remarks
        self.fingerprint = fingerprint
        self.block = block
    }

    /// Masks [layer][head]; every layer has as many heads.
    package init(_ masks: [[ListedMask]]) {
        var hasher = Hasher()
        for mask in masks.joined() { hasher.combine(mask) }
        self.init(
            planes: Array(masks.joined()), lengths: [masks.count, masks.first?.count ?? 0], axes: [.layers, .heads],
            fingerprint: hasher.finalize())
    }

    package var keys: Int { planes[0].tokens }

    /// "64 × 64 tokens", or "8 queries × 64 keys".
    package var sizeText: String {
        let count = planes[0].queries.count
        return count == keys
            ? say("\(count.grouped) × \(count.grouped) tokens") : say("\(count.grouped) queries × \(keys.grouped) keys")
    }

    /// The size with the lengths of the axes before it: "2 × 4 masks of 64 × 64 tokens".
    package var shapeText: String {
        let counts = lengths.filter { $0 > 1 }.map(\.grouped).joined(separator: " × ")
        return counts.isEmpty ? sizeText : say("\(counts) masks of \(sizeText)")
    }

    /// The places of the queries among the keys.
    package var queries: Range<Int> {
        let count = planes[0].queries.count
        let first =
            switch offset {
            case .bottomRight: keys - count
            case .at(let first): first
            case .cross: 0
            }
        return first..<first + count
    }
}

extension MaskStack {
    /// How many items, layers and heads there are, and where each lies in `planes`.
    package struct Layout: Equatable, Sendable {
        package let axes: [Axis]
        package let lengths: [Int]
        package let isGuess: Bool

        package func count(_ axis: Axis) -> Int {
            zip(axes, lengths).reduce(1) { $1.0 == axis ? $0 * $1.1 : $0 }
        }

        /// A place in `planes`; an axis that is not there, or of length 1, holds for all.
        package func plane(item: Int, layer: Int, head: Int) -> Int {
            zip(axes, lengths).reduce(0) { plane, axis in
                let index =
                    switch axis.0 {
                    case .batch: item
                    case .layers: layer
                    default: head
                    }
                return plane * axis.1 + (axis.1 == 1 ? 0 : index)
            }
        }

        /// "batch,heads,queries,keys"
        package var text: String { (axes + [.queries, .keys]).map(\.rawValue).joined(separator: ",") }
    }

    /// What the axes are: as was said, else a guess.
    ///
    /// PyTorch's masks are [batch, heads, queries, keys]. The first axis is taken for layers only where it has as many
    /// as the model and the batch of a model's mask would be another number.
    ///
    /// - Parameters:
    ///   - layers: of the model; nil where none is given.
    ///   - heads: of the model.
    package func layout(layers: Int? = nil, heads: Int? = nil) -> Layout {
        if let axes { return Layout(axes: axes, lengths: lengths, isGuess: false) }
        let isLayers = lengths.first.map { $0 > 1 && $0 == layers } ?? false
        let axes: [Axis]
        switch lengths.count {
        case 0: axes = []
        case 1: axes = isLayers && lengths[0] != heads ? [.layers] : [.heads]
        case 2: axes = isLayers ? [.layers, .heads] : [.batch, .heads]
        default: axes = [.layers, .batch, .heads]
        }
        return Layout(axes: axes, lengths: lengths, isGuess: lengths.contains { $0 > 1 })
    }

    /// Why the file does not fit a model; nil where it does.
    package func problem(layers: Int, heads: Int, chosen: MaskPlane = MaskPlane()) -> String? {
        if let problem = problem(chosen, layers: layers, heads: heads) { return problem }
        let layout = layout(layers: layers, heads: heads)
        let (ownLayers, ownHeads) = (layout.count(.layers), layout.count(.heads))
        let guess = layout.isGuess ? say(" (axes taken for \(layout.text): --axes says otherwise)") : ""
        if chosen.layer == nil, ownLayers != 1, ownLayers != layers {
            return
                say(
                    """
                    masks of \(ownLayers.grouped) layers for \(layers.grouped): give one, or as many, or choose \
                    one with @layer=0\(guess)
                    """)
        }
        if chosen.head == nil, heads % ownHeads != 0 {
            return
                say(
                    """
                    masks of \(ownHeads.grouped) heads for \(heads.grouped): give a number that divides them, \
                    or choose one with @head=0\(guess)
                    """)
        }
        return nil
    }
}
