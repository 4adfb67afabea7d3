/// Copies of all heads over many prompts, seed by seed.
struct CopyTally {
    private let heads: Int
    private let countsAll: Bool
    private var bySeed: [Int: [NeedleCopies]] = [:]
    /// Prompts that were read, and those that count.
    private(set) var prompts = 0
    private(set) var counted = 0
    /// Of the prompts that could not be read; nil where all could.
    private(set) var problem: String?

    init(heads: Int, countsAll: Bool) { (self.heads, self.countsAll) = (heads, countsAll) }

    mutating func add(_ record: NeedleRecord) {
        switch record.outcome {
        case .failed(let why): problem = problem ?? why
        case .read(let result):
            prompts += 1
            guard countsAll || result.isFound, let copies = result.copies else { return }
            counted += 1
            bySeed[record.cell.place.seed, default: []].append(copies)
        }
    }

    /// Seeds with prompts that count, ascending.
    var seeds: [Int] { bySeed.keys.sorted() }

    /// The means over the prompts of a seed; nil where none counts.
    func round(_ measure: HeadMeasure, seed: Int) -> HeadFinding.Round? {
        guard let all = bySeed[seed] else { return nil }
        let found = (0..<heads).map { head in all.compactMap { $0.value(measure, head: head) } }
        return HeadFinding.Round(
            values: found.map { HeadFinding.mean($0.map(\.score)) },
            chances: found.map { HeadFinding.mean($0.map(\.shuffled)) },
            drawn: found.map { HeadFinding.mean($0.map(\.drawn)) })
    }
}

extension HeadFinding {
    /// One score of retrieval over prompts that have been read, of those whose answer is found.
    /// - Parameters:
    ///   - measure: one of retrieval
    ///   - heads: all of the model
    /// - Returns: the finding, the prompts that were read, those that count, and why others could not be read.
    package static func copies(
        _ measure: HeadMeasure, of records: some Sequence<NeedleRecord>, heads: Int
    ) -> (finding: HeadFinding, prompts: Int, counted: Int, problem: String?) {
        var tally = CopyTally(heads: heads, countsAll: false)
        for record in records { tally.add(record) }
        var finding = HeadFinding(measure, on: .needle)
        for seed in tally.seeds {
            if let round = tally.round(measure, seed: seed) { finding.add(round) }
        }
        return (finding, tally.prompts, tally.counted, tally.problem)
    }
}
