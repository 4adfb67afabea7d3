/// Shares of long documents, and how they are raised: short ones are kept with a probability (Fu et al. 2024).
package enum LengthMixture {
    /// A document of more tokens is long.
    package static let long = 4096

    /// ρ = s(1 − t) / (t(1 − s)): with which probability short documents are kept, so that a share s of long ones becomes t. Nil
    /// where no ρ from 0 to 1 does it.
    package static func keeping(long share: Double, becomes wanted: Double) -> Double? {
        guard share > 0, share < 1, wanted > 0, wanted <= 1 else { return nil }
        let probability = share * (1 - wanted) / (wanted * (1 - share))
        return probability <= 1 ? probability : nil
    }

    /// s / (s + ρ(1 − s)): what the share of long documents becomes.
    package static func share(long share: Double, keeping probability: Double) -> Double {
        let all = share + probability * (1 - share)
        return all > 0 ? share / all : 0
    }

    /// Documents of one domain, kind and length.
    package struct Cell: Equatable, Sendable {
        package let domain: String
        package let kind: LongTextKind
        package let isLong: Bool
        package fileprivate(set) var documents = 0
        package fileprivate(set) var tokens = 0
        /// With which probability each is kept.
        package fileprivate(set) var probability = 1.0
        /// Its share of the tokens that are kept; 0 where none are.
        package fileprivate(set) var share = 0.0
    }

    /// One document for a mixture.
    package struct Entry: Sendable {
        package let domain: String
        package let kind: LongTextKind
        package let tokens: Int

        package init(domain: String, kind: LongTextKind, tokens: Int) {
            (self.domain, self.kind, self.tokens) = (domain, kind, tokens)
        }
    }

    /// The mixture by domain, kind and length, in this order; within each domain the share of long documents becomes `wanted` by
    /// documents, and domains keep their share of the tokens.
    /// - Parameters:
    ///   - kept: kinds that are kept at all
    ///   - wanted: nil for leaving lengths as they are
    ///   - probability: of short documents, the same in every domain, in place of `wanted`
    package static func cells(
        _ entries: [Entry], long: Int = LengthMixture.long, keeping kept: Set<LongTextKind>, wanted: Double? = nil,
        probability: Double? = nil
    ) -> [Cell] {
        var cells: [Cell] = []
        for entry in entries {
            let isLong = entry.tokens > long
            let known = cells.firstIndex { ($0.domain, $0.kind, $0.isLong) == (entry.domain, entry.kind, isLong) }
            if known == nil { cells.append(Cell(domain: entry.domain, kind: entry.kind, isLong: isLong)) }
            let place = known ?? cells.count - 1
            cells[place].documents += 1
            cells[place].tokens += entry.tokens
        }
        for domain in Set(cells.map(\.domain)) { sample(&cells, domain, kept, wanted, probability) }
        shareOut(&cells, kept)
        let kinds = LongTextKind.allCases
        return cells.sorted {
            ($0.domain, kinds.firstIndex(of: $0.kind) ?? 0, $0.isLong ? 0 : 1)
                < ($1.domain, kinds.firstIndex(of: $1.kind) ?? 0, $1.isLong ? 0 : 1)
        }
    }

    private static func sample(
        _ cells: inout [Cell], _ domain: String, _ kept: Set<LongTextKind>, _ wanted: Double?, _ given: Double?
    ) {
        let own = cells.indices.filter { cells[$0].domain == domain }
        let counted = own.filter { kept.contains(cells[$0].kind) }
        let all = counted.reduce(0) { $0 + cells[$1].documents }
        let long = counted.reduce(0) { $0 + (cells[$1].isLong ? cells[$1].documents : 0) }
        let share = Double(long) / Double(max(1, all))
        let short = given ?? wanted.flatMap { keeping(long: share, becomes: $0) } ?? 1
        for index in own {
            cells[index].probability = !kept.contains(cells[index].kind) ? 0 : cells[index].isLong ? 1 : short
        }
    }

    /// Each domain has the share of tokens that it had among what is kept at all.
    private static func shareOut(_ cells: inout [Cell], _ kept: Set<LongTextKind>) {
        let counted = cells.indices.filter { kept.contains(cells[$0].kind) }
        let all = counted.reduce(0.0) { $0 + Double(cells[$1].tokens) }
        for index in counted {
            let own = counted.filter { cells[$0].domain == cells[index].domain }
            let before = own.reduce(0.0) { $0 + Double(cells[$1].tokens) }
            let after = own.reduce(0.0) { $0 + Double(cells[$1].tokens) * cells[$1].probability }
            guard all > 0, after > 0 else { continue }
            cells[index].share = before / all * Double(cells[index].tokens) * cells[index].probability / after
        }
    }
}
