import RopewalkMethods
import RopewalkModels
import RopewalkPhrases

/// The masks that a run has in its heads, those that are surely the same together.
struct HeadMaskGroups {
    struct Group {
        let places: [HeadPlace]
        /// What restricts the keys, the model's own windows and the scenario's.
        let windows: [any WindowMethod]
    }

    /// In the order of the first head of each.
    let groups: [Group]
    let setup: RunSetup

    /// - Parameter scenario: nil for the one of the run.
    init(_ setup: RunSetup, scenario: Scenario? = nil) throws(MethodError) {
        self.setup = setup
        let scenario = scenario ?? setup.scenario
        let items = scenario.windows.flatMap(\.fileWindows).map {
            $0.itemCount(layers: setup.layers, heads: setup.heads)
        }
        var order: [String: Int] = [:]
        var groups: [Group] = []
        for item in 0..<(items.max() ?? 1) {
            for layer in 0..<setup.layers {
                for head in 0..<setup.heads {
                    let place = HeadPlace(
                        layer: layer, head: head, layers: setup.layers, heads: setup.heads, item: item)
                    let windows = setup.layerTraits[layer].windows + scenario.windows(in: place)
                    let name = windows.map(\.identity).joined(separator: " ")
                    let index = order[name] ?? groups.count
                    if index == groups.count {
                        order[name] = index
                        groups.append(Group(places: [], windows: windows))
                    }
                    groups[index] = Group(places: groups[index].places + [place], windows: groups[index].windows)
                }
            }
        }
        self.groups = try Self.merged(groups, setup)
    }

    /// Rows that are compared to find out whether masks of different files, or parts of one, are the same.
    private static let rowLimit = 500_000

    /// Masks that are told apart by their names may allow the same pairs all the same.
    private static func merged(_ groups: [Group], _ setup: RunSetup) throws(MethodError) -> [Group] {
        guard groups.count > 1, groups.count <= rowLimit / max(1, setup.keys) else { return groups }
        var merged: [(group: Group, rows: [KeyRanges])] = []
        for group in groups {
            // What one shows of the future is a finding, though the model hides it.
            let mask = try Mask(windows: group.windows, tokens: setup.keys, isCausal: false)
            let rows = mask.queries.map { mask.row($0) }
            if let index = merged.firstIndex(where: { $0.rows == rows }) {
                merged[index].group = Group(
                    places: merged[index].group.places + group.places, windows: merged[index].group.windows)
            } else {
                merged.append((group, rows))
            }
        }
        return merged.map(\.group)
    }

    func mask(_ group: Group) throws(MethodError) -> Mask {
        try Mask(windows: group.windows, tokens: setup.keys, isCausal: setup.kind.isCausal)
    }

    /// "L0 H0–3, L2"; of a batch with its items; empty where it is all heads.
    func name(_ places: [HeadPlace]) -> String {
        guard places.count < groups.reduce(0, { $0 + $1.places.count }) else { return "" }
        let items = Set(groups.flatMap(\.places).map(\.item)).count
        var parts: [String] = []
        for item in Set(places.map(\.item)).sorted() {
            let own = places.filter { $0.item == item }
            let layers = Self.layers(own).map { layers, heads in
                "L\(Self.ranges(layers))" + (heads.count == setup.heads ? "" : " H\(Self.ranges(heads))")
            }
            let isAll = own.count == setup.layers * setup.heads
            let names = (items > 1 ? [say("item \(item)")] : []) + (isAll ? [] : [layers.joined(separator: ", ")])
            parts.append(names.joined(separator: " "))
        }
        return parts.joined(separator: "; ")
    }

    /// Layers of which the same heads are meant, with these.
    private static func layers(_ places: [HeadPlace]) -> [(layers: [Int], heads: [Int])] {
        var parts: [(layers: [Int], heads: [Int])] = []
        for layer in Set(places.map(\.layer)).sorted() {
            let heads = places.filter { $0.layer == layer }.map(\.head)
            if let index = parts.firstIndex(where: { $0.heads == heads }) {
                parts[index].layers.append(layer)
            } else {
                parts.append(([layer], heads))
            }
        }
        return parts
    }

    private static func ranges(_ indices: [Int]) -> String {
        KeyRanges(indices.map { $0..<$0 + 1 }).ranges
            .map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound - 1)" }
            .joined(separator: ",")
    }
}
