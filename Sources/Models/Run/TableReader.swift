import Foundation
import RopewalkKernels
import RopewalkMethods

/// Reads the keys of one query after the other off a table, without those that windows hide.
final class TableReader {
    private let table: any KeyTable
    private let setup: RunSetup
    private let windows: [any WindowMethod]
    private var tally: KeyTally
    /// ln of how often a key counts, by how often.
    private var logarithms: [Float] = [0, 0]

    init(table: any KeyTable, setup: RunSetup, layer: Int, head: Int) {
        self.table = table
        self.setup = setup
        windows = setup.windows(layer: layer, head: head)
        tally = KeyTally(tokens: table.tokens)
    }

    func read(_ query: Int, into row: inout SparseAttention.Row) {
        table.tally(query, into: &tally)
        row.keys.removeAll(keepingCapacity: true)
        row.copies.removeAll(keepingCapacity: true)
        let visible = windows.isEmpty ? nil : setup.visibleKeys(query: query, windows: windows)
        var isMultiple = false
        for key in tally.keys where visible?.contains(Int(key)) ?? true {
            let count = tally.count(key)
            while logarithms.count <= count { logarithms.append(log(Float(logarithms.count))) }
            row.keys.append(key)
            row.copies.append(logarithms[count])
            if count > 1 { isMultiple = true }
        }
        if !isMultiple { row.copies.removeAll(keepingCapacity: true) }
    }
}

extension SelectionRun.Chosen {
    var tables: [any KeyTable]? {
        switch self {
        case .tables(let tables): tables
        case .rows: nil
        }
    }

    /// What a recording keeps of choices that were made query after query.
    var recorded: [RecordedChoices]? {
        switch self {
        case .tables: nil
        case .rows(let rows): rows.map(RecordedChoices.init)
        }
    }

    /// [head][query of the chunk]
    func rows(_ tokens: Range<Int>) -> [[KeyChoice]] {
        switch self {
        case .tables(let tables): tables.map { table in tokens.map(table.choice) }
        case .rows(let rows): rows
        }
    }
}

extension ScoreBias {
    /// What is added to the scores of keys that were chosen, ln of how often they count among it,
    /// [head][query of the chunk]; nil where it is nothing.
    init?(addedIn choices: [[KeyChoice]], first: Int) {
        guard choices.contains(where: { $0.contains { !$0.copies.isEmpty || !$0.additions.isEmpty } }) else {
            return nil
        }
        let added = choices.map { $0.map { $0.copies.map(\.logarithm) + $0.additions.map(\.addend) } }
        self.init(ofHeads: { added[$0][$1 - first] })
    }
}

extension KeyPlaces {
    /// Where the queries of a chunk stand to the keys that they have chosen, [head][query of the chunk]; nil where that is
    /// where the text has them.
    init?(_ selection: (any StateSelection)?, choices: [[KeyChoice]], first: Int) {
        guard let selection, selection.keyPeriod != nil else { return nil }
        self.init { head, query in
            selection.places(of: choices[head][query - first].keys, query: query).map { ($0.keys, $0.place) }
        }
    }
}

extension KeyAddition {
    /// As scores are added to.
    package var addend: (keys: Range<Int>, value: Float) { (keys, value) }
}

extension KeyCopies {
    /// What is added to the scores of its keys.
    package var logarithm: (keys: Range<Int>, value: Float) { (keys, log(Float(count))) }
}
