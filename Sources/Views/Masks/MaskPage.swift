import RopewalkLens
import RopewalkMethods
import RopewalkPhrases

/// What the Mask panel shows.
package enum MaskPage: String, CaseIterable, Equatable, Sendable {
    case row = "Cursor"
    case check = "Check"
    case compare = "Compare"
    case reach = "Reach"
    case explain = "Explain"
    /// What a method makes that takes the place of the softmax; a page only where there is one.
    case kernel = "Kernel"
    /// What a layer has in place of attention; a page only where one has something.
    case mixer = "Mixer"
    /// How hashing comes to the keys; a page only where something hashes.
    case hashing = "LSH"

    /// The pages of a scenario and a model.
    package static func pages(
        withKernel hasKernel: Bool, withMixer hasMixer: Bool = false, withHashing hasHashing: Bool = false
    ) -> [MaskPage] {
        allCases.filter {
            ($0 != .kernel || hasKernel) && ($0 != .mixer || hasMixer) && ($0 != .hashing || hasHashing)
        }
    }
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
        case .explanation(let parts): parts.flatMap(\.lines)
        case .impossible(let why): [MaskPageLine(why, .warning)]
        }
    }

    /// The lines that Enter can go to.
    package var places: [MaskPageLine] { lines.filter(\.isPlace) }
}

extension MaskCheck {
    var lines: [MaskPageLine] {
        var lines: [MaskPageLine] = []
        if let own {
            lines.append(MaskPageLine(say("by itself, not the text's: \(own.extent) (M and no rule: back)"), .title))
        }
        if findings.isEmpty {
            let extent = own?.extent ?? extent ?? Figures.count(tokens, "token")
            let good = claims.isEmpty ? say("nothing wrong") : say("\(claims): all as claimed")
            lines.append(MaskPageLine(say("\(good) over \(extent)"), .good))
        } else {
            let enter = own == nil ? say("go to the first place") : say("why")
            lines.append(
                MaskPageLine(
                    say(
                        """
                        \(claims.isEmpty ? "" : claims + ": ")\
                        \(findings.count == 1 ? say("1 finding") : say("\(findings.count) findings")) (Enter: \(enter))
                        """),
                    .title))
            lines += findings.map { fault in
                let finding = fault.finding
                return MaskPageLine(
                    "\(finding.kind.rawValue.said): \(fault.heads.isEmpty ? "" : fault.heads + ": ")\(finding.message)",
                    .warning, query: finding.query, key: finding.key, head: fault.place)
            }
        }
        let causal = own?.isOrdered == false ? "" : say(", \(Self.percent(causalDensity)) of those k ≤ q")
        lines.append(MaskPageLine(say("density \(Self.percent(density)) of all pairs\(causal)")))
        if let tiles {
            lines.append(
                MaskPageLine(
                    say(
                        """
                        blocks of \(block.grouped) (B: other size): \(Self.percent(tiles.density)) computed, \
                        \(tiles.full.grouped) full, \(tiles.partial.grouped) partial, \
                        \(tiles.empty.grouped) empty; \(Self.percent(tiles.efficiency)) of the computed pairs \
                        are allowed
                        """)))
        } else {
            lines.append(
                MaskPageLine(
                    say("blocks of \(block.grouped) are too many to be counted: B takes larger ones"), .dim))
        }
        lines += ([remark].compactMap { $0 } + readings).map { MaskPageLine($0, .dim) }
        lines.append(
            MaskPageLine(
                groups.count == 1 ? say("the same in all heads") : say("\(groups.count) different masks"), .title))
        lines += groups.map {
            MaskPageLine(
                "\($0.isShown ? "▸" : " ") \($0.heads == 1 ? say("1 head") : say("\($0.heads.grouped) heads")): \($0.title)",
                .text)
        }
        lines.append(
            MaskPageLine(
                "c: \(claims.isEmpty ? say("claim what it should be, as window=16") : say("other claims, or none"))",
                .dim))
        return lines + (own?.picture.lines ?? [])
    }

    static func percent(_ share: Double) -> String { Figures.fixed(share * 100, share < 0.01 ? 3 : 1) + " %" }
}

extension MaskPicture {
    /// A row of cells a line.
    var lines: [MaskPageLine] {
        let unit = side == 1 ? "" : say(", \(side.grouped) of each a cell")
        let mixed = side == 1 ? "" : say(", ▒ in part")
        return [MaskPageLine(say("rows are queries, columns keys\(unit): █ visible\(mixed), · hidden"), .dim)]
            + cells.map { row in
                MaskPageLine(
                    row.map { cell in
                        switch cell {
                        case .hidden: "·"
                        case .mixed: "▒"
                        case .visible: "█"
                        }
                    }.joined())
            }
    }
}

