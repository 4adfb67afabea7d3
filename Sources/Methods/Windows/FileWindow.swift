/// A mask that was read from a file: `file:mask.npy`.
package struct FileWindow: WindowMethod, Equatable {
    package static let description = MethodDescription(
        name: "file", family: .window, title: "Mask file",
        summary: "A file says which keys every query sees.", source: "the user",
        flops: "as many pairs as the mask allows", memory: "2·N·d numbers a key/value head")

    package let path: String
    /// [layer][head]; one of them is for all layers or heads.
    package let masks: [[ListedMask]]
    package let layer: Int
    package let head: Int
    /// Changes with what the file holds.
    private let fingerprint: Int

    /// `masks` has at least one layer with at least one head.
    package init(path: String, masks: [[ListedMask]], layer: Int = 0, head: Int = 0) {
        precondition(masks.allSatisfy { !$0.isEmpty } && !masks.isEmpty)
        var hasher = Hasher()
        for mask in masks.joined() { hasher.combine(mask) }
        self.init(path: path, masks: masks, layer: layer, head: head, fingerprint: hasher.finalize())
    }

    private init(path: String, masks: [[ListedMask]], layer: Int, head: Int, fingerprint: Int) {
        self.path = path
        self.masks = masks
        self.layer = layer
        self.head = head
        self.fingerprint = fingerprint
    }

    package init(values: [Double]) { self.init(path: "", masks: [[ListedMask(rows: [])]]) }
    package var values: [Double] { [] }
    package var spec: String { Self.prefix + path }
    static let prefix = "file:"

    package var identity: String {
        let (layer, head) = (min(layer, masks.count - 1), self.head)
        return "\(spec)#\(fingerprint)/\(layer)/\(min(head, masks[layer].count - 1))"
    }

    static func isSpec(_ text: some StringProtocol) -> Bool {
        text.drop(while: \.isWhitespace).hasPrefix(prefix)
    }

    /// The mask of its layer and head; the last one where the file has fewer.
    package var mask: ListedMask {
        let heads = masks[min(layer, masks.count - 1)]
        return heads[min(head, heads.count - 1)]
    }

    package func window(in place: HeadPlace) -> (any WindowMethod)? {
        FileWindow(path: path, masks: masks, layer: place.layer, head: place.head, fingerprint: fingerprint)
    }

    package var ownTokens: Int? { mask.tokens }

    /// Of a mask that is larger than the text, the leading part counts.
    package func problem(tokens: Int) -> String? {
        tokens <= mask.tokens
            ? nil
            : "\(path): the mask spans \(mask.tokens.grouped) tokens, the text has \(tokens.grouped): give a larger mask"
    }

    package func visibleKeys(query: Int, tokens: Int) -> KeyRanges {
        guard query < mask.tokens else { return KeyRanges() }
        let row = mask.row(query)
        return tokens < mask.tokens ? row.intersection(0..<tokens) : row
    }

    package func reason(query: Int, key: Int, tokens: Int) -> VisibilityReason {
        visibleKeys(query: query, tokens: tokens).contains(key)
            ? VisibilityReason(.visible, "kept: the file has a 1 at row \(query.grouped), column \(key.grouped)")
            : VisibilityReason(.outside, "blocked: the file has a 0 at row \(query.grouped), column \(key.grouped)")
    }
}
