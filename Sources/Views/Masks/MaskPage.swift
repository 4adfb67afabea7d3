import RopewalkLens
import RopewalkMethods

/// What the Mask panel shows.
package enum MaskPage: String, CaseIterable, Equatable, Sendable {
    case row = "Cursor"
    case check = "Check"
    case compare = "Compare"
    case reach = "Reach"
}

/// One line of a page; one with a place can be chosen.
package struct MaskPageLine: Equatable, Sendable {
    package enum Kind: Equatable, Sendable { case title, text, dim, good, warning }
    package let text: String
    package let kind: Kind
    package let query: Int?
    package let key: Int?
    /// The head that it tells of; nil where it is no certain one.
    package let head: HeadPlace?

    init(_ text: String, _ kind: Kind = .text, query: Int? = nil, key: Int? = nil, head: HeadPlace? = nil) {
        self.head = head
        self.text = text
        self.kind = kind
        self.query = query
        self.key = key
    }

    package var isPlace: Bool { query != nil || key != nil || head != nil }
}

extension MaskStudy {
    /// What stands on its page.
    package var lines: [MaskPageLine] {
        switch self {
        case .check(let check): check.lines
        case .comparison(let comparison): comparison.lines
        case .reach(let reach): reach.lines
        case .impossible(let why): [MaskPageLine(why, .warning)]
        }
    }

    /// The lines that Enter can go to.
    package var places: [MaskPageLine] { lines.filter(\.isPlace) }
}

extension MaskCheck {
    var lines: [MaskPageLine] {
        var lines: [MaskPageLine] = []
        if findings.isEmpty {
            lines.append(MaskPageLine("nothing wrong over \(tokens.grouped) tokens", .good))
        } else {
            lines.append(
                MaskPageLine(
                    "\(findings.count == 1 ? "1 finding" : "\(findings.count) findings") (Enter: go to the first place)",
                    .title))
            lines += findings.map { fault in
                let finding = fault.finding
                return MaskPageLine(
                    "\(finding.kind.rawValue): \(fault.heads.isEmpty ? "" : fault.heads + ": ")\(finding.message)",
                    .warning, query: finding.query, key: finding.key, head: fault.place)
            }
        }
        lines.append(
            MaskPageLine("density \(Self.percent(density)) of all pairs, \(Self.percent(causalDensity)) of those k ≤ q")
        )
        if let tiles {
            lines.append(
                MaskPageLine(
                    "blocks of \(block.grouped) (B: other size): \(Self.percent(tiles.density)) computed, "
                        + "\(tiles.full.grouped) full, \(tiles.partial.grouped) partial, "
                        + "\(tiles.empty.grouped) empty; \(Self.percent(tiles.efficiency)) of the computed pairs "
                        + "are allowed"))
        } else {
            lines.append(
                MaskPageLine(
                    "blocks of \(block.grouped) are too many to be counted: B takes larger ones", .dim))
        }
        if let remark { lines.append(MaskPageLine(remark, .dim)) }
        lines.append(
            MaskPageLine(groups.count == 1 ? "the same in all heads" : "\(groups.count) different masks", .title))
        lines += groups.map {
            MaskPageLine(
                "\($0.isShown ? "▸" : " ") \($0.heads == 1 ? "1 head" : "\($0.heads.grouped) heads"): \($0.title)",
                .text)
        }
        return lines
    }

    static func percent(_ share: Double) -> String { Figures.fixed(share * 100, share < 0.01 ? 3 : 1) + " %" }
}

extension MaskComparison {
    var lines: [MaskPageLine] {
        [MaskPageLine("here: \(name)"), MaskPageLine("other: \(other)")] + ownLines
            + elsewhere.map {
                MaskPageLine(
                    "\($0.heads): \($0.count.grouped) pairs differ (Enter: that head)", .warning, head: $0.place)
            }
    }

    private var inHead: String { head.isEmpty ? "" : "\(head): " }

    private var ownLines: [MaskPageLine] {
        guard let first = difference.first else {
            return [
                MaskPageLine("\(inHead)the same over \(difference.tokens.grouped) tokens, pair by pair", .good)
            ]
        }
        var lines = [MaskPageLine("\(inHead)\(difference.count.grouped) pairs differ (v: on the map)", .warning)]
        lines.append(
            MaskPageLine(
                "\(difference.onlyInFirst.grouped) only here, \(difference.onlyInSecond.grouped) only in "
                    + "the other"))
        lines.append(
            MaskPageLine(
                "first: query \(first.query.grouped), key \(first.key.grouped), allowed "
                    + (first.isAllowedInFirst ? "here" : "in the other") + " (Enter: go there)", .text,
                query: first.query, key: first.key))
        return lines
    }
}

extension MaskReach {
    var lines: [MaskPageLine] {
        let (from, to) = (key.grouped, query.grouped)
        var lines: [MaskPageLine] = []
        if let path, path.isEmpty {
            lines.append(MaskPageLine("token \(to) is cursor and anchor: choose another anchor", .dim))
        } else if let path, let last = path.last {
            lines.append(
                MaskPageLine("token \(to) can know of \(from) after \(last.layer + 1) of \(layers) layers", .good))
            lines += path.map {
                MaskPageLine(
                    "layer \($0.layer): \($0.query.grouped) reads \($0.key.grouped)", .text,
                    query: $0.query, key: $0.key)
            }
        } else {
            lines.append(MaskPageLine("token \(to) can know nothing of \(from) in \(layers) layers", .warning))
        }
        let digits = "layers until a token (row) can know of another (column); · never; \(tokens.count) tokens, "
        let first = tokens.first.map(\.grouped) ?? ""
        let last = tokens.last.map(\.grouped) ?? ""
        lines.append(MaskPageLine(digits + "\(first) to \(last)", .dim))
        lines += depths.map { row in
            MaskPageLine(row.map { $0.map { $0 < 10 ? "\($0)" : "+" } ?? "·" }.joined(separator: " "))
        }
        return lines
    }
}
