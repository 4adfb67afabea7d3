import Foundation
import RopewalkFormats
import RopewalkMethods
import RopewalkPhrases

/// What config.json says of rotary positions, in the older spelling (`rope_theta`, `rope_scaling`) or the newer
/// (`rope_parameters`).
struct RopeConfiguration {
    let base: Double
    /// The share of a head's dimensions that turn; nil where the file does not say.
    let partialFactor: Double?
    /// Where the file says it.
    private let partialKey: String
    let position: any PositionMethod
    /// The window before the extension; nil where the file names none.
    let original: Int?

    private let configuration: Configuration
    private let reader: Reader

    /// - Parameters:
    ///   - layerType: for families whose layers have settings of their own ("sliding_attention")
    ///   - longropeNames: older names of longrope in the family's files
    ///   - theta: the base where the file does not say
    ///   - thetaKey: what says the base where the object does not
    ///   - scalesAll: whether a scaling is about layers of all kinds
    ///   - shareKey: what says the share of dimensions that turn where the object does not
    init(
        _ configuration: Configuration, layerType: String? = nil, longropeNames: Set<String> = ["su"],
        theta standard: Double = 10_000, thetaKey: String = "rope_theta",
        shareKey: String = "partial_rotary_factor", scalesAll: Bool = false
    ) throws(ModelError) {
        self.configuration = configuration
        let reader = try Reader(configuration, layerType: layerType, scalesAll: scalesAll)
        self.reader = reader
        if let theta = try reader.optional("rope_theta", 1.0.nextUp...1e300) {
            base = theta
        } else {
            base = try configuration.number(thetaKey, default: standard, above: 1)
        }
        if let share = try reader.optional("partial_rotary_factor", 0...1) {
            partialFactor = share
            partialKey = reader.key + ".partial_rotary_factor"
        } else {
            partialKey = shareKey
            partialFactor = try Self.share(shareKey, configuration)
        }
        let (newer, older) = (try reader.string("rope_type"), try reader.string("type"))
        let name = newer ?? older ?? "default"
        let type = longropeNames.contains(name) ? "longrope" : name
        original = try Self.original(type, isOfLayers: layerType != nil, reader)
        let maximum = try configuration.size("max_position_embeddings", default: 2048, limit: 1 << 30)
        position = try Self.method(type, original: original, maximum: maximum, reader)
    }

    /// The window before the extension; what the file says outside of the object counts first.
    private static func original(_ type: String, isOfLayers: Bool, _ reader: Reader) throws(ModelError) -> Int? {
        let name = "original_max_position_embeddings"
        let inner = try reader.optional(name, 1...1_073_741_824)
        let configuration = reader.configuration
        let outer = configuration.value(name) == nil ? nil : try configuration.size(name, limit: 1 << 30)
        guard ["yarn", "longrope", "llama3"].contains(type) else { return nil }
        return (isOfLayers ? nil : outer) ?? inner.map { Int($0) }
    }

    private static func share(_ key: String, _ configuration: Configuration) throws(ModelError) -> Double? {
        guard configuration.value(key) != nil else { return nil }
        let share = try configuration.number(key, above: -1e-9)
        guard share <= 1 else { throw configuration.problem(key, say("must be a number from 0 to 1")) }
        return share
    }

    private static func method(
        _ type: String, original: Int?, maximum: Int, _ reader: Reader
    ) throws(ModelError) -> any PositionMethod {
        switch type {
        case "default": return RoPE()
        case "linear": return PositionInterpolation(factor: try reader.factor())
        case "dynamic": return DynamicNTK(factor: try reader.factor())
        case "yarn":
            let factor = try yarnFactor(original: original, maximum: maximum, reader)
            return YaRN(
                factor: factor, betaFast: try reader.notZero("beta_fast", default: 32),
                betaSlow: try reader.notZero("beta_slow", default: 1),
                attentionFactor: try yarnAttentionFactor(factor, reader), original: original ?? maximum,
                truncate: reader.value("truncate")?.bool ?? true)
        case "longrope":
            let window = original ?? maximum
            let factor = try reader.number("factor", 1e-6...1e6, default: Double(maximum) / Double(window))
            let standard = factor <= 1 ? 1 : (1 + log(factor) / log(Double(max(2, window)))).squareRoot()
            return LongRoPE(
                factor: max(1, factor), original: window,
                attentionFactor: try reader.number("attention_factor", default: standard),
                short: try reader.list("short_factor"), long: try reader.list("long_factor"))
        case "llama3":
            return Llama3Scaling(
                factor: try reader.factor(), low: try reader.number("low_freq_factor"),
                high: try reader.number("high_freq_factor"), original: original ?? maximum)
        default:
            throw reader.problem(
                "rope_type",
                say(
                    """
                    \(type.debugDescription) is not known; known are default, linear, dynamic, yarn, longrope, \
                    llama3
                    """))
        }
    }

