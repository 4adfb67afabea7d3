/// A mask as it is in the items of a batch, layers and heads, or the mask alone.
package struct HeadMasks: Sendable {
    /// Places whose masks are surely the same, and the mask.
    package struct Group: Sendable {
        /// Empty where there is only one mask.
        package let places: [HeadPlace]
        package let mask: Mask
    }

    package let mask: Mask
    /// Items of a batch, layers and heads, in this order; empty where there is only one mask.
    package let heads: [(place: HeadPlace, mask: Mask)]

    /// Whether layers and heads are those of a model, which are both named.
    package let isModel: Bool

    package init(_ mask: Mask, _ places: [HeadPlace], isModel: Bool = false) throws(MethodError) {
        var heads: [(place: HeadPlace, mask: Mask)] = []
        for place in places { heads.append((place, try mask.mask(in: place))) }
        self.init(mask, heads: heads, isModel: isModel)
    }

    /// - Parameter heads: the mask that each has, where it is no part of `mask`.
    package init(_ mask: Mask, heads: [(place: HeadPlace, mask: Mask)], isModel: Bool) {
        self.mask = mask
        self.heads = heads
        self.isModel = isModel
    }

    package var places: [HeadPlace] { heads.map(\.place) }

    /// The different masks, in the order of the first head that has each.
    package var different: [Group] {
        guard !heads.isEmpty else { return [Group(places: [], mask: mask)] }
        return Self.grouped(heads.map { ($0.mask.identity, $0.place) }).map { indices in
            Group(places: indices.map { heads[$0].place }, mask: heads[indices[0]].mask)
        }
    }

    /// Indices of what has the same name, in the order of the first of each.
    package static func grouped(_ named: [(name: String, place: HeadPlace)]) -> [[Int]] {
        var order: [String] = []
        var groups: [String: [Int]] = [:]
        for (index, entry) in named.enumerated() {
            if groups[entry.name] == nil { order.append(entry.name) }
            groups[entry.name, default: []].append(index)
        }
        return order.compactMap { groups[$0] }
    }

    /// One mask a layer of an item, its heads together; empty where no model's size is given.
    package func joined(item: Int) -> [any MaskRows] {
        let own = heads.filter { $0.place.item == item }
        let layers = Set(own.map(\.place.layer)).sorted()
        return layers.map { layer in
            var known: Set<String> = []
            return JointMask(
                own.filter { $0.place.layer == layer }.map(\.mask).filter { known.insert($0.identity).inserted })
        }
    }

    package var items: [Int] { heads.isEmpty ? [0] : Set(places.map(\.item)).sorted() }

    /// What counts its masks: "2 items × 4 heads"; empty where there is only one.
    package var extent: String {
        let counts = [
            (items.count, "items"), (Set(places.map(\.layer)).count, "layers"),
            (Set(places.map(\.head)).count, "heads"),
        ]
        let parts = counts.filter { $0.0 > 1 }.map { "\($0.0.grouped) \($0.1)" }
        return parts.isEmpty ? "" : ", " + parts.joined(separator: " × ")
    }
}

/// How some of the heads are called: "layers 0-3, head 5".
package struct HeadNames {
    private let places: [HeadPlace]
    private let hasItems: Bool
    private let hasLayers: Bool
    private let hasHeads: Bool

    package init(_ places: some Sequence<HeadPlace>, of heads: HeadMasks) {
        self.places = Array(places)
        let all = heads.places
        hasItems = Set(all.map(\.item)).count > 1
        let hasModel = heads.isModel || all.contains { $0.layers > 1 && $0.heads > 1 }
        hasLayers = hasModel || all.contains { $0.layers > 1 }
        hasHeads = hasModel || all.contains { $0.heads > 1 } || !hasItems && !hasLayers
    }

    /// One name, or several where the places are no block of items, layers and heads.
    package var texts: [String] {
        let (items, layers, heads) = (Set(places.map(\.item)), Set(places.map(\.layer)), Set(places.map(\.head)))
        guard items.count * layers.count * heads.count == places.count else {
            return places.map {
                Self.text([
                    (hasItems, "item", [$0.item]), (hasLayers, "layer", [$0.layer]), (hasHeads, "head", [$0.head]),
                ])
            }
        }
        return [Self.text([(hasItems, "item", items), (hasLayers, "layer", layers), (hasHeads, "head", heads)])]
    }

    package var text: String { places.isEmpty ? "" : texts.joined(separator: "; ") }

    private static func text(_ axes: [(isNamed: Bool, name: String, indices: Set<Int>)]) -> String {
        axes.filter(\.isNamed).map { axis in
            let ranges = KeyRanges(axis.indices.map { $0..<$0 + 1 }).ranges
            let list = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)" }
            return "\(axis.name)\(axis.indices.count > 1 ? "s" : "") \(list.joined(separator: ","))"
        }.joined(separator: ", ")
    }
}
