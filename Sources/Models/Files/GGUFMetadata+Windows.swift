import RopewalkFormats
import RopewalkPhrases

extension GGUFMetadata {
    /// The keys that a query may see; 0 in a file means all.
    func windowSize() throws(ModelError) -> Int? {
        guard value("attention.sliding_window") == nil else { return try count("attention.sliding_window") }
        switch architecture {
        case .gemma2: return 4096
        // That with 64 layers has windows whether or not its file says so.
        case .exaone4: return try required("block_count") == 64 ? 4096 : nil
        // Files from before August 2024 leave the window out; of the published models those that read 4,096 tokens have one
        // that is narrower than what they read.
        case .phi3:
            let layers = try required("block_count")
            return try required("context_length") == 4096 && [32, 40].contains(layers) ? 2047 : nil
        case .cohere2, .gptOSS, .gemma3n: throw problem("attention.sliding_window", say("is missing"))
        default: return nil
        }
    }

    func window() throws(ModelError) -> JSONValue.Member {
        member("sliding_window", try windowSize().map { .integer($0) } ?? .null)
    }

    /// Which layers see a window, where the file has a list of them, or says which of how many sees all.
    func layerTypes() throws(ModelError) -> [JSONValue.Member] {
        let key = "attention.sliding_window_pattern"
        guard let value = value(key) else { return [] }
        let layers = try required("block_count")
        let slides: [Bool]
        if let period = value.integer {
            guard period >= 0 else { throw problem(key, say("must be a whole number from 0 on, or a list")) }
            slides = (0..<layers).map { period == 0 || $0 % period < period - 1 }
        } else {
            guard let flags = value.array?.bools, flags.count == layers else {
                throw problem(key, say("must be a list of \(layers) truth values"))
            }
            slides = flags
        }
        let types = slides.map { JSONValue.string($0 ? "sliding_attention" : "full_attention") }
        return [member("layer_types", .array(types))]
    }

    /// A base of its own for layers with a window, in a family that has none.
    func refuseWindowBase() throws(ModelError) {
        guard ![.gemma3, .gemma3n, .olmo2, .modernBERT].contains(architecture) else { return }
        let base = try number("rope.freq_base") ?? 10_000
        guard let own = try number("rope.freq_base_swa"), own != base else { return }
        throw problem(
            "rope.freq_base_swa", say("\(own) beside \(base) is not supported: this family has one base for all layers")
        )
    }
}
