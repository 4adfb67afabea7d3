import Foundation
import RopewalkFormats
import RopewalkKernels
import RopewalkPhrases

/// The values of a config.json, checked as they are read; which have been read is remembered.
struct Configuration {
    let file: String
    let root: JSONValue
    /// What holds where the file lacks a key.
    private var defaults: [String: JSONValue] = [:]
    /// Second names of keys, as newer files have them.
    private var otherNames: [String: String] = [:]
    let log: KeyLog
    /// Where the object lies in the file: "attn_config.".
    private let path: String
    /// Where the text part of a model of text and images lies.
    static let textPath = "text_config."

    init(folder: String) throws(ModelError) {
        let file = folder + "/config.json"
        do throws(FormatError) {
            try ModelFiles.requireConfiguration(folder)
            self.init(file: file, root: try JSONDocument(contentsOf: file).root)
        } catch {
            throw .format(error)
        }
    }

    init(file: String, root: JSONValue, log: KeyLog = KeyLog(), path: String = "") {
        self.file = file
        self.root = root
        self.log = log
        self.path = path
    }

    /// What a configuration of text and images says of its text part; others are left as they are.
    /// - Parameter types: of the text part, by that of the whole
    func textPart(_ types: [String: String]) throws(ModelError) -> Configuration {
        guard let type = try string("model_type").flatMap({ types[$0] }) else { return self }
        guard let text = value("text_config"), let members = text.members else {
            throw problem("text_config", say("is missing: only the text part of the model is read"))
        }
        let hasType = members.contains { $0.key == "model_type" }
        let root = hasType ? text : .object(members + [.init(key: "model_type", value: .string(type))])
        return Configuration(file: file, root: root, log: log, path: Self.textPath)
    }

    /// By the name that the file has for the key.
    func problem(_ key: String, _ problem: String) -> ModelError {
        let other = otherNames[key].flatMap { root[key] == nil && root[$0] != nil ? $0 : nil }
        return .configuration(file: file, key: path + (other ?? key), problem: problem)
    }

    func note(_ key: String) { log.note(path + key) }

    /// The same with what a family knows.
    func with(_ keys: ConfigurationKeys) -> Configuration {
        var configuration = self
        configuration.defaults = keys.defaults
        configuration.otherNames = keys.otherNames
        return configuration
    }

    /// The same with another value.
    func replacing(_ key: String, by value: JSONValue) -> Configuration {
        let members = (root.members ?? []).filter { $0.key != key } + [.init(key: key, value: value)]
        var configuration = Configuration(file: file, root: .object(members), log: log, path: path)
        configuration.defaults = defaults
        configuration.otherNames = otherNames
        return configuration
    }

    /// A value that is there, or the default of the family, and not null. A null in the file is not the default.
    func value(_ key: String) -> JSONValue? {
        guard let value = stated(key) ?? defaults[key], !value.isNull else { return nil }
        return value
    }

    /// What the file itself says, null or not.
    func stated(_ key: String) -> JSONValue? {
        note(key)
        guard let other = otherNames[key] else { return root[key] }
        note(other)
        return root[key] ?? root[other]
    }

    /// A whole number within bounds that no real model leaves, so that products of sizes cannot overflow.
    func size(_ key: String, default standard: Int? = nil, limit: Int = 1 << 24) throws(ModelError) -> Int {
        guard let value = value(key) else {
            if let standard { return standard }
            throw problem(key, say("is missing"))
        }
        guard let size = value.integer, size > 0, size <= limit else {
            throw problem(key, say("must be a whole number from 1 to \(limit)"))
        }
        return size
    }

    /// A whole number that may be 0.
    func count(_ key: String, default standard: Int, limit: Int = 1 << 24) throws(ModelError) -> Int {
        guard let value = value(key) else { return standard }
        guard let count = value.integer, (0...limit).contains(count) else {
            throw problem(key, say("must be a whole number from 0 to \(limit)"))
        }
        return count
    }

    /// Whole numbers from 0 in a list, empty where the file has none.
    func indices(_ key: String) throws(ModelError) -> [Int] {
        guard let value = value(key) else { return [] }
        let numbers = value.array?.map(\.integer)
        guard let numbers, numbers.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else {
            throw problem(key, say("must be a list of whole numbers from 0 on"))
        }
        return numbers.compactMap { $0 }
    }

