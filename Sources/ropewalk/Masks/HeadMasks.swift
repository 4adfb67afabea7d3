import RopewalkMethods

/// A mask as it is in the items of a batch, layers and heads, or the mask alone.
struct HeadMasks {
    /// Places whose masks are surely the same, and the mask.
    struct Group {
        /// Empty where there is only one mask.
        let places: [HeadPlace]
        let mask: Mask
    }

    let mask: Mask
    /// Items of a batch, layers and heads, in this order; empty where there is only one mask.
    let heads: [(place: HeadPlace, mask: Mask)]

    /// Whether layers and heads are those of a model, which are both named.
    let isModel: Bool

    init(_ mask: Mask, _ places: [HeadPlace], isModel: Bool = false) throws {
        self.mask = mask
        self.isModel = isModel
        heads = try places.map { ($0, try mask.mask(in: $0)) }
    }

    var places: [HeadPlace] { heads.map(\.place) }

    /// The different masks, in the order of the first head that has each.
    var different: [Group] {
        guard !heads.isEmpty else { return [Group(places: [], mask: mask)] }
        return Self.grouped(heads.map { ($0.mask.identity, $0.place) }).map { indices in
            Group(places: indices.map { heads[$0].place }, mask: heads[indices[0]].mask)
        }
    }

    /// Indices of what has the same name, in the order of the first of each.
    static func grouped(_ named: [(name: String, place: HeadPlace)]) -> [[Int]] {
        var order: [String] = []
        var groups: [String: [Int]] = [:]
        for (index, entry) in named.enumerated() {
            if groups[entry.name] == nil { order.append(entry.name) }
            groups[entry.name, default: []].append(index)
        }
        return order.compactMap { groups[$0] }
    }

    /// The one mask that is asked for; an error where the heads differ.
    func single() throws -> Mask {
        let groups = different
        guard groups.count > 1 else { return groups[0].mask }
        let names = groups.prefix(2).map { HeadNames($0.places.prefix(1), of: self).text }
        throw CommandError.combination(
            "\(names[0]) and \(names[1]) have different masks: choose with --items, --layers and --heads; npy and json "
                + "hold all")
    }

    /// One mask a layer of an item, its heads together; empty where no model's size is given.
    func joined(item: Int) -> [any MaskRows] {
        let own = heads.filter { $0.place.item == item }
        let layers = Set(own.map(\.place.layer)).sorted()
        return layers.map { layer in
            var known: Set<String> = []
            return JointMask(
                own.filter { $0.place.layer == layer }.map(\.mask).filter { known.insert($0.identity).inserted })
        }
    }

    var items: [Int] { heads.isEmpty ? [0] : Set(places.map(\.item)).sorted() }

    /// What counts its masks: "2 items × 4 heads"; empty where there is only one.
    var extent: String {
        let counts = [
            (items.count, "items"), (Set(places.map(\.layer)).count, "layers"),
            (Set(places.map(\.head)).count, "heads"),
        ]
        let parts = counts.filter { $0.0 > 1 }.map { "\($0.0.grouped) \($0.1)" }
        return parts.isEmpty ? "" : ", " + parts.joined(separator: " × ")
    }
}

/// How some of the heads are called: "layers 0-3, head 5".
struct HeadNames {
    private let places: [HeadPlace]
    private let hasItems: Bool
    private let hasLayers: Bool
    private let hasHeads: Bool

    init(_ places: some Sequence<HeadPlace>, of heads: HeadMasks) {
        self.places = Array(places)
        let all = heads.places
        hasItems = Set(all.map(\.item)).count > 1
        let hasModel = heads.isModel || all.contains { $0.layers > 1 && $0.heads > 1 }
        hasLayers = hasModel || all.contains { $0.layers > 1 }
        hasHeads = hasModel || all.contains { $0.heads > 1 } || !hasItems && !hasLayers
    }

    /// One name, or several where the places are no block of items, layers and heads.
    var texts: [String] {
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

    var text: String { places.isEmpty ? "" : texts.joined(separator: "; ") }

    private static func text(_ axes: [(isNamed: Bool, name: String, indices: Set<Int>)]) -> String {
        axes.filter(\.isNamed).map { axis in
            let ranges = KeyRanges(axis.indices.map { $0..<$0 + 1 }).ranges
            let list = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound - 1)" }
            return "\(axis.name)\(axis.indices.count > 1 ? "s" : "") \(list.joined(separator: ","))"
        }.joined(separator: ", ")
    }
}