    /// A factor of null, as in DeepSeek's files, stands for the quotient of the two windows.
    private static func yarnFactor(original: Int?, maximum: Int, _ reader: Reader) throws(ModelError) -> Double {
        guard reader.isNull("factor") else { return try reader.factor() }
        let factor = Double(maximum) / Double(original ?? maximum)
        guard factor >= 1 else { throw reader.problem("factor", say("is null, and the window did not become longer")) }
        return factor
    }

    /// 0.1·m·ln(factor) + 1, or the ratio of two such, or what the file says.
    private static func yarnAttentionFactor(_ factor: Double, _ reader: Reader) throws(ModelError) -> Double {
        let mscale = try reader.optional("mscale", 0...1e6) ?? 0
        let all = try reader.optional("mscale_all_dim", 0...1e6) ?? 0
        if let explicit = try reader.optional("attention_factor", 1e-6...1e6) { return explicit }
        func scale(_ m: Double) -> Double { factor <= 1 ? 1 : 0.1 * m * log(factor) + 1 }
        return mscale > 0 && all > 0 ? scale(mscale) / scale(all) : scale(1)
    }

    /// The settings of a model whose heads have `headDimension` dimensions.
    /// - Parameter partial: the share of them that turn where the file does not say; nil for a family that turns all.
    func settings(headDimension: Int, partial: Double? = nil) throws(ModelError) -> RotarySettings {
        if partial == nil { try checkIsWhole() }
        let share = partial == nil ? 1 : partialFactor ?? partial ?? 1
        // An odd number of dimensions is rounded up by the count of frequencies.
        let dimensions = Int(Double(headDimension) * share)
        guard dimensions % 2 == 0 else {
            throw configuration.problem("head_dim", say("\(dimensions) rotary dimensions are odd: they come in pairs"))
        }
        let settings = RotarySettings(base: base, dimensions: dimensions, position: position)
        let context = RotaryContext(dimensions: dimensions, base: base, trainedWindow: original ?? 2048, tokens: 1)
        if let problem = position.problem(in: context) { throw configuration.problem(reader.key, problem) }
        return settings
    }

    /// Families that turn all dimensions pass a share over, and do not run with one under a scaling.
    private func checkIsWhole() throws(ModelError) {
        guard let partialFactor, partialFactor != 1 else { return }
        guard position is RoPE else {
            throw configuration.problem(
                partialKey, say("\(partialFactor) together with a scaling is not supported in this family"))
        }
        configuration.log.remark(say("partial_rotary_factor = \(partialFactor) means nothing in this family"))
    }
}

extension RopeConfiguration {
    /// How Ministral 3's queries grow.
    func temperature() throws(ModelError) -> QueryTemperature {
        guard let scale = reader.value("llama_4_scaling_beta")?.number, scale.isFinite else {
            throw reader.problem("llama_4_scaling_beta", say("is missing or no number"))
        }
        let name = "original_max_position_embeddings"
        let inner = try reader.optional(name, 1...1_073_741_824)
        guard let period = original ?? inner.map({ Int($0) }) else { throw reader.problem(name, say("is missing")) }
        return QueryTemperature(scale: Float(scale), period: period)
    }

    /// What DeepSeek multiplies scores by beside 1/√d: YaRN's scale for all dimensions, squared.
    var scoreFactor: Float {
        guard !(position is RoPE), let all = reader.value("mscale_all_dim")?.number, all != 0,
            let factor = reader.value("factor")?.number, factor > 1
        else { return 1 }
        let scale = 0.1 * all * log(factor) + 1
        return Float(scale * scale)
    }

    /// The angles of windowed layers, where a family gives them settings of their own.
    /// - Parameters:
    ///   - legacy: the key of their base in older files; nil where those have none
    ///   - scalesAll: whether a scaling is about them too
    static func ofSlidingLayers(
        _ configuration: Configuration, dimensions: Int, legacy: String?, theta: Double, scalesAll: Bool = false
    ) throws(ModelError) -> RotarySettings {
        let own = configuration.value("rope_parameters")?["sliding_attention"]
        let isScaled = scalesAll && configuration.value("rope_scaling") != nil
        if isScaled || own?.isNull == false {
            let rope = try RopeConfiguration(
                configuration, layerType: "sliding_attention", theta: theta, thetaKey: legacy ?? "rope_theta",
                scalesAll: scalesAll)
            return RotarySettings(base: rope.base, dimensions: dimensions, position: rope.position)
        }
        let base = try legacy.map { key throws(ModelError) in
            try configuration.number(key, default: theta, above: 1)
        }
        return RotarySettings(base: base ?? theta, dimensions: dimensions, position: RoPE())
    }
}
