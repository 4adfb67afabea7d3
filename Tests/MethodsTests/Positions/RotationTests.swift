import RopewalkMethods
import Testing

@Suite struct RotationTests {
    let vectors: ReferenceVectors
    init() throws { vectors = try ReferenceVectors() }

    func context(_ dimensions: Int, base: Double = 10000, window: Int = 256) -> RotaryContext {
        RotaryContext(dimensions: dimensions, base: base, trainedWindow: window, tokens: window)
    }

    @Test func ropeOfEightDimensions() throws {
        let rotation = RoPE().rotation(in: context(8))
        let outputs: [String: Any] = try vectors.value("rope.freq.d8", "outputs")
        #expect(agree(rotation.inverseFrequencies, outputs["theta"] as? [Double] ?? []))
        #expect(agree((0..<4).map(rotation.wavelength), outputs["wavelength"] as? [Double] ?? []))
        #expect((0..<4).map { rotation.isCritical($0, window: 256) } == outputs["critical"] as? [Bool])
        try expectAngles(rotation, id: "rope.freq.d8")
    }

    @Test func ropeOfSixteenDimensions() throws {
        let rotation = RoPE().rotation(in: context(16))
        #expect(agree(rotation.inverseFrequencies, try vectors.value("rope.freq.d16", "outputs.theta")))
        #expect(agree((0..<8).map(rotation.wavelength), try vectors.value("rope.freq.d16", "outputs.wavelength")))
        let critical: [Bool] = try vectors.value("rope.freq.d16", "outputs.critical")
        #expect((0..<8).map { rotation.isCritical($0, window: 256) } == critical)
    }

    @Test func criticalSubspacesOfKnownModels() throws {
        let models: [[Any]] = try vectors.value("rope.critical.models", "inputs.models")
        let counts: [Int] = try vectors.value("rope.critical.models", "outputs.criticalCount")
        let firsts: [Int] = try vectors.value("rope.critical.models", "outputs.firstCritical")
        #expect(models.count == 6)
        for (index, model) in models.enumerated() {
            guard let d = model[1] as? Int, let base = model[2] as? Double, let window = model[3] as? Int else {
                Issue.record("not a model: \(model)")
                continue
            }
            let rotation = RoPE().rotation(in: context(d, base: base, window: window))
            let critical = (0..<d / 2).filter { rotation.isCritical($0, window: window) }
            #expect(critical.count == counts[index])
            #expect(critical.first == firsts[index])
        }
    }

    @Test func positionInterpolation() throws {
        let rotation = PositionInterpolation(factor: 4).rotation(in: context(8))
        #expect(agree(rotation.inverseFrequencies, try vectors.value("pi.d8", "outputs.inv_freq")))
        #expect(rotation.attentionFactor == 1)
        try expectAngles(rotation, id: "pi.d8")
    }

    @Test func ntkAware() throws {
        let method = NTKAware(factor: 4)
        let base: Double = try vectors.value("ntk.d8", "outputs.base2")
        #expect(agree([method.base(in: context(8))], [base]))
        let rotation = method.rotation(in: context(8))
        #expect(agree(rotation.inverseFrequencies, try vectors.value("ntk.d8", "outputs.inv_freq")))
        try expectAngles(rotation, id: "ntk.d8")
    }

    @Test func aFactorOfOneChangesNothing() {
        let plain = context(16).inverseFrequencies
        #expect(PositionInterpolation(factor: 1).rotation(in: context(16)).inverseFrequencies == plain)
        #expect(NTKAware(factor: 1).rotation(in: context(16)).inverseFrequencies == plain)
    }

    @Test func oneSubspaceHasNoBaseToRaise() {
        #expect(NTKAware(factor: 4).rotation(in: context(2)).inverseFrequencies == [1])
    }

    private func expectAngles(_ rotation: Rotation, id: String) throws {
        let positions: [Int] = try vectors.value(id, "inputs.positions")
        let angles: [[Double]] = try vectors.value(id, "outputs.angles")
        for (position, expected) in zip(positions, angles) {
            let actual = rotation.inverseFrequencies.indices.map { rotation.angle($0, distance: position) }
            #expect(agree(actual, expected), "\(id) at \(position): \(actual)")
        }
    }
}
