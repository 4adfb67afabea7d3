import RopewalkPhrases

/// Numbers that a rule looks up by places: the documents of tokens in `doc[q] == doc[k]`, a head's width in `width[h]`.
package struct RuleArray: Hashable, Sendable {
    /// Numbers that one may hold.
    package static let sizeLimit = 1 << 24

    /// The file that it was read from.
    package let path: String
    package let shape: [Int]
    /// Whether its values are true and false, which need no comparison.
    package let isBoolean: Bool
    /// [place · place · ...], the last axis fastest.
    let values: [Int]
    /// The least and the greatest of them.
    let bounds: ClosedRange<Int>
    private let fingerprint: Int

    /// `values` has as many numbers as the product of `shape`; booleans are 0 and 1.
    package init(path: String, shape: [Int], values: [Int], isBoolean: Bool = false) {
        // Readers count what they read by the shape.
        precondition(values.count == shape.reduce(1, *))
        self.path = path
        self.shape = shape
        self.isBoolean = isBoolean
        self.values = values
        bounds = (values.min() ?? 0)...(values.max() ?? 0)
        var hasher = Hasher()
        hasher.combine(shape)
        hasher.combine(isBoolean)
        hasher.combine(values)
        fingerprint = hasher.finalize()
    }

    package static func == (a: Self, b: Self) -> Bool { a.path == b.path && a.fingerprint == b.fingerprint }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(fingerprint)
    }

    /// What a name in a rule stands for changes with the file.
    var identity: String { "\(path)#\(fingerprint)" }

    /// "64" or "2 × 64", as people write sizes.
    package var sizeText: String {
        shape.isEmpty ? say("one number") : shape.map(\.grouped).joined(separator: " × ")
    }

    /// The number at a place on every axis; nil where it has no such place, counted from 0.
    func value(at places: [MaskExpression.Number], _ assignment: MaskExpression.Assignment) -> Int? {
        var index = 0
        for (axis, place) in places.enumerated() {
            guard let place = place.value(assignment), place >= 0, place < shape[axis] else { return nil }
            index = index * shape[axis] + place
        }
        return values[index]
    }

    /// The same for places that are known.
    func value(at places: [Int]) -> Int? { index(places).map { values[$0] } }

    /// The keys whose number compares as wanted with another one, where the last place is the key.
    func keys(
        at places: [Int], _ relation: MaskExpression.Relation, _ number: Int, tokens: Int
    ) -> KeyRanges? {
        guard let last = shape.last, let start = index(places).map({ $0 * last }) else { return nil }
        var ranges: [Range<Int>] = []
        var open: Int?
        for key in 0..<min(tokens, last) {
            if relation.holds(values[start + key], number) {
                open = open ?? key
            } else if let from = open {
                ranges.append(from..<key)
                open = nil
            }
        }
        if let open { ranges.append(open..<min(tokens, last)) }
        return KeyRanges(canonical: ranges)
    }

    /// The index of places on the first axes, as if there were no others.
    private func index(_ places: [Int]) -> Int? {
        var index = 0
        for (axis, place) in places.enumerated() {
            guard place >= 0, place < shape[axis] else { return nil }
            index = index * shape[axis] + place
        }
        return index
    }
}
