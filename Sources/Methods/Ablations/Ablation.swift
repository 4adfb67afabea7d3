import RopewalkPhrases

/// What heads or feed-forward layers would add to the stream is left out: `ablate:layers=2,heads=3`, which is also read as
/// `ablate@layers=2@heads=3`.
///
/// Attention weights of its own layer stay as they are; the layers behind it read a stream without it. With `tokens` alone it
/// becomes a mask: `LeftOutTokens`.
package struct Ablation: Method, Equatable {
    package static let description = MethodDescription(
        name: "ablate", family: .ablation, title: "Ablation",
        summary:
            "Leaves out what attention heads, or feed-forward layers, add to the stream (it becomes zero): how much the "
            + "loss rises says what they do. Without heads it is the whole attention of a layer, its output bias too. Of "
            + "tokens it hides the keys: no other token reads them.",
        source: "Michel et al., Are Sixteen Heads Really Better than One?, 2019 (arXiv 1905.10650)",
        lists: [
            ListDescription(
                "layers", meaning: "layers whose attention is left out; all, where none is given", range: range,
                isInteger: true),
            ListDescription(
                "heads", meaning: "their heads that are left out; all, where none is given", range: range,
                isInteger: true),
            ListDescription(
                "feed-forward",
                meaning: "layers whose feed-forward layer is left out; given alone, no attention is left out",
                range: range, isInteger: true),
            ListDescription(
                "tokens", meaning: "tokens that no other token reads, in all layers; given alone", unit: "tokens",
                range: 0...1_073_741_823, isInteger: true),
        ],
        flops: "those of the model: what is left out is computed and not added",
        memory: "2·N·d, as without it: keys and values of heads that are left out are kept")

    private static let range = 0...Double(HeadScope.largestIndex)

    /// Ascending; empty for all.
    package let layers: [Int]
    package let heads: [Int]
    /// Ascending; empty for none.
    package let feedForward: [Int]
    /// What `LeftOutTokens` hides; empty for none.
    let tokens: [Int]

    package init(layers: [Int] = [], heads: [Int] = [], feedForward: [Int] = []) {
        self.init(layers: layers, heads: heads, feedForward: feedForward, tokens: [])
    }

    private init(layers: [Int], heads: [Int], feedForward: [Int], tokens: [Int]) {
        self.layers = Self.ordered(layers)
        self.heads = Self.ordered(heads)
        self.feedForward = Self.ordered(feedForward)
        self.tokens = Self.ordered(tokens)
    }

    package init(values: [Double]) { self.init() }

    package init(values: [Double], lists: [[Double]]) {
        let lists = lists.map { $0.map { Int($0) } }
        self.init(layers: lists[0], heads: lists[1], feedForward: lists[2], tokens: lists[3])
    }

    package var values: [Double] { [] }
    package var lists: [[Double]] { [layers, heads, feedForward, tokens].map { $0.map(Double.init) } }

    package var contradiction: String? {
        guard !tokens.isEmpty, !(layers.isEmpty && heads.isEmpty && feedForward.isEmpty) else { return nil }
        return say("tokens= stands alone: write another ablate for layers and heads, or @layers behind tokens=")
    }

    /// The mask that hides its tokens; nil where it leaves out parts of the model.
    var mask: LeftOutTokens? { tokens.isEmpty ? nil : LeftOutTokens(tokens: tokens) }

    /// The same of what is written behind it: @layers=2@heads=3.
    func limited(to scope: HeadScope) throws(MethodError) -> Ablation {
        if scope.items != nil { throw .scope(scope.suffix, say("a run reads one text: leave @items out")) }
        guard layers.isEmpty, heads.isEmpty, feedForward.isEmpty else {
            throw .scope(
                scope.suffix,
                say("it limits masks: of ablate write layers=, heads= and feed-forward=, or @layers and @heads alone"))
        }
        return Ablation(
            layers: scope.layers.map(Self.indices) ?? [], heads: scope.heads.map(Self.indices) ?? [])
    }

    /// What it names that a model has not; nil where all is there.
    func problem(layers count: Int, heads headCount: Int) -> String? {
        for (list, indices, count) in [
            ("layers", layers, count), ("heads", heads, headCount), ("feed-forward", feedForward, count),
        ] {
            guard let index = indices.last, index >= count else { continue }
            return say(
                "\(Self.description.name): \(list)=\(index) is not there: it takes 0 to \((count - 1).grouped) in this model"
            )
        }
        return nil
    }

    /// Whether it leaves a head out.
    package func leavesOut(layer: Int, head: Int) -> Bool {
        holds(layer) && (heads.isEmpty || heads.contains(head))
    }

    /// Whether it leaves the whole attention of a layer out, its output bias too.
    package func leavesOutAttention(_ layer: Int) -> Bool { heads.isEmpty && holds(layer) }

    package func leavesOutFeedForward(_ layer: Int) -> Bool { feedForward.contains(layer) }

    private func holds(_ layer: Int) -> Bool {
        if layers.isEmpty { return !heads.isEmpty || feedForward.isEmpty }
        return layers.contains(layer)
    }

    private static func indices(_ ranges: KeyRanges) -> [Int] { ranges.ranges.flatMap { Array($0) } }
    private static func ordered(_ indices: [Int]) -> [Int] { Array(Set(indices)).sorted() }
}
