import RopewalkPhrases

/// The catalogue by lines of the literature, the oldest paper of each first.
package struct MethodTree: Equatable, Sendable, Encodable {
    package struct Leaf: Equatable, Sendable, Encodable {
        package let name: String
        package let title: String
        /// Nil where the source names none.
        package let year: Int?
        package let source: String
    }

    package struct Branch: Equatable, Sendable, Encodable {
        package let kind: MethodKind
        package let meaning: String
        /// Those without a year come last; of one year in the order of the catalogue.
        package let methods: [Leaf]
    }

    /// Lines without a method are left out.
    package let branches: [Branch]

    package init() {
        branches = MethodKind.allCases.compactMap { kind in
            let leaves = Catalogue.all.filter { $0.kind == kind }.map { type in
                let description = type.description
                return Leaf(
                    name: description.name, title: description.title, year: description.year,
                    source: description.source)
            }
            let sorted = leaves.enumerated().sorted {
                ($0.element.year ?? .max, $0.offset) < ($1.element.year ?? .max, $1.offset)
            }
            return leaves.isEmpty ? nil : Branch(kind: kind, meaning: kind.meaning, methods: sorted.map(\.element))
        }
    }

    /// The years of the papers, from the first to the last.
    package var years: ClosedRange<Int>? {
        let years = branches.flatMap { $0.methods.compactMap(\.year) }
        guard let first = years.min(), let last = years.max() else { return nil }
        return first...last
    }

    /// As `ropewalk methods --tree --json` prints it.
    package func json() throws -> String { try JSONText.encode(branches) }

    /// As `ropewalk methods --tree` prints it: a line for every branch, and one for every method under it.
    package var text: String {
        branches.map { branch in
            let rows = branch.methods.enumerated().map { index, leaf in
                let sign = index == branch.methods.count - 1 ? "└─" : "├─"
                return [
                    sign + " " + (leaf.year.map(String.init) ?? "—   "), leaf.name, leaf.title.said, leaf.source.said,
                ]
            }
            let lines = AlignedTable(rows: rows, sides: [.left, .left, .left, .left]).text
            return branch.kind.title.said + ": " + branch.meaning.said + "\n" + lines
        }.joined(separator: "\n")
    }
}
