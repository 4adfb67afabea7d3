import RopewalkMethods
import RopewalkModels

/// What a method of the catalogue costs with its defaults, on a model and so many tokens.
package struct CataloguedCost: Equatable, Sendable {
    package let name: String
    /// In the method grammar, with all its defaults.
    package let spec: String
    package let title: String
    package let family: MethodFamily
    /// Of the paper; nil where the source names none.
    package let year: Int?
    /// Nil where the method does not fit the text, as its problem says.
    package let cost: MethodCost?
    package let problem: String?

    /// What the methods are sorted by.
    package enum Order: String, CaseIterable, Hashable, Sendable {
        /// As the catalogue has them.
        case family
        case name, year, flops, cache
    }

    init(_ type: any Method.Type, model: ModelShape, tokens: Int) {
        let (description, page) = (type.description, MethodPage(type))
        (name, spec, title) = (description.name, page.spec, description.title)
        family = description.family
        year = Self.year(in: description.source)
        do {
            let scenario = try Scenario(parsing: [page.spec])
            if let why = scenario.windows.lazy.compactMap({ $0.problem(tokens: tokens) }).first {
                (cost, problem) = (nil, why)
            } else {
                (cost, problem) = (MethodCost(scenario, model: model, tokens: tokens), nil)
            }
        } catch {
            (cost, problem) = (nil, error.description)
        }
    }

    /// The first number of four digits that a year can be.
    static func year(in source: String) -> Int? {
        source.split { !$0.isNumber }.lazy.compactMap { $0.count == 4 ? Int($0) : nil }.first {
            (1990...2040).contains($0)
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
        case .year: return by { $0.year ?? .max }
        case .flops: return by { $0.cost?.flops ?? .infinity }
        case .cache: return by { $0.cost?.kvBytes ?? .infinity }
        }
    }
}
