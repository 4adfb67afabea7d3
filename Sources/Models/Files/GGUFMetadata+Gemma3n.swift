import Foundation
import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// The text part of Gemma 3n.
    func gemma3n() throws(ModelError) -> [JSONValue.Member] {
        guard let types = try layerTypes().first else {
            throw problem(
                "attention.sliding_window_pattern", say("is missing: files of the family say which layers see a window")
            )
        }
        let cap = try number("final_logit_softcapping") ?? 30
        return try [
            types, window(), member("hidden_activation", .string("gelu_pytorch_tanh")),
            member("attention_bias", has("attn_q.bias")),
            member("rope_local_base_freq", .number(number("rope.freq_base_swa") ?? 10_000)),
            member("final_logit_softcapping", cap == 0 ? .null : .number(cap)),
            member("altup_num_inputs", .integer(required("altup.num_inputs"))),
            member("altup_active_idx", .integer(value("altup.active_idx")?.integer ?? 0)),
            member("altup_correct_scale", has("altup_correct_scale.weight")),
            member("hidden_size_per_layer_input", .integer(required("embedding_length_per_layer_input"))),
            member("vocab_size_per_layer_input", .integer(rows(of: "per_layer_token_embd.weight"))),
            member("laurel_rank", .integer(rows(of: "blk.0.laurel_l.weight"))),
            member("num_kv_shared_layers", .integer(value("attention.shared_kv_layers")?.integer ?? 0)),
            member("activation_sparsity_pattern", .array(shares())),
        ]
    }

    /// The shares of gates that are cut off; files have the standard deviations at which they are, −∞ for none.
    private func shares() throws(ModelError) -> [JSONValue] {
        let name = "activation_sparsity_scale"
        guard let deviations = value(name)?.array?.numbers, !deviations.contains(where: \.isNaN) else {
            throw problem(name, say("must be a list of numbers, one for each layer"))
        }
        return deviations.map { $0 == -.infinity ? .integer(0) : .number(erfc(-$0 / 2.0.squareRoot()) / 2) }
    }
}
