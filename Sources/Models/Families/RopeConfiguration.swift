import Foundation
import RopewalkFormats
import RopewalkMethods

/// What config.json says of rotary positions, in the older spelling (`rope_theta`, `rope_scaling`) or the newer
/// (`rope_parameters`).
struct RopeConfiguration {
    let base: Double
    /// The share of a head's dimensions that turn; nil where the file does not say.
    let partialFactor: Double?
    let position: any PositionMethod
    /// The window before the extension; nil where the file names none.
    let original: Int?

    private let configuration: Configuration
    private let key: String
    private let parameters: JSONValue?

    /// - Parameters:
    ///   - layerType: for families whose layers have settings of their own ("sliding_attention")
    ///   - longropeNames: older names of longrope in the family's files
    ///   - theta: the base where the file does not say
    init(
        _ configuration: Configuration, layerType: String? = nil, longropeNames: Set<String> = ["su"],
        theta standard: Double = 10_000
    ) throws(ModelError) {
        self.configuration = configuration
        var key = configuration.value("rope_parameters") != nil ? "rope_parameters" : "rope_scaling"
        var parameters = configuration.value(key)
        if let layerType, let own = parameters?[layerType], !own.isNull {
            key += "." + layerType
            parameters = own
        }
        if let parameters, parameters.members == nil { throw configuration.problem(key, "must be an object") }
        self.key = key
        self.parameters = parameters
        if let theta = try Self.number("rope_theta", key, parameters, configuration, 1.0.nextUp...1e300) {
            base = theta
        } else {
            let name = configuration.value("rotary_emb_base") == nil ? "rope_theta" : "rotary_emb_base"
            base = try configuration.number(name, default: standard, above: 1)
        }
        if let share = try Self.number("partial_rotary_factor", key, parameters, configuration, 0...1) {
            partialFactor = share
        } else {
            partialFactor = try Self.topNumber(["partial_rotary_factor", "rotary_pct"], configuration)
        }
        let window =
            configuration.value("original_max_position_embeddings") == nil
            ? nil : try configuration.size("original_max_position_embeddings", limit: 1 << 30)
        let inner = try Self.number(
            "original_max_position_embeddings", key, parameters, configuration, 1...1_073_741_824)
        original = window ?? inner.map { Int($0) }
        let typeKey = parameters?["rope_type"] == nil ? "type" : "rope_type"
        let typeValue = parameters?[typeKey]
        if let typeValue, !typeValue.isNull, typeValue.string == nil {
            throw configuration.problem("\(key).\(typeKey)", "must be a string")
        }
        let type = typeValue?.string ?? "default"
        let maximum = try configuration.size("max_position_embeddings", default: 2048, limit: 1 << 30)
        position = try Self.method(
            longropeNames.contains(type) ? "longrope" : type, original: original, maximum: maximum,
            Reader(key: key, parameters: parameters, configuration: configuration))
    }

    /// Numbers of the object, checked.
    private struct Reader {
        let key: String
        let parameters: JSONValue?
        let configuration: Configuration

        func number(
            _ name: String, _ range: ClosedRange<Double> = 1e-6...1e9, default standard: Double? = nil
        ) throws(ModelError) -> Double {
            if let value = try RopeConfiguration.number(name, key, parameters, configuration, range) { return value }
            guard let standard else { throw configuration.problem(key + "." + name, "is missing") }
            return standard
        }

        func factor() throws(ModelError) -> Double { try number("factor", 1...1e6) }

        func list(_ name: String) throws(ModelError) -> [Double] {
            guard let elements = parameters?[name]?.array else {
                throw configuration.problem(key + "." + name, "must be a list of numbers")
            }
            guard elements.count <= ListDescription.limit else {
                throw configuration.problem(key + "." + name, "has more than \(ListDescription.limit) numbers")
            }
            var numbers: [Double] = []
            for element in elements {
                guard let number = element.number, number.isFinite, number > 0 else {
                    throw configuration.problem(key + "." + name, "must hold numbers above 0")
                }
                numbers.append(number)
            }
            return numbers
        }
    }

    private static func method(
        _ type: String, original: Int?, maximum: Int, _ reader: Reader
    ) throws(ModelError) -> any PositionMethod {
        switch type {
        case "default": return RoPE()
        case "linear": return PositionInterpolation(factor: try reader.factor())
        case "dynamic": return DynamicNTK(factor: try reader.factor())
        case "yarn":
            let factor = try reader.factor()
            let truncates = reader.parameters?["truncate"]?.bool ?? true
            return YaRN(
                factor: factor, betaFast: try reader.number("beta_fast", default: 32),
                betaSlow: try reader.number("beta_slow", default: 1),
                attentionFactor: try yarnAttentionFactor(factor, reader), original: original ?? maximum,
                truncate: truncates)
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
            throw reader.configuration.problem(
                reader.key + ".rope_type",
                "\(type.debugDescription) is not known; known are default, linear, dynamic, yarn, longrope, llama3")
        }
    }

