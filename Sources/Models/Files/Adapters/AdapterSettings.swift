import Foundation
import RopewalkFormats
import RopewalkPhrases

/// What an adapter_config.json says; what would change the result in a way that is not computed here is refused.
struct AdapterSettings {
    private static let rankLimit = 1 << 16

    private let file: String
    private let root: JSONValue
    private let rank: Int
    private let alpha: Double
    private let usesRoot: Bool
    private let ranks: [(pattern: String, value: JSONValue)]
    private let alphas: [(pattern: String, value: JSONValue)]

    init(folder: String) throws(ModelError) {
        let file = folder + "/adapter_config.json"
        let root: JSONValue
        do { root = try JSONDocument(contentsOf: file).root } catch { throw .format(error) }
        try self.init(root, file: file)
    }

    init(_ root: JSONValue, file: String) throws(ModelError) {
        self.file = file
        self.root = root
        try Self.refuse(root, file)
        rank = try Self.rank(root["r"] ?? 8, "r", file)
        alpha = try Self.alpha(root["lora_alpha"] ?? 8, "lora_alpha", file)
        usesRoot = root["use_rslora"]?.bool ?? false
        ranks = try Self.patterns(root, "rank_pattern", file)
        alphas = try Self.patterns(root, "alpha_pattern", file)
    }

    /// The model that it was made for, as the file names it.
    var base: String {
        root["base_model_name_or_path"]?.string.map { String($0.prefix(120)) } ?? say("a model it does not name")
    }

    func rank(of layer: String) throws(ModelError) -> Int {
        try Self.rank(Self.value(of: layer, ranks) ?? .integer(rank), "rank_pattern", file)
    }

    func scale(of layer: String, rank: Int) throws(ModelError) -> Float {
        let alpha = try Self.alpha(Self.value(of: layer, alphas) ?? .number(alpha), "alpha_pattern", file)
        return Float(usesRoot ? alpha / Double(rank).squareRoot() : alpha / Double(rank))
    }

    /// What a folder that holds an adapter and no model is; nil where it is anything else.
    static func lone(_ folder: String) -> ModelError? {
        let files = FileManager.default
        guard !files.fileExists(atPath: folder + "/config.json"), holdsAdapter(folder) else { return nil }
        guard let root = try? JSONDocument(contentsOf: folder + "/adapter_config.json").root else { return nil }
        let base = root["base_model_name_or_path"]?.string.map { String($0.prefix(120)) }
        return .adapter(folder: folder, kind: root["peft_type"]?.string ?? "PEFT", base: base)
    }

    static func holdsAdapter(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/adapter_config.json")
    }

    // MARK: Reading

    private static func problem(_ file: String, _ key: String, _ problem: String) -> ModelError {
        .configuration(file: file, key: key, problem: problem)
    }

    private static func rank(_ value: JSONValue, _ key: String, _ file: String) throws(ModelError) -> Int {
        guard let rank = value.integer, (1...rankLimit).contains(rank) else {
            throw problem(file, key, say("must be a rank from 1 to \(rankLimit)"))
        }
        return rank
    }

    private static func alpha(_ value: JSONValue, _ key: String, _ file: String) throws(ModelError) -> Double {
        guard let alpha = value.number, alpha.isFinite, abs(alpha) < 1e9 else {
            throw problem(file, key, say("must be a number"))
        }
        return alpha
    }

    /// Ranks or alphas of single layers, by the ends of their names.
    private static func patterns(
        _ root: JSONValue, _ key: String, _ file: String
    ) throws(ModelError) -> [(pattern: String, value: JSONValue)] {
        try (root[key]?.members ?? []).map { member throws(ModelError) in
            let name = member.key.hasPrefix("^") ? String(member.key.dropFirst()) : member.key
            let isName = name.unicodeScalars.allSatisfy {
                $0.isASCII && ($0.properties.isAlphabetic || "0123456789_.-".unicodeScalars.contains($0))
            }
            guard isName, !name.isEmpty else {
                throw problem(
                    file, key, say("\(member.key.debugDescription) is a regular expression; only names are read"))
            }
            return (name, member.value)
        }
    }

    /// PEFT takes the first pattern that is the name or its end.
    private static func value(of layer: String, _ patterns: [(pattern: String, value: JSONValue)]) -> JSONValue? {
        patterns.first { layer == $0.pattern || layer.hasSuffix("." + $0.pattern) }?.value
    }

    /// What other kinds of adapters have.
    private static func refuse(_ root: JSONValue, _ file: String) throws(ModelError) {
        let kind = root["peft_type"]?.string ?? "LORA"
        guard kind == "LORA" else {
            throw problem(file, "peft_type", say("\(kind.prefix(40).debugDescription) is not read; only LORA is"))
        }
        if let bias = root["bias"], !bias.isNull, bias.string != "none" {
            throw problem(file, "bias", say("\(bias.summary) is not read; only \"none\" is"))
        }
        // Some ways to begin a training change the model's own weights too.
        if let start = root["init_lora_weights"]?.string,
            !["gaussian", "orthogonal", "eva"].contains(start.lowercased())
        {
            throw problem(
                file, "init_lora_weights",
                say(
                    """
                    \(start.prefix(40).debugDescription) changes the base model as well: convert the adapter \
                    with PEFT
                    """))
        }
        let switches = [
            "use_dora", "lora_bias", "use_qalora", "use_bdlora", "arrow_config", "velora_config", "monteclora_config",
        ]
        let lists = [
            "modules_to_save", "target_parameters", "trainable_token_indices", "layer_replication",
            "alora_invocation_tokens", "megatron_config",
        ]
        for key in switches + lists {
            guard let value = root[key], !value.isNull, value.bool != false, value.array?.isEmpty != true,
                value.members?.isEmpty != true
            else { continue }
            throw problem(file, key, say("\(value.summary) changes the result and is not read"))
        }
    }
}
