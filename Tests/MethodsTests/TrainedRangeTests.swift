import Methods
import Testing

@Suite struct TrainedRangeTests {
    let context = RotaryContext(dimensions: 16, base: 10000, trainedWindow: 256, tokens: 1024)

    @Test(arguments: [
        ("rope", RoPE() as any PositionMethod), ("pi", PositionInterpolation(factor: 4)),
        ("ntk_aware", NTKAware(factor: 4)),
    ])
    func outsideDistancesOfTheReference(name: String, method: any PositionMethod) throws {
        let vectors = try ReferenceVectors()
        let path = "outputs.methods.\(name)"
        let range = TrainedRange(context)
        let rotation = method.rotation(in: context)
        func count(_ isOutside: (Double, Int) -> Bool) -> [Int] {
            (0..<8).map { i in (0..<1024).count { isOutside(rotation.angle(i, distance: $0), i) } }
        }
        let raw: [Int] = try vectors.value("ood.table.d16", path + ".rawOODDistances")
        let phase: [Int] = try vectors.value("ood.table.d16", path + ".phaseOODDistances")
        let ratios: [Double] = try vectors.value("ood.table.d16", path + ".maxAngleOverTrained")
        #expect(count { range.isRawOutside(angle: $0, subspace: $1) } == raw)
        #expect(count { range.isPhaseOutside(angle: $0, subspace: $1) } == phase)
        let actual = (0..<8).map { rotation.angle($0, distance: 1023) / range.maximumAngle($0) }
        #expect(agree(actual, ratios))
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
