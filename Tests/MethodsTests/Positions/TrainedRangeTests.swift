import RopewalkMethods
import Testing

@Suite struct TrainedRangeTests {
    let context = RotaryContext(dimensions: 16, base: 10000, trainedWindow: 256, tokens: 1024)

    @Test(arguments: [
        ("rope", "rope"), ("pi", "pi"), ("ntk_aware", "ntk"), ("abf", "abf"), ("dynamic_ntk", "dynamic-ntk:factor=1"),
        ("ntk_by_parts", "ntk-by-parts"), ("yarn", "yarn"), ("llama3", "llama3:factor=4"),
        ("base_truncation", "base-truncation"), ("rerope", "rerope:window=64"),
        ("leaky_rerope", "leaky-rerope:window=64"), ("leaky_rerope_book", "leaky-rerope:window=64,step=5"),
        ("self_extend", "self-extend:window=64"), ("p_rope", "p-rope"),
    ])
    func outsideDistancesOfTheReference(name: String, spec: String) throws {
        let vectors = try ReferenceVectors()
        let method = try #require(try MethodSpec.parse(spec) as? any PositionMethod)
        let survey = TrainedRange(context).survey(method.encoding(in: context), query: 1023)
        let path = "outputs.methods.\(name)"
        #expect(survey.rawOutside == (try vectors.value("ood.table.d16", path + ".rawOODDistances")))
        #expect(survey.phaseOutside == (try vectors.value("ood.table.d16", path + ".phaseOODDistances")))
        let ratios: [Double] = try vectors.value("ood.table.d16", path + ".maxAngleOverTrained")
        #expect(agree(survey.largestOverTrained.compactMap { $0 }, ratios))
    }

    @Test func everyMethodOfTheReferenceTableIsHeldToIt() throws {
        let methods: [String: Any] = try ReferenceVectors().value("ood.table.d16", "outputs.methods")
        #expect(methods.count == 14)
    }

    @Test func offTheGrid() {
        let range = TrainedRange(context)
        let interpolated = PositionInterpolation(factor: 4).encoding(in: context)
        // Of distances 0...1,023 every fourth is a whole one of training.
        let survey = range.survey(interpolated, query: 1023)
        #expect(survey.offGrid == [Int](repeating: 768, count: 8))
        let grouped = SelfExtend(group: 8, window: 64).encoding(in: context)
        #expect(range.survey(grouped, query: 1023).offGrid == [Int](repeating: 0, count: 8))
        let leaky = LeakyReRoPE(window: 64, step: 16).encoding(in: context)
        #expect(range.survey(leaky, query: 1023).offGrid == [Int](repeating: 900, count: 8))
        #expect(!TrainedRange(inverseFrequencies: [0], window: 8).isOffGrid(angle: 0, subspace: 0))
    }

    @Test func criticalSubspacesOfTheReference() throws {
        let critical: [Bool] = try ReferenceVectors().value("ood.table.d16", "outputs.critical")
        #expect((0..<8).map(TrainedRange(context).isCritical) == critical)
    }

    @Test func aSubspaceWithFullTurnsKnowsEveryPhase() {
        let range = TrainedRange(context)
        #expect(range.isRawOutside(angle: 300, subspace: 0))
        #expect(!range.isPhaseOutside(angle: 300, subspace: 0))
        #expect(!range.isRawOutside(angle: range.maximumAngle(5), subspace: 5))
    }
}
