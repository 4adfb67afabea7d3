import Formats
import Methods

/// What config.json says of rotary positions, in the older spelling (`rope_theta`, `rope_scaling`) or the newer
/// (`rope_parameters`).
struct RopeConfiguration {
    let base: Double
    let position: any PositionMethod

    init(_ configuration: Configuration) throws(ModelError) {
        let key = configuration.value("rope_parameters") != nil ? "rope_parameters" : "rope_scaling"
        let parameters = configuration.value(key)
        if let parameters, parameters.members == nil {
            throw configuration.problem(key, "must be an object")
        }
        if let theta = parameters?["rope_theta"], !theta.isNull {
            guard let base = theta.number, base.isFinite, base > 1 else {
                throw configuration.problem(key + ".rope_theta", "must be a number above 1")
            }
            self.base = base
        } else {
            base = try configuration.number("rope_theta", default: 10_000, above: 1)
        }
        let type = (parameters?["rope_type"] ?? parameters?["type"])?.string ?? "default"
        switch type {
        case "default": position = RoPE()
        case "linear":
            guard let factor = parameters?["factor"]?.number, factor.isFinite, factor >= 1 else {
                throw configuration.problem(key + ".factor", "must be a number from 1 on")
            }
            position = PositionInterpolation(factor: factor)
        default:
            throw configuration.problem(
                key + ".rope_type", "\(type.debugDescription) is not known; known are default, linear")
        }
    }
}
