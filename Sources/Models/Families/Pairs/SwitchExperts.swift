import RopewalkPhrases

/// The experts of a Switch Transformer, as its configuration states them.
struct SwitchExperts: Sendable {
    let count: Int
    /// Tokens of a text that an expert works for; those after them get nothing from the layer.
    let capacity: Int
    let hasBias: Bool
    /// Every so many layers have experts.
    private let steps: (encoder: Int, decoder: Int)

    init(_ configuration: Configuration, encoder: Int, decoder: Int) throws(ModelError) {
        count = try configuration.experts("num_experts", default: 8)
        capacity = try configuration.size("expert_capacity", default: 64)
        hasBias = try configuration.flag("router_bias", default: false)
        let precision = try configuration.string("router_dtype") ?? "float32"
        guard precision == "float32" else {
            throw configuration.problem(
                "router_dtype", say("\(precision) is not supported: routers compute in float32"))
        }
        func step(_ side: String, _ layers: Int) throws(ModelError) -> Int {
            // What files derive from the number of such layers and state beside it counts first, as in the reference.
            let stated = side + "_sparse_step"
            if configuration.value(stated) != nil { return try configuration.size(stated, limit: 1 << 12) }
            let key = "num_sparse_\(side)_layers"
            guard let value = configuration.value(key)?.integer, value <= 0 else {
                return max(1, layers / (try configuration.size(key, default: 3, limit: 1 << 12)))
            }
            // None in name; the reference still gives the second layer experts.
            return layers
        }
        steps = (
            try step("encoder", encoder), try step("decoder", decoder)
        )
    }

    func isSparse(_ layer: Int, isDecoder: Bool) -> Bool {
        let step = isDecoder ? steps.decoder : steps.encoder
        return step == 1 || layer % step == 1
    }
}
