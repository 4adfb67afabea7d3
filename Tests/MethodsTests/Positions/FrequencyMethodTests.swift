import RopewalkMethods
import Testing

/// Methods that change frequencies only, against the reference vectors.
@Suite struct FrequencyMethodTests {
    let vectors: ReferenceVectors
    init() throws { vectors = try ReferenceVectors() }

    static func context(
        _ dimensions: Int, base: Double = 10000, window: Int = 256, tokens: Int? = nil
    ) -> RotaryContext {
        RotaryContext(dimensions: dimensions, base: base, trainedWindow: window, tokens: tokens ?? window)
    }

    func expect(
        _ method: any PositionMethod, _ id: String, _ path: String = "outputs.inv_freq", in context: RotaryContext
    ) throws {
        let rotation = method.rotation(in: context)
        let expected: [Double] = try vectors.value(id, path)
        #expect(agree(rotation.inverseFrequencies, expected), "\(id) \(rotation.inverseFrequencies)")
    }

    @Test func yarnWithItsRamp() throws {
        let context = Self.context(16)
        try expect(YaRN(factor: 4), "yarn.d16", in: context)
        let factor: Double = try vectors.value("yarn.d16", "outputs.attention_factor")
        #expect(agree([YaRN(factor: 4).rotation(in: context).attentionFactor], [factor]))
        try expect(YaRN(factor: 4, truncate: false), "yarn.d16.notrunc", in: context)
    }

    @Test func yarnOfLlama2() throws {
        let rotation = YaRN(factor: 16).rotation(in: Self.context(128, window: 4096))
        let samples: [Int] = try vectors.value("yarn.d128.llama2", "outputs.sampleIndex")
        let expected: [Double] = try vectors.value("yarn.d128.llama2", "outputs.inv_freqSample")
        #expect(agree(samples.map { rotation.inverseFrequencies[$0] }, expected))
        let factor: Double = try vectors.value("yarn.d128.llama2", "outputs.attention_factor")
        #expect(agree([rotation.attentionFactor], [factor]))
    }

    @Test func yarnTakesTheWindowBeforeTheExtension() {
        let asTrained = YaRN(factor: 4).rotation(in: Self.context(16))
        #expect(YaRN(factor: 4, original: 256).rotation(in: Self.context(16, window: 1024)) == asTrained)
        #expect(YaRN(factor: 4, attentionFactor: 1.5).rotation(in: Self.context(16)).attentionFactor == 1.5)
    }

    @Test func attentionFactorsOfYarnConfigurations() {
        #expect(YaRN.attentionFactor(factor: 1) == 1)
        #expect(agree([YaRN.attentionFactor(factor: 40, mscale: 1, mscaleAllDim: 0.707)], [1.0857263992561355]))
        #expect(YaRN.attentionFactor(factor: 40, mscale: 0.707, mscaleAllDim: 0.707) == 1)
        #expect(YaRN.attentionFactor(factor: 40, mscale: 0.707) == YaRN.attentionFactor(factor: 40))
    }

    @Test(arguments: [("dynamic_ntk.d8.f1", 1.0), ("dynamic_ntk.d8.f2", 2.0)])
    func dynamicBaseByLength(id: String, factor: Double) throws {
        let lengths: [Int] = try vectors.value(id, "inputs.seq_len")
        let bases: [Double] = try vectors.value(id, "outputs.base")
        let frequencies: [[Double]] = try vectors.value(id, "outputs.inv_freq")
        let method = DynamicNTK(factor: factor)
        for (index, length) in lengths.enumerated() {
            let context = Self.context(8, tokens: length)
            #expect(agree([method.base(tokens: length, in: context)], [bases[index]]))
            #expect(agree(method.rotation(in: context).inverseFrequencies, frequencies[index]))
            let named = DynamicNTK(factor: factor, length: length).rotation(in: Self.context(8))
            #expect(named.inverseFrequencies == method.rotation(in: context).inverseFrequencies)
        }
    }

