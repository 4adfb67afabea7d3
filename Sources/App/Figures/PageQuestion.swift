import RopewalkLens
import RopewalkViews

/// The strongest keys of some queries of a head.
struct PageRowsQuestion: Question {
    let basis: Basis
    let layer: Int
    let head: Int
    let queries: Range<Int>

    func answer(_ witness: Witness, _ answers: inout Answers) -> [[TextPage.Key]] {
        queries.map { query in
            let row = witness.lens(basis)?.row(layer: layer, head: head, query: query)
            return (row?.topKeys(TextPage.mostKeys) ?? []).filter { $0.weight > 0 }
                .map { TextPage.Key(token: $0.token, weight: $0.weight) }
        }
    }
}
