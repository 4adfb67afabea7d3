import Foundation
import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// What methods cost, as `ropewalk methods --tokens N` prints it.
struct CostTable {
    let costs: [CataloguedCost]
    /// Of the model's own attention.
    let full: MethodCost

    /// Every query of every head is gone through.
    static let tokenLimit = 1_048_576

    private struct Line: Encodable {
        let name: String
        let method: String
        let family: String
        let year: Int?
        let flops: Double?
        let flopsShare: Double?
        let kvBytes: Double?
        let kvShare: Double?
        let problem: String?

        enum CodingKeys: String, CodingKey {
            case name, method, family, year, flops, problem
            case flopsShare = "flops_share"
            case kvBytes = "kv_bytes"
            case kvShare = "kv_share"
        }
    }

    private var lines: [Line] {
        costs.map { method in
            let cost = method.cost
            return Line(
                name: method.name, method: method.spec, family: method.family.rawValue, year: method.year,
                flops: cost?.flops, flopsShare: cost.map { $0.flops / max(1, full.flops) }, kvBytes: cost?.kvBytes,
                kvShare: cost.map { $0.kvBytes / max(1, full.kvBytes) }, problem: method.problem)
        }
    }

    func json() throws -> String { try JSONText.encode(lines) }

    var text: String {
        func number(_ value: Double?) -> String { value.map(MethodCost.short) ?? "" }
        func percent(_ share: Double?) -> String { share.map { MethodCost.percent($0) } ?? "" }
        let rows = zip(lines, costs).map { line, method in
            [
                line.name, method.family.rawValue.said, line.year.map(String.init) ?? "", number(line.flops),
                percent(line.flopsShare), number(line.kvBytes), percent(line.kvShare),
                method.problem ?? method.title.said,
            ]
        }
        return AlignedTable(
            header: ["method", "family", "year", "FLOP", "of full", "cache bytes", "of full", "name"].map(\.said),
            rows: rows, sides: [.left, .left, .right, .right, .right, .right, .right, .left]
        ).text
    }
}

extension MethodCost {
    /// "1.23 G": three digits and a power of a thousand.
    static func short(_ value: Double) -> String {
        var (value, unit) = (value, 0)
        let units = ["", " k", " M", " G", " T", " P", " E"]
        while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        let digits = value >= 100 || unit == 0 ? 0 : value >= 10 ? 1 : 2
        return String(format: "%.\(digits)f", value) + units[unit]
    }

    static func percent(_ share: Double) -> String {
        String(format: share < 0.0995 ? "%.1f %%" : "%.0f %%", share * 100)
    }
}