    @Test func keysCachedUnderAnOlderBase() throws {
        let id = "dynamic_ntk.kv_mismatch"
        let context = Self.context(8, tokens: 1024)
        let correct: [Double] = try vectors.value(id, "outputs.correctAngle")
        let stale: [Double] = try vectors.value(id, "outputs.staleCacheAngle")
        let fresh = DynamicNTK(factor: 1).encoding(in: context)
        #expect(agree((0..<4).map { fresh.angle($0, query: 1023, key: 100) }, correct))
        let cached = DynamicNTK(factor: 1, cached: true).encoding(in: context)
        #expect(agree((0..<4).map { cached.angle($0, query: 1023, key: 100) }, stale))
        // Tokens read at once before decoding share the base of their number.
        let prompt = DynamicNTK(factor: 1, length: 512, cached: true).encoding(in: context)
        let base = DynamicNTK(factor: 1).base(tokens: 512, in: context)
        let frequencies = context.inverseFrequencies(base: base)
        #expect((0..<4).allSatisfy { prompt.pieces[0].keys.angle($0, token: 100) == 100 * frequencies[$0] })
    }

    @Test func llama3Bands() throws {
        let method = Llama3Scaling(factor: 4)
        try expect(method, "llama3.d8", in: Self.context(8))
        try expect(method, "llama3.d16", in: Self.context(16))
        let context = Self.context(128, base: 500_000, window: 8192)
        let rotation = Llama3Scaling(factor: 8).rotation(in: context)
        let id = "llama3.d128.llama31"
        let samples: [Int] = try vectors.value(id, "outputs.sampleIndex")
        #expect(
            agree(samples.map { rotation.inverseFrequencies[$0] }, try vectors.value(id, "outputs.inv_freqSample")))
        let plain = context.inverseFrequencies
        #expect(
            zip(rotation.inverseFrequencies, plain).count { $0 == $1 } == (try vectors.value(id, "outputs.unchanged")))
        #expect(
            zip(rotation.inverseFrequencies, plain).count { $0 == $1 / 8 } == (try vectors.value(id, "outputs.divided"))
        )
    }

    @Test func longRoPEWithItsLists() throws {
        let id = "longrope.d8"
        let method = LongRoPE(
            factor: 4, early: 4, short: try vectors.value(id, "params.short_factor"),
            long: try vectors.value(id, "params.long_factor"))
        try expect(method, id, "outputs.inv_freq_short", in: Self.context(8))
        let long = Self.context(8, tokens: 257)
        try expect(method, id, "outputs.inv_freq_long", in: long)
        #expect(agree([method.rotation(in: long).attentionFactor], [try vectors.value(id, "outputs.attention_factor")]))
        let positions: [Int] = try vectors.value(id, "inputs.positions")
        let angles: [[Double]] = try vectors.value(id, "outputs.angles_nhat")
        let turning = method.encoding(in: long).pieces[0].queries
        for (position, expected) in zip(positions, angles) {
            #expect(agree((0..<4).map { turning.angle($0, token: position) }, expected))
        }
    }

    @Test func longRoPEWithoutListsSlowsLikeNTK() {
        let long = Self.context(16, tokens: 1024)
        let rotation = LongRoPE(factor: 4).rotation(in: long)
        #expect(agree(rotation.inverseFrequencies, NTKAware(factor: 4).rotation(in: long).inverseFrequencies))
        #expect(LongRoPE(factor: 4).rotation(in: Self.context(16)).inverseFrequencies == long.inverseFrequencies)
    }

    @Test func listsOfAnotherLengthAreAProblem() {
        let context = Self.context(8)
        #expect(
            LongRoPE(factor: 4, long: [1, 2, 3]).problem(in: context)
                == "long has 3 numbers, the model 4 rotary subspaces: give one number a subspace")
        #expect(LongRoPE(factor: 4, short: [1, 2, 3, 4], long: [1, 2, 3, 4]).problem(in: context) == nil)
        #expect(LongRoPE(factor: 4).problem(in: context) == nil)
        #expect(LongRoPE(factor: 4).problem(in: Self.context(8, window: 1))?.contains("original") == true)
    }

    @Test func partialRotary() throws {
        let expected: [Double] = try vectors.value("partial_rotary.d16", "outputs.inv_freq")
        let rotation = PartialRotary(fraction: 0.5).rotation(in: Self.context(16))
        #expect(agree(rotation.inverseFrequencies, expected + [0, 0, 0, 0]))
        #expect(PartialRotary(fraction: 0).rotation(in: Self.context(16)).inverseFrequencies.allSatisfy { $0 == 0 })
    }

    /// transformers counts ⌈r/2⌉ frequencies for an odd number r of rotary dimensions, and divides exponents by r.
    @Test func anOddNumberOfRotaryDimensions() {
        let context = Self.context(5)
        #expect(context.subspaces == 3)
        #expect(agree(context.inverseFrequencies, [1, 0.025118864315095794, 0.000630957344480193]))
        let turned = PartialRotary(fraction: 0.35).rotation(in: Self.context(16)).inverseFrequencies
        #expect(turned == context.inverseFrequencies + [0, 0, 0, 0, 0])
    }
}

