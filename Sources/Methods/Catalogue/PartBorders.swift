import RopewalkPhrases

/// What a method cuts a text into where its own borders are not given.
package enum TextUnit: Int, CaseIterable, Hashable, Sendable {
    case sentence, paragraph

    init(_ value: Double) { self = TextUnit(rawValue: Int(value)) ?? .sentence }
}

/// Where the sentences or paragraphs of a text begin, for methods that treat them apart.
package struct PartBorders: Hashable, Sendable {
    /// The first tokens of all parts: 0, then ascending.
    package let starts: [Int]

    /// - Parameter starts: ascending; what stands before the first, as special tokens do, belongs to the first part
    package init(starts: [Int]) {
        self.starts = [0] + starts.dropFirst().filter { $0 > 0 }
    }

    /// Parts of these lengths; what follows them is one more.
    package init(lengths: [Int]) {
        var (starts, end) = ([0], 0)
        for length in lengths {
            end += length
            starts.append(end)
        }
        self.starts = starts
    }

    /// The number of the part that holds a token.
    package func part(of token: Int) -> Int { starts.stretch(of: token) }

    /// The tokens of a part in a text of `tokens` tokens; empty where it begins behind it.
    package func tokens(ofPart part: Int, in tokens: Int) -> Range<Int> {
        guard starts.indices.contains(part), starts[part] < tokens else { return tokens..<tokens }
        return starts[part]..<(part + 1 < starts.count ? min(starts[part + 1], tokens) : tokens)
    }

    /// How many parts begin in a text of `tokens` tokens.
    package func count(in tokens: Int) -> Int { starts.partitionPoint { $0 >= tokens } }

    /// The borders of what begins at `token`.
    package func from(_ token: Int) -> PartBorders {
        PartBorders(starts: [0] + starts.filter { $0 > token }.map { $0 - token })
    }

    /// Tells borders apart (FNV-1a over all of them).
    var fingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for start in starts { hash = (hash ^ UInt64(start)) &* 0x100_0000_01B3 }
        return "\(starts.count)/\(String(hash, radix: 16))"
    }
}

/// A method whose borders are those of the text that it is applied to, unless they are given.
package protocol PartedMethod: Method {
    /// What the text is cut into; nil where the borders are given.
    var unit: TextUnit? { get }
    /// With the borders of a text; nil for those of none.
    func with(_ borders: PartBorders?) -> Self
    /// The borders of the text; nil where it has none yet.
    var borders: PartBorders? { get }
}

extension PartedMethod {
    /// Why it cannot be applied where it has no borders.
    var missingBorders: String? {
        guard let unit, borders == nil else { return nil }
        let name = Self.description.name
        return switch unit {
        case .sentence: say("\(name) takes the sentences of a text, and there is none: give lengths=5/4/7")
        case .paragraph: say("\(name) takes the paragraphs of a text, and there is none: give lengths=5/4/7")
        }
    }
}

extension WindowMethod {
    /// The units that it and its parts take from a text.
    var units: [TextUnit] {
        switch self {
        case let parted as any PartedMethod: parted.unit.map { [$0] } ?? []
        case let scoped as ScopedWindow: scoped.window.units
        case let union as UnionWindow: union.parts.flatMap(\.units)
        default: []
        }
    }

    /// With the borders of a text, its parts too.
    func over(_ borders: [TextUnit: PartBorders]) -> any WindowMethod {
        switch self {
        case let parted as any PartedMethod & WindowMethod:
            parted.unit.map { parted.with(borders[$0]) } ?? parted
        case let scoped as ScopedWindow: ScopedWindow(scoped.window.over(borders), scope: scoped.scope)
        case let union as UnionWindow: UnionWindow(union.parts.map { $0.over(borders) })
        default: self
        }
    }
}

extension Scenario {
    /// What its methods take from a text.
    package var units: Set<TextUnit> {
        let parted = compression as? any PartedMethod
        return Set(windows.flatMap(\.units) + (parted?.unit.map { [$0] } ?? []))
    }

    /// The same methods with the borders of a text; those without borders in it lose theirs.
    package func over(_ borders: (TextUnit) -> PartBorders?) -> Scenario {
        let units = units
        guard !units.isEmpty else { return self }
        var known: [TextUnit: PartBorders] = [:]
        for unit in units { known[unit] = borders(unit) }
        var scenario = self
        scenario.windows = windows.map { $0.over(known) }
        if let parted = compression as? any PartedMethod & CompressionMethod, let unit = parted.unit {
            scenario.compression = parted.with(known[unit])
        }
        return scenario
    }
}
