import RopewalkMethods
import RopewalkModels

/// What a method of the catalogue costs with its defaults, on a model and so many tokens.
package struct CataloguedCost: Equatable, Sendable {
    package let name: String
    /// In the method grammar, with all its defaults.
    package let spec: String
    package let title: String
    package let family: MethodFamily
    package let kind: MethodKind
    /// Of the paper; nil where the source names none.
    package let year: Int?
    /// Nil where the method does not fit the text, as its problem says.
    package let cost: MethodCost?
    /// The most numbers that are kept at one time, over all layers and key heads; nil as the cost is.
    package let state: Double?
    package let problem: String?

    /// What the methods are sorted by.
    package enum Order: String, CaseIterable, Hashable, Sendable {
        /// As the catalogue has them.
        case family
        case name, kind, year, flops, cache, state
    }

    /// - Parameter values: of its parameters; nil for its published ones
    package init(_ type: any Method.Type, model: ModelShape, tokens: Int, values: [Double]? = nil) {
        let (description, page) = (type.description, MethodPage(type))
        (name, title) = (description.name, description.title)
        let spec = values.map { type.init(values: $0, lists: description.lists.map { _ in [] }).spec } ?? page.spec
        self.spec = spec
        (family, kind, year) = (description.family, type.kind, description.year)
        do {
            let scenario = try Scenario(parsing: [spec])
            if let why = scenario.windows.lazy.compactMap({ $0.problem(tokens: tokens) }).first {
                (cost, state, problem) = (nil, nil, why)
            } else {
                cost = MethodCost(scenario, model: model, tokens: tokens)
                (state, problem) = (MethodCost.state(of: scenario, model: model, tokens: tokens), nil)
            }
        } catch {
            (cost, state, problem) = (nil, nil, error.description)
        }
    }

    /// All methods of the catalogue; the cheapest first where they are sorted by what they cost.
    package static func all(
        of model: ModelShape, tokens: Int, by order: Order = .family
    ) -> [CataloguedCost] {
        sorted(Catalogue.all.map { CataloguedCost($0, model: model, tokens: tokens) }, by: order)
    }

    package static func sorted(_ costs: [CataloguedCost], by order: Order) -> [CataloguedCost] {
        func by<Value: Comparable>(_ value: (CataloguedCost) -> Value) -> [CataloguedCost] {
            // Ties stay in the order of the catalogue.
            costs.enumerated().sorted {
                let (a, b) = (value($0.element), value($1.element))
                return a == b ? $0.offset < $1.offset : a < b
            }.map(\.element)
        }
        switch order {
        case .family: return by { MethodFamily.allCases.firstIndex(of: $0.family) ?? 0 }
        case .name: return by(\.name)
        case .kind: return by { MethodKind.allCases.firstIndex(of: $0.kind) ?? 0 }
        case .year: return by { $0.year ?? .max }
        case .flops: return by { $0.cost?.flops ?? .infinity }
        case .cache: return by { $0.cost?.kvBytes ?? .infinity }
        case .state: return by { $0.state ?? .infinity }
        }
    }
}
