import RopewalkPhrases

/// Which mask of a file is taken whatever the head: `file:masks.npy@item=1@head=3`. An axis that is not named goes with the
/// item, layer and head that ask.
package struct MaskPlane: Hashable, Sendable {
    package var item: Int?
    package var layer: Int?
    package var head: Int?

    package init(item: Int? = nil, layer: Int? = nil, head: Int? = nil) {
        self.item = item
        self.layer = layer
        self.head = head
    }

    /// What is named of an axis; nil for nothing.
    package func index(_ axis: MaskStack.Axis) -> Int? {
        switch axis {
        case .batch: item
        case .layers: layer
        case .heads: head
        case .queries, .keys: nil
        }
    }

    /// As it stands behind the path; empty where nothing is named.
    package var suffix: String {
        [("item", item), ("layer", layer), ("head", head)].map { name, index in index.map { "@\(name)=\($0)" } ?? "" }
            .joined()
    }

    /// Takes it off the end of a path.
    package static func split(_ text: String) -> (path: String, plane: MaskPlane) {
        let axes: [Substring: WritableKeyPath<MaskPlane, Int?>] = [
            "item": \.item, "layer": \.layer, "head": \.head,
        ]
        var (plane, rest) = (MaskPlane(), Substring(text))
        while let mark = rest.lastIndex(of: "@") {
            let parts = rest[rest.index(after: mark)...].split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let axis = axes[parts[0]], let index = Int(parts[1]), index >= 0,
                plane[keyPath: axis] == nil
            else { break }
            plane[keyPath: axis] = index
            rest = rest[..<mark]
        }
        return (String(rest), plane)
    }
}

extension MaskStack {
    /// The place in `planes` of what is named, and for the rest of the head that asks.
    ///
    /// The heads of a model share the masks of a file as queries share keys: so many neighbouring heads each.
    func plane(_ chosen: MaskPlane, at place: HeadPlace?) -> Int {
        let layout = layout(layers: place?.layers, heads: place?.heads)
        let heads = max(1, layout.count(.heads))
        let group = max(1, (place?.heads ?? 1) / heads)
        func index(_ axis: Axis, _ index: Int) -> Int { min(max(0, index), max(0, layout.count(axis) - 1)) }
        return layout.plane(
            item: index(.batch, chosen.item ?? place?.item ?? 0),
            layer: index(.layers, chosen.layer ?? place?.layer ?? 0),
            head: index(.heads, chosen.head ?? (place?.head ?? 0) / group))
    }

    /// What of the file is named and not in it; nil where all is.
    package func problem(_ chosen: MaskPlane, layers: Int?, heads: Int?) -> String? {
        let layout = layout(layers: layers, heads: heads)
        let named = [
            (chosen.item, Axis.batch, "item"), (chosen.layer, .layers, "layer"), (chosen.head, .heads, "head"),
        ]
        return named.lazy.compactMap { index, axis, name in
            guard let index, index >= layout.count(axis) else { return nil }
            return say("no \(name.said) \(index.grouped): it has \(layout.count(axis).grouped) (axes \(layout.text))")
        }.first
    }
}
