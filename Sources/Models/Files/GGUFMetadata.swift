import RopewalkFormats
import RopewalkPhrases

/// Reads the metadata of a GGUF file as a configuration.
struct GGUFMetadata {
    /// More than any published model has.
    static let expertLimit = 1 << 12

    let file: GGUFFile
    private let log = KeyLog()
    let architecture: GGUFArchitecture

    init(_ file: GGUFFile) throws(ModelError) {
        self.file = file
        guard let name = file.metadata["general.architecture"]?.string else {
            throw .configuration(file: file.path, key: "general.architecture", problem: say("is missing"))
        }
        guard let architecture = GGUFArchitecture(rawValue: name) else {
            throw .family(file: file.path, name: name, known: GGUFArchitecture.allCases.map(\.rawValue))
        }
        self.architecture = architecture
    }

    /// A key of the architecture, as "llama.block_count".
    func key(_ name: String) -> String { "\(architecture.rawValue).\(name)" }

    func value(_ name: String) -> GGUFValue? {
        log.note(key(name))
        return file.metadata[key(name)]
    }

    /// Keys of the architecture with their values that nothing has asked for.
    func unread() -> [String] {
        let prefix = key("")
        return file.metadata.keys.filter { key in
            key.hasPrefix(prefix) && !log.contains(key) && !Self.ignored.contains(String(key.dropFirst(prefix.count)))
        }.sorted().map { key in "\(key) = \(file.metadata[key]?.summary ?? "")" }
    }

    /// Keys that change nothing in what is computed here.
    private static let ignored: Set<String> = [
        "attention.layer_norm_epsilon", "attention.layer_norm_rms_epsilon", "expert_weights_norm",
        "feed_forward_length", "rope.scaling.finetuned", "tensor_data_layout", "use_parallel_residual", "vocab_size",
        "context_length", "pooling_type", "classifier.pooling_type", "expert_feed_forward_length", "attention.causal",
        "leading_dense_block_count",
    ]

    /// Tensors that are read as part of the configuration.
    static func isFactors(_ tensor: String) -> Bool {
        ["rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight"].contains(tensor)
    }

    /// What would change what is computed in a way that is not supported.
    func refuse() throws(ModelError) {
        try refuseOtherTypes()
        let scales = ["attention.scale", "embedding_scale", "residual_scale", "logit_scale", "attention.clamp_kqv"]
        for name in scales where !readsScale(name) {
            if let number = try number(name), number != 0 {
                throw problem(name, say("\(number) changes what the model computes and is not supported"))
            }
        }
        if let turned = try size("rope.dimension_count"), !architecture.mayTurnPart, turned != (try headDimension()) {
            throw problem("rope.dimension_count", say("\(turned) of \(try headDimension()) is not supported"))
        }
        try refuseWindowBase()
    }

    private func readsScale(_ name: String) -> Bool {
        switch architecture {
        case .granite, .granitemoe: name != "attention.clamp_kqv"
        case .commandR, .cohere2: name == "logit_scale"
        case .olmo, .mpt: name == "attention.clamp_kqv"
        default: false
        }
    }

    func problem(_ name: String, _ problem: String) -> ModelError {
        .configuration(file: file.path, key: key(name), problem: problem)
    }

    /// A whole number from 1 on, or an array with one for each layer, which must all be the same.
    func size(_ name: String) throws(ModelError) -> Int? {
        guard let value = value(name) else { return nil }
        let list = value.array?.integers
        let sizes = Set(value.integer.map { [$0] } ?? list ?? [])
        guard let size = sizes.first, size > 0 else { throw problem(name, say("must be a whole number from 1 on")) }
        guard sizes.count == 1 else { throw problem(name, say("differs between layers, which is not supported")) }
        if let list, let layers = self.value("block_count")?.integer, list.count != layers {
            throw problem(name, say("lists \(list.count) sizes for \(layers) layers"))
        }
        return size
    }

    /// The same where 0 stands for none.
    func count(_ name: String) throws(ModelError) -> Int? {
        value(name)?.integer == 0 ? nil : try size(name)
    }

    func required(_ name: String) throws(ModelError) -> Int {
        guard let size = try size(name) else { throw problem(name, say("is missing")) }
        return size
    }

    func number(_ name: String) throws(ModelError) -> Double? {
        guard let value = value(name) else { return nil }
        guard let number = value.number, number.isFinite else { throw problem(name, say("must be a number")) }
        return number
    }

    func heads() throws(ModelError) -> Int { try required("attention.head_count") }

    func keyValueHeads() throws(ModelError) -> Int {
        if let count = try size("attention.head_count_kv") { return count }
        return try heads()
    }

    /// Dimensions of a head.
    func headDimension() throws(ModelError) -> Int {
        if let length = try size("attention.key_length") {
            if let values = try size("attention.value_length"), values != length {
                throw problem("attention.value_length", say("\(values) is not the \(length) of keys"))
            }
            return length
        }
        return max(1, try required("embedding_length") / heads())
    }

    /// Numbers of a small tensor of the file, such as factors of frequencies.
    func factors(_ name: String) throws(ModelError) -> [Double]? {
        guard let entry = file.tensors[name], let bytes = file.bytes(of: name) else { return nil }
        guard entry.type == .f32, entry.shape.count == 1, entry.count <= 1 << 10 else {
            throw .shape(file: file.path, tensor: name, found: entry.shape, expected: [try headDimension() / 2])
        }
        let factors = (0..<entry.count).map { index in
            bytes.withUnsafeBytes { Double($0.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)) }
        }
        if let index = factors.firstIndex(where: { !$0.isFinite || $0 <= 0 }) {
            throw .notFinite(file: file.path, tensor: name, index: index)
        }
        return factors
    }
}
