import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// A column of the table of all methods.
package enum CatalogueColumn: String, CaseIterable, Hashable, Sendable {
    case name, kind, year, flops, cache, state, loss, kept, error
    /// What stands in its way.
    case hindrance

    package var title: String {
        switch self {
        case .name: say("method")
        case .kind: say("kind")
        case .year: say("year")
        case .flops: "FLOP"
        case .cache: say("cache")
        case .state: say("state")
        case .loss: say("loss")
        case .kept: say("kept")
        case .error: say("error")
        case .hindrance: say("in its way")
        }
    }

    /// Cells that it needs; of the last one that it has at least.
    var width: Int {
        switch self {
        case .name: 18
        case .kind: 11
        case .year: 4
        case .flops, .cache, .state, .loss: 6
        case .kept, .error: 5
        case .hindrance: 12
        }
    }

    var isText: Bool { self == .name || self == .kind || self == .hindrance }

    /// Those that stay where there is not room for all, the most important first.
    static let ranking: [CatalogueColumn] = [
        .name, .flops, .cache, .loss, .state, .year, .kind, .kept, .error, .hindrance,
    ]

    func text(_ entry: CatalogueEntry) -> String {
        func number(_ value: Double?) -> String { value.map { MethodCost.short($0) } ?? "—" }
        func share(_ value: Double?) -> String { value.map { Figures.fixed($0, 3) } ?? "—" }
        return switch self {
        case .name: entry.name
        case .kind: entry.kind.title.said
        case .year: entry.year.map(String.init) ?? "—"
        case .flops: number(entry.cost?.flops)
        case .cache: number(entry.cost?.kvBytes)
        case .state: number(entry.state)
        case .loss: share(entry.measured?.loss)
        case .kept: share(entry.measured?.massKept)
        case .error: share(entry.measured?.outputError)
        case .hindrance: entry.hindrance ?? ""
        }
    }

    /// What entries are sorted by; what is not known comes last in both directions.
    private func key(_ entry: CatalogueEntry) -> Double? {
        switch self {
        case .name: nil
        case .kind: Double(MethodKind.allCases.firstIndex(of: entry.kind) ?? 0)
        case .year: entry.year.map(Double.init)
        case .flops: entry.cost?.flops
        case .cache: entry.cost?.kvBytes
        case .state: entry.state
        case .loss: entry.measured?.loss
        case .kept: entry.measured?.massKept
        case .error: entry.measured?.outputError
        case .hindrance: entry.hindrance == nil ? 0 : 1
        }
    }

    /// Ties stay in the order that they were in.
    package func sorted(_ entries: [CatalogueEntry], descending isDescending: Bool = false) -> [CatalogueEntry] {
        entries.enumerated().sorted { a, b in
            if self == .name {
                return isDescending ? a.element.name > b.element.name : a.element.name < b.element.name
            }
            switch (key(a.element), key(b.element)) {
            case (let x?, let y?) where x != y: return isDescending ? x > y : x < y
            case (.some, nil): return true
            case (nil, .some): return false
            case (.some, .some), (nil, nil): return a.offset < b.offset
            }
        }.map(\.element)
    }
}