    /// 0.1·m·ln(factor) + 1, or the ratio of two such, or what the file says.
    private static func yarnAttentionFactor(_ factor: Double, _ reader: Reader) throws(ModelError) -> Double {
        if let explicit = try number(
            "attention_factor", reader.key, reader.parameters, reader.configuration, 1e-6...1e6)
        {
            return explicit
        }
        func scale(_ m: Double) -> Double { factor <= 1 ? 1 : 0.1 * m * log(factor) + 1 }
        let mscale = try number("mscale", reader.key, reader.parameters, reader.configuration, 0...1e6) ?? 0
        let all = try number("mscale_all_dim", reader.key, reader.parameters, reader.configuration, 0...1e6) ?? 0
        return mscale > 0 && all > 0 ? scale(mscale) / scale(all) : scale(1)
    }

    private static func number(
        _ name: String, _ key: String, _ parameters: JSONValue?, _ configuration: Configuration,
        _ range: ClosedRange<Double>
    ) throws(ModelError) -> Double? {
        guard let value = parameters?[name], !value.isNull else { return nil }
        guard let number = value.number, range.contains(number) else {
            throw configuration.problem(
                key + "." + name, "must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func topNumber(_ names: [String], _ configuration: Configuration) throws(ModelError) -> Double? {
        for name in names where configuration.value(name) != nil {
            let value = try configuration.number(name, above: -1e-9)
            guard value <= 1 else { throw configuration.problem(name, "must be a number from 0 to 1") }
            return value
        }
        return nil
    }

    /// The settings of a model whose heads have `headDimension` dimensions.
    /// - Parameter partial: the share of them that turn where the file does not say; nil for a family that turns all.
    func settings(headDimension: Int, partial: Double? = nil) throws(ModelError) -> RotarySettings {
        let share = partial == nil ? 1 : partialFactor ?? partial ?? 1
        // An odd number of dimensions is rounded up by the count of frequencies.
        let dimensions = Int(Double(headDimension) * share)
        guard dimensions % 2 == 0 else {
            throw configuration.problem("head_dim", "\(dimensions) rotary dimensions are odd: they come in pairs")
        }
        let settings = RotarySettings(base: base, dimensions: dimensions, position: position)
        let context = RotaryContext(dimensions: dimensions, base: base, trainedWindow: original ?? 2048, tokens: 1)
        if let problem = position.problem(in: context) { throw configuration.problem(key, problem) }
        return settings
    }
}

extension RopeConfiguration {
    /// How Ministral 3's queries grow.
    func temperature() throws(ModelError) -> QueryTemperature {
        guard let scale = parameters?["llama_4_scaling_beta"]?.number, scale.isFinite else {
            throw configuration.problem(key + ".llama_4_scaling_beta", "is missing or no number")
        }
        guard let original else {
            throw configuration.problem(key + ".original_max_position_embeddings", "is missing")
        }
        return QueryTemperature(scale: Float(scale), period: original)
    }

    /// What DeepSeek multiplies scores by beside 1/√d: YaRN's scale for all dimensions, squared.
    var scoreFactor: Float {
        guard !(position is RoPE), let all = parameters?["mscale_all_dim"]?.number, all != 0,
            let factor = parameters?["factor"]?.number, factor > 1
        else { return 1 }
        let scale = 0.1 * all * log(factor) + 1
        return Float(scale * scale)
    }

    /// The angles of windowed layers, where a family gives them settings of their own.
    /// - Parameter legacy: the key of their base in older files; nil where those have none
    static func ofSlidingLayers(
        _ configuration: Configuration, dimensions: Int, legacy: String?, theta: Double
    ) throws(ModelError) -> RotarySettings {
        if configuration.value("rope_parameters")?["sliding_attention"]?.members != nil {
            let rope = try RopeConfiguration(configuration, layerType: "sliding_attention", theta: theta)
            return RotarySettings(base: rope.base, dimensions: dimensions, position: rope.position)
        }
        let base = try legacy.map { key throws(ModelError) in
            try configuration.number(key, default: theta, above: 1)
        }
        return RotarySettings(base: base ?? theta, dimensions: dimensions, position: RoPE())
    }
}
