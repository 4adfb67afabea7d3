import Foundation

extension MethodCost {
    /// "1.23 G": three digits and a power of a thousand.
    package static func short(_ value: Double) -> String {
        var (value, unit) = (value, 0)
        let units = ["", " k", " M", " G", " T", " P", " E"]
        while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        let digits = value >= 100 || unit == 0 ? 0 : value >= 10 ? 1 : 2
        return String(format: "%.\(digits)f", value) + units[unit]
    }

    /// "12 %", "0.4 %".
    package static func percent(_ share: Double) -> String {
        String(format: share < 0.0995 ? "%.1f %%" : "%.0f %%", share * 100)
    }
}
