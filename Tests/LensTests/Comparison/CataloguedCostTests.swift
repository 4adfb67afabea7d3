import RopewalkMethods
import RopewalkModels
import TestSupport
import Testing

@testable import RopewalkLens

@Suite struct CataloguedCostTests {
    private static func shape() throws -> ModelShape { try Sample.model().shape }

    @Test func everyMethodHasACostOrAProblem() throws {
        let shape = try Self.shape()
        let costs = CataloguedCost.all(of: shape, tokens: 64)
        #expect(costs.count == Catalogue.all.count && costs.allSatisfy { ($0.cost == nil) != ($0.problem == nil) })
        let full = MethodCost(.plain, model: shape, tokens: 64)
        let pairs = Double(64 * 65 / 2 * shape.layers * shape.heads)
        #expect(full.flops == 4 * pairs * Double(shape.headDimension))
        #expect(costs.first { $0.name == "causal" }?.cost == full)
        #expect(costs.filter { $0.family == .window }.allSatisfy { $0.cost?.flops ?? 0 <= full.flops })
    }

    /// Linear attention of one head of 64 dimensions over 4,096 tokens, as a recurrence.
    @Test func aRecurrenceCostsWhatTheReferenceCounts() throws {
        let shape = AttentionShape(tokens: 4096, layers: 1, heads: 1, keyHeads: 1, dimension: 64)
        let expected: Double = try WorkedExamples("costs").value("cost_examples", "outputs", "linear_recurrent")
        #expect(MethodCost.recurrence(LinearKernel(), shape).flops == expected)
    }

    @Test func theyAreSorted() throws {
        let shape = try Self.shape()
        for order in CataloguedCost.Order.allCases {
            let costs = CataloguedCost.all(of: shape, tokens: 40, by: order)
            #expect(Set(costs.map(\.name)).count == Catalogue.all.count)
            switch order {
            case .name: #expect(costs.map(\.name) == costs.map(\.name).sorted())
            case .flops:
                let flops = costs.map { $0.cost?.flops ?? .infinity }
                #expect(flops == flops.sorted())
            case .cache:
                let bytes = costs.map { $0.cost?.kvBytes ?? .infinity }
                #expect(bytes == bytes.sorted())
            case .year:
                let years = costs.map { $0.year ?? .max }
                #expect(years == years.sorted())
            case .state:
                let states = costs.map { $0.state ?? .infinity }
                #expect(states == states.sorted())
            case .kind:
                let kinds = costs.map(\.kind).reduce(into: [MethodKind]()) { if $0.last != $1 { $0.append($1) } }
                #expect(kinds == MethodKind.allCases.filter(kinds.contains))
            case .family:
                let families = costs.map(\.family).reduce(into: [MethodFamily]()) { if $0.last != $1 { $0.append($1) } }
                #expect(families == MethodFamily.allCases.filter(families.contains))
            }
        }
    }
}