/// The frequency methods that no model configuration names.
@Suite struct OtherFrequencyMethodTests {
    let reference: FrequencyMethodTests
    init() throws { reference = try FrequencyMethodTests() }

    @Test func adjustedBase() throws {
        let context = FrequencyMethodTests.context(8)
        try reference.expect(AdjustedBase(base: 500_000), "abf.d8", in: context)
        let wavelengths: [Double] = try reference.vectors.value("abf.d8", "outputs.wavelength")
        #expect(agree((0..<4).map(AdjustedBase(base: 500_000).rotation(in: context).wavelength), wavelengths))
    }

    @Test func ntkByPartsOfThePaperAndOfTheFirstCode() throws {
        let context = FrequencyMethodTests.context(16)
        try reference.expect(NTKByParts(factor: 4), "ntk_by_parts.paper.d16", in: context)
        try reference.expect(NTKByParts(factor: 4, firstCode: true), "ntk_by_parts.v0.d16", in: context)
        let before = NTKByParts(factor: 4, original: 256).rotation(in: FrequencyMethodTests.context(16, window: 1024))
        #expect(before == NTKByParts(factor: 4).rotation(in: context))
    }

    @Test func baseTruncation() throws {
        try reference.expect(BaseTruncation(length: 256), "base_truncation.d16", in: FrequencyMethodTests.context(16))
        let trained = BaseTruncation(length: 0).rotation(in: FrequencyMethodTests.context(16, window: 256))
        #expect(trained == BaseTruncation(length: 256).rotation(in: FrequencyMethodTests.context(16, window: 9)))
    }

    /// At θ = a the authors' code gives the common frequency, at θ = b̂ it keeps θ.
    @Test func endsOfTheTruncation() {
        // One subspace with θ = 1: T = 2π would keep it; T is whole, so look at both sides.
        let context = FrequencyMethodTests.context(2)
        #expect(BaseTruncation(length: 7).rotation(in: context).inverseFrequencies == [1])
        #expect(BaseTruncation(length: 6).rotation(in: context).inverseFrequencies == [2 * Double.pi / 96])
        #expect(BaseTruncation(length: 1).rotation(in: context).inverseFrequencies == [2 * Double.pi / 16])
    }

    @Test func pRoPE() throws {
        let context = FrequencyMethodTests.context(16)
        try reference.expect(PRoPE(p: 0.75), "p_rope.d16", in: context)
        #expect(PRoPE(p: 0).rotation(in: context) == NoPE().rotation(in: context))
    }

    @Test func powerScalingAndNTKMixed() throws {
        let context = FrequencyMethodTests.context(8)
        try reference.expect(PowerScaling(power: 0.5), "power_scaling.d8", in: context)
        try reference.expect(NTKMixed(factor: 4), "ntk_mixed.d8", in: context)
        let slowest = NTKMixed(factor: 12).rotation(in: context).inverseFrequencies[3]
        #expect(agree([slowest], [context.inverseFrequencies[3] / 12]))
    }

    @Test func nothingTurns() {
        let context = FrequencyMethodTests.context(8)
        for method: any PositionMethod in [NoPE(), ALiBi(), TransformerXLRelative(), Sinusoidal()] {
            #expect(method.rotation(in: context).inverseFrequencies == [0, 0, 0, 0])
        }
    }

    @Test func directTuningMovesTheTrainedRange() {
        let context = FrequencyMethodTests.context(8)
        let range = DirectTuning(window: 1024).trainedRange(in: context)
        #expect(range.window == 1024)
        #expect(range.survey(DirectTuning(window: 1024).encoding(in: context), query: 1023).rawOutside == [0, 0, 0, 0])
        #expect(DirectTuning(window: 0).trainedRange(in: context) == RoPE().trainedRange(in: context))
    }
}
