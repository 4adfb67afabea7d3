import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// Refuses values of another type than their keys have: one that is not read would leave a default in its place.
    func refuseOtherTypes() throws(ModelError) {
        for name in Self.flags {
            if let value = file.metadata[key(name)], value.bool == nil {
                throw problem(name, say("must be true or false"))
            }
        }
        for name in Self.wholeNumbers {
            if let value = file.metadata[key(name)], value.integer == nil {
                throw problem(name, say("must be a whole number"))
            }
        }
        for name in Self.texts {
            if let value = file.metadata[key(name)], value.string == nil { throw problem(name, say("must be a text")) }
        }
    }

    private static let flags = ["attention.causal", "expert_weights_norm", "use_parallel_residual"]
    private static let wholeNumbers = [
        "altup.active_idx", "attention.shared_kv_layers", "decoder_start_token_id", "expert_gating_func",
        "leading_dense_block_count",
    ]
    private static let texts = ["hidden_activation", "rope.scaling.type"]
}
