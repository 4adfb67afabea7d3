import RopewalkMethods
import Testing

/// What attention costs, against sums of an independent script: whole numbers, and figures of models that are published.
@Suite struct CostVectorTests {
    /// One head of 64 dimensions over 4,096 tokens: 4·64 operations for each pair that a mask shows.
    @Test(arguments: [
        ("dense_bidirectional", "full", false), ("dense_causal", "causal", true), ("band_256", "window:size=256", true),
        ("longformer_512", "longformer:window=512,dilation=1", false),
        ("bigbird_64_3", "bigbird:block=64,random=3", false),
        ("strided_merged_l64", "strided:stride=64,inclusive=0", true),
    ]) func pairsCostWhatTheReferenceCounts(id: String, spec: String, isCausal: Bool) throws {
        let vectors = try ReferenceVectors("costs")
        let expected: Double = try vectors.value("cost_examples", "outputs.\(id)", section: "numeric")
        let window = try #require(try MethodSpec.parse(spec) as? any WindowMethod)
        let mask = try Mask(windows: [window], tokens: 4096, isCausal: isCausal)
        #expect(Double(mask.allowedCount) * 4 * 64 == expected)
        guard let method = window as? any Costed, isCausal else { return }
        let shape = AttentionShape(tokens: 4096, layers: 1, heads: 1, keyHeads: 1, dimension: 64)
        #expect(method.cost(of: shape).flops == expected)
    }

    /// A cache of half precision takes half of what one of float32 does; attention is what grows with the square of the
    /// tokens, and the rest the same number of operations for each parameter and token.
    @Test(arguments: [
        ("gpt2-124M (12L, d768, 12 KV heads)", 12, 12, 12), ("qwen2.5-0.5B (24L, d896, 2 KV heads)", 24, 14, 2),
        ("llama2-7B (32L, d4096, 32 KV heads)", 32, 32, 32),
    ]) func modelsCostWhatTheReferenceCounts(key: String, layers: Int, heads: Int, keyHeads: Int) throws {
        let entry = try ReferenceVectors("costs").entry("numeric", "prefill_and_kv_cost")
        let outputs = try #require(entry["outputs"] as? [String: [String: [String: Double]]])
        let model = try #require(outputs[key])
        let dimension = key.hasPrefix("llama2") ? 128 : 64
        var parameters: [Double] = []
        for tokens in [1024, 4096, 16384] {
            let figures = try #require(model["\(tokens)"])
            let shape = AttentionShape(
                tokens: tokens, layers: layers, heads: heads, keyHeads: keyHeads, dimension: dimension)
            let cost = Causal().cost(of: shape)
            #expect(cost.kvBytes / 2 / 1_048_576 == figures["kv_MiB_fp16"])
            let prefill = try #require(figures["prefill_TFLOP"]) * 1e12
            parameters.append((prefill - cost.flops) / Double(2 * tokens))
        }
        // The figures are rounded to 1 GFLOP, over 2·1,024 tokens at least.
        for count in parameters { #expect(abs(count - parameters[2]) <= 1e9 / 2048) }
    }
}