    func number(_ key: String, default standard: Double? = nil, above minimum: Double) throws(ModelError) -> Double {
        guard let value = value(key) else {
            if let standard { return standard }
            throw problem(key, say("is missing"))
        }
        guard let number = value.number, number.isFinite, number > minimum else {
            throw problem(key, say("must be a number above \(minimum)"))
        }
        return number
    }

    func flag(_ key: String, default standard: Bool) throws(ModelError) -> Bool {
        guard let value = value(key) else { return standard }
        guard let flag = value.bool else { throw problem(key, say("must be true or false")) }
        return flag
    }

    func string(_ key: String) throws(ModelError) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.string else { throw problem(key, say("must be a string")) }
        return string
    }

    /// Query heads, and key and value heads that divide them.
    /// - Parameter keyValueStandard: where the file does not say; nil for as many as query heads, as null means
    func heads(keyValueStandard: Int? = nil) throws(ModelError) -> (heads: Int, keyValueHeads: Int) {
        let heads = try size("num_attention_heads", limit: 1 << 14)
        let standard = stated("num_key_value_heads") == nil ? keyValueStandard ?? heads : heads
        let keyValueHeads = try size("num_key_value_heads", default: standard, limit: 1 << 14)
        guard heads % keyValueHeads == 0 else {
            throw problem("num_key_value_heads", say("\(keyValueHeads) does not divide \(heads) heads"))
        }
        return (heads, keyValueHeads)
    }

    /// The dimension of heads that share the hidden size among them.
    func headDimension(hidden: Int, heads: Int) throws(ModelError) -> Int {
        guard hidden % heads == 0, hidden / heads <= 1 << 10 else {
            throw problem(
                "hidden_size", say("\(hidden) is not shared evenly by \(heads) heads of up to 1024 dimensions"))
        }
        return hidden / heads
    }

    /// The activation under the first of some keys that is there.
    func activation(_ keys: [String], default standard: String) throws(ModelError) -> Activation {
        let key = keys.first { value($0) != nil } ?? keys.first ?? ""
        let name = try string(key) ?? standard
        switch name {
        case "silu", "swish": return .silu
        case "relu": return .relu
        case "relu2": return .reluSquared
        case "gelu": return .gelu
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": return .geluTanh
        default:
            throw problem(
                key,
                say(
                    """
                    \(name.debugDescription) is not known; known are silu, relu, relu2, gelu, gelu_new, \
                    gelu_pytorch_tanh
                    """))
        }
    }

    /// The id of a token.
    func token(_ key: String, default standard: Int32) throws(ModelError) -> Int32 {
        guard let value = value(key) else { return standard }
        guard let id = value.integer.flatMap({ Int32(exactly: $0) }), id >= 0 else {
            throw problem(key, say("must be a token id"))
        }
        return id
    }

    /// A cap above 0; nil where the file says null or nothing and `standard` is nil.
    func cap(_ key: String, default standard: Float?) throws(ModelError) -> Float? {
        guard stated(key) ?? defaults[key] != nil else { return standard }
        return value(key) == nil ? nil : Float(try number(key, above: 0))
    }

    enum LayerType { case full, sliding }

    /// `layer_types`, one a layer; nil where the file has none.
    func layerTypes(layers: Int) throws(ModelError) -> [LayerType]? {
        guard let value = value("layer_types") else { return nil }
        guard let elements = value.array, elements.count == layers else {
            throw problem("layer_types", say("must be a list of \(layers) names"))
        }
        var types: [LayerType] = []
        for element in elements {
            switch element.string {
            case "full_attention": types.append(.full)
            // Llama 4's windows are chunks.
            case "sliding_attention", "chunked_attention": types.append(.sliding)
            default: throw problem("layer_types", say("holds a name other than full_attention and sliding_attention"))
            }
        }
        return types
    }

    /// Which layers see a window: those that `layer_types` names, else those of the family's rule.
    func slidingLayers(
        layers: Int, otherwise rule: @escaping (Int) -> Bool
    ) throws(ModelError) -> (Int) -> Bool {
        guard let types = try layerTypes(layers: layers) else { return rule }
        return { types[$0] == .sliding }
    }

    /// A list of true and false, or of 1 and 0, one a layer; nil where the file has none.
    func layerFlags(_ key: String, layers: Int) throws(ModelError) -> [Bool]? {
        guard let value = value(key) else { return nil }
        let flags = value.array?.compactMap { $0.bool ?? $0.integer.map { $0 != 0 } }
        guard let flags, flags.count == value.array?.count, flags.count >= layers else {
            throw problem(key, say("must be a list of \(layers) numbers, 1 or 0"))
        }
        return flags
    }
}
