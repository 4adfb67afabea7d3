extension LlamaConfiguration {
    /// The tensors that a checkpoint must have, by their names without the prefix of the bare model, and their shapes.
    var tensors: [(name: String, shape: [Int])] {
        let embedding = [("embed_tokens.weight", [shape.vocabulary, shape.hidden])]
        let blocks = (0..<shape.layers).flatMap { layer in
            blockTensors.map { ("layers.\(layer).\($0.name)", $0.shape) }
        }
        return embedding + blocks + [("norm.weight", [shape.hidden])]
    }

    /// The tensors of one block.
    private var blockTensors: [(name: String, shape: [Int])] {
        let queries = shape.heads * shape.headDimension
        let keys = shape.keyValueHeads * shape.headDimension
        let attention: [(String, Int, Int)] = [
            ("q_proj", queries, shape.hidden), ("k_proj", keys, shape.hidden), ("v_proj", keys, shape.hidden),
            ("o_proj", shape.hidden, queries),
        ]
        let mlp: [(String, Int, Int)] = [
            ("gate_proj", shape.intermediate, shape.hidden), ("up_proj", shape.intermediate, shape.hidden),
            ("down_proj", shape.hidden, shape.intermediate),
        ]
        return [("input_layernorm.weight", [shape.hidden]), ("post_attention_layernorm.weight", [shape.hidden])]
            + attention.flatMap { Self.linear("self_attn." + $0.0, $0.1, $0.2, bias: attentionBias) }
            + mlp.flatMap { Self.linear("mlp." + $0.0, $0.1, $0.2, bias: mlpBias) }
    }

    private static func linear(
        _ name: String, _ outputs: Int, _ inputs: Int, bias: Bool
    ) -> [(name: String, shape: [Int])] {
        [(name + ".weight", [outputs, inputs])] + (bias ? [(name + ".bias", [outputs])] : [])
    }
}