extension MaskComparison {
    var lines: [MaskPageLine] {
        [MaskPageLine(say("here: \(name)")), MaskPageLine(say("other: \(other)"))] + ownLines + laterLines
            + elsewhere.map {
                MaskPageLine(
                    "\($0.heads): \(differ($0.count))\($0.place == nil ? "" : say(" (Enter: that head)"))",
                    .warning,
                    head: $0.place)
            }
    }

    private var laterLines: [MaskPageLine] {
        guard let later, let first = later.first else { return [] }
        let place =
            block == nil
            ? say("query \(first.query.grouped), key \(first.key.grouped)")
            : say("block row \(first.query.grouped), column \(first.key.grouped)")
        return [
            MaskPageLine(
                say("only the model hides later keys: as published \(differ(later.count)), first: \(place)"),
                .warning)
        ]
    }

    private var inHead: String { head.isEmpty ? "" : "\(head): " }

    private var unit: String { block.map { say("blocks of \($0.grouped)") } ?? say("pairs") }

    /// "12 pairs differ", "1 block of 128 differs"
    private func differ(_ count: Int) -> String {
        guard count == 1 else { return say("\(count.grouped) \(unit) differ") }
        return say("1 \(block.map { say("block of \($0.grouped)") } ?? say("pair")) differs")
    }

    private var ownLines: [MaskPageLine] {
        block == nil ? pairLines : blockLines
    }

    /// Of blocks nothing can be seen on the map, which shows pairs.
    private var blockLines: [MaskPageLine] {
        let compared = say("as blocks, each visible where one of its pairs is")
        guard let first = difference.first else {
            return [
                MaskPageLine(say("\(inHead)the same over \(difference.tokens.grouped) \(unit), \(compared)"), .good)
            ]
        }
        return [
            MaskPageLine("\(inHead)\(differ(difference.count)), \(compared)", .warning),
            MaskPageLine(
                say("\(difference.onlyInFirst.grouped) only here, \(difference.onlyInSecond.grouped) only in the other")
            ),
            MaskPageLine(
                say("first: block row \(first.query.grouped), column \(first.key.grouped), visible ")
                    + (first.isAllowedInFirst ? say("here") : say("in the other"))),
        ]
    }

    private var pairLines: [MaskPageLine] {
        guard let first = difference.first else {
            return [
                MaskPageLine(say("\(inHead)the same over \(difference.sizeText), pair by pair"), .good)
            ]
        }
        var lines = [
            MaskPageLine(
                "\(inHead)\(differ(difference.count))\(isOwn ? "" : say(" (v: on the map)"))", .warning)
        ]
        lines.append(
            MaskPageLine(
                say(
                    """
                    \(difference.onlyInFirst.grouped) only here, \(difference.onlyInSecond.grouped) only in \
                    the other
                    """)))
        lines.append(
            MaskPageLine(
                say("first: \(difference.name(ofQuery: first.query)), key \(first.key.grouped), allowed ")
                    + (first.isAllowedInFirst ? say("here") : say("in the other"))
                    + say(" (Enter: \(isOwn ? say("why") : say("go there")))"),
                .text,
                query: first.query, key: first.key))
        return lines
    }
}

extension MaskExplained {
    var lines: [MaskPageLine] {
        let name = heads.isEmpty ? "" : heads + ": "
        return [MaskPageLine(name + sentence, isExact ? .good : .warning, query: query, key: key, head: place)]
    }
}

extension MaskReach {
    var lines: [MaskPageLine] {
        let (from, to) = (key.grouped, query.grouped)
        var lines: [MaskPageLine] = []
        if let path, path.isEmpty {
            lines.append(MaskPageLine(say("token \(to) is cursor and anchor: choose another anchor"), .dim))
        } else if let path, let last = path.last {
            lines.append(
                MaskPageLine(say("token \(to) can know of \(from) after \(last.layer + 1) of \(layers) layers"), .good))
            lines += path.map {
                MaskPageLine(
                    say("layer \($0.layer): \($0.query.grouped) reads \($0.key.grouped)"), .text,
                    query: $0.query, key: $0.key)
            }
        } else {
            lines.append(MaskPageLine(say("token \(to) can know nothing of \(from) in \(layers) layers"), .warning))
        }
        let digits = say("layers until a token (row) can know of another (column); · never; \(tokens.count) tokens, ")
        let first = tokens.first.map(\.grouped) ?? ""
        let last = tokens.last.map(\.grouped) ?? ""
        lines.append(MaskPageLine(digits + say("\(first) to \(last)"), .dim))
        lines += depths.map { row in
            MaskPageLine(row.map { $0.map { $0 < 10 ? "\($0)" : "+" } ?? "·" }.joined(separator: " "))
        }
        return lines
    }
}
