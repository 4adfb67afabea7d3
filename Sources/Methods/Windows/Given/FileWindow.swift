import RopewalkPhrases

/// A mask that was read from a file: `file:mask.npy`, or `file:masks.npz#name` for one of several arrays.
package struct FileWindow: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "file", family: .window, title: "Mask file",
        summary: "A file says which keys every query sees.", source: "the user",
        flops: "as many pairs as the mask allows", memory: "2·N·d numbers a key/value head")

    package let path: String
    package let stack: MaskStack
    /// The head that it stands for; nil before one is asked for.
    package let place: HeadPlace?
    /// Which of its masks holds in every head; what is not named goes with the head.
    package let chosen: MaskPlane
    private let plane: Int

    package init(path: String, stack: MaskStack, place: HeadPlace? = nil, chosen: MaskPlane = MaskPlane()) {
        self.path = path
        self.stack = stack
        self.place = place
        self.chosen = chosen
        plane = stack.plane(chosen, at: place)
    }

    /// `masks` [layer][head] has at least one layer with at least one head.
    package init(path: String, masks: [[ListedMask]]) { self.init(path: path, stack: MaskStack(masks)) }
    package init(values: [Double]) { self.init(path: "", masks: [[ListedMask(rows: [])]]) }
    package var values: [Double] { [] }
    package var spec: String { Self.prefix + path + chosen.suffix }
    static let prefix = "file:"

    package var identity: String { "\(spec)#\(stack.fingerprint)/\(plane)" }

    package static func == (a: Self, b: Self) -> Bool { a.identity == b.identity }

    static func isSpec(_ text: some StringProtocol) -> Bool {
        text.drop(while: \.isWhitespace).hasPrefix(prefix)
    }

    /// The mask of its item, layer and head.
    package var mask: any MaskRows { stack.planes[plane] }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        FileWindow(path: path, stack: stack, place: place, chosen: chosen)
    }

    /// Items of a batch that differ; one where an item is chosen.
    package func itemCount(layers: Int, heads: Int) -> Int {
        chosen.item == nil ? stack.layout(layers: layers, heads: heads).count(.batch) : 1
    }

    package var ownTokens: Int? { stack.keys }
    package var ownQueries: Range<Int>? { stack.queries }

    /// Of a mask that is larger than the text, the leading part counts.
    package func problem(tokens: Int) -> String? {
        let misfit =
            place.map { stack.problem(layers: $0.layers, heads: $0.heads, chosen: chosen) }
            ?? stack.problem(chosen, layers: nil, heads: nil)
        if let misfit { return "\(path): \(misfit)" }
        guard tokens > stack.keys else { return nil }
        let advice = stack.blockAdvice(tokens: tokens) ?? say("give a larger mask")
        return say("\(path): the mask spans \(stack.keys.grouped) tokens, the text has \(tokens.grouped): \(advice)")
    }

    /// A query that the file has no row for stood in the cache: it sees what causality lets it see.
    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        guard stack.queries.contains(query) else {
            return query < stack.queries.lowerBound && query >= 0
                ? KeyRanges(from: 0, to: min(query + 1, tokens)) : KeyRanges()
        }
        let row = mask.row(query - stack.queries.lowerBound)
        return tokens < stack.keys ? row.intersection(0..<tokens) : row
    }

    package func visibleBits(query: Int, tokens: Int) -> KeyBits {
        guard stack.queries.contains(query), tokens == stack.keys else {
            return KeyBits(visibleKeys(query: query, tokens: tokens), tokens: tokens)
        }
        return mask.bits(query - stack.queries.lowerBound)
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        guard stack.queries.contains(query) else {
            return key <= query
                ? VisibilityReason(
                    .visible, say("kept: the file begins with query \(stack.queries.lowerBound.grouped)"))
                : .future(query: query, key: key)
        }
        let side = stack.block ?? 1
        let (row, column) = ((query - stack.queries.lowerBound) / side, key / side)
        let place =
            side > 1
            ? say("at row \(row.grouped), column \(column.grouped), a block of \(side.grouped)")
            : say("at row \(row.grouped), column \(column.grouped)")
        return visibleKeys(query: query, tokens: tokens).contains(key)
            ? VisibilityReason(.visible, say("kept: the file has it visible \(place)"))
            : VisibilityReason(.outside, say("blocked: the file has it hidden \(place)"))
    }
}
