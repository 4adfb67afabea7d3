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
        let kind: MethodKind
        let year: Int?
        let flops: Double?
        let flopsShare: Double?
        let kvBytes: Double?
        let kvShare: Double?
        /// Numbers.
        let state: Double?
        let problem: String?

        enum CodingKeys: String, CodingKey {
            case name, method, family, kind, year, flops, state, problem
            case flopsShare = "flops_share"
            case kvBytes = "kv_bytes"
            case kvShare = "kv_share"
        }
    }

    private var lines: [Line] {
        costs.map { method in
            let cost = method.cost
            return Line(
                name: method.name, method: method.spec, family: method.family.rawValue, kind: method.kind,
                year: method.year, flops: cost?.flops, flopsShare: cost.map { $0.flops / max(1, full.flops) },
                kvBytes: cost?.kvBytes,
                kvShare: cost.map { $0.kvBytes / max(1, full.kvBytes) }, state: method.state, problem: method.problem)
        }
    }

    func json() throws -> String { try JSONText.encode(lines) }

    var text: String {
        func number(_ value: Double?) -> String { value.map(MethodCost.short) ?? "" }
        func percent(_ share: Double?) -> String { share.map { MethodCost.percent($0) } ?? "" }
        let rows = zip(lines, costs).map { line, method in
            [
                line.name, method.kind.title.said, line.year.map(String.init) ?? "", number(line.flops),
                percent(line.flopsShare), number(line.kvBytes), percent(line.kvShare), number(line.state),
                method.problem ?? method.title.said,
            ]
        }
        return AlignedTable(
            header: ["method", "kind", "year", "FLOP", "of full", "cache bytes", "of full", "state", "name"].map(
                \.said),
            rows: rows, sides: [.left, .left, .right, .right, .right, .right, .right, .right, .left]
        ).text
    }
}
