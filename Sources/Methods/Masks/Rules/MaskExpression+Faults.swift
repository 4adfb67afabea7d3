import RopewalkPhrases

extension MaskExpression {
    /// Pairs that are looked at where bounds do not show that a rule is sound everywhere.
    private static let pairLimit = 1 << 21

    /// The first division by zero, or number beyond 64 bits, that some pair of a text meets; nil where none does.
    ///
    /// Of long texts, where bounds prove nothing, the pairs at the edges and some between are looked at.
    func fault(tokens: Int, layer: Int, head: Int, item: Int) -> MethodError? {
        let bounds = Bounds(tokens: tokens, layer: layer, head: head, item: item)
        guard !bounds.isSound(condition) else { return nil }
        let side = tokens * tokens <= Self.pairLimit ? tokens : 1 << 10
        let places =
            side == tokens
            ? Array(0..<tokens) : Set(Self.spread(tokens, side) + missingPlaces(bounds)).sorted()
        var pair = Assignment(query: 0, key: 0, tokens: tokens, layer: layer, head: head, item: item)
        for query in places {
            pair.query = query
            for key in places {
                pair.key = key
                guard let place = condition.fault(pair) else { continue }
                let missing = condition.missing(pair, at: place)
                return error(at: place, missing ?? say("division by zero, or a number beyond 64 bits"), pair)
            }
        }
        return nil
    }

    /// Tokens for which some array has no place, as far as that hangs on one token: one such is not missed.
    private func missingPlaces(_ bounds: Bounds) -> [Int] {
        var pair = Assignment(
            query: 0, key: 0, tokens: bounds.tokens, layer: bounds.layer, head: bounds.head, item: bounds.item)
        var found: [Int] = []
        for (array, places) in condition.elements where found.count < 64 {
            for token in 0..<bounds.tokens {
                (pair.query, pair.key) = (token, token)
                guard array.value(at: places, pair) == nil else { continue }
                found.append(token)
                break
            }
        }
        return found
    }

    private static func spread(_ tokens: Int, _ count: Int) -> [Int] {
        let edge = count / 4
        let middle = (0..<count / 2).map { edge + $0 * (tokens - 2 * edge) / (count / 2) }
        return Set(Array(0..<edge) + middle + Array(tokens - edge..<tokens)).sorted()
    }

    private func error(at place: Range<Int>, _ problem: String, _ pair: Assignment) -> MethodError {
        let part = String(decoding: Array(text.utf8)[place], as: UTF8.self)
        return .expression(
            column: place.lowerBound + 1,
            say("\(problem) in \(part) at q = \(pair.query.grouped), k = \(pair.key.grouped)"))
    }
}

extension MaskExpression.Condition {
    /// The comparison that cannot be decided for a pair; what `&&` and `||` do not come to does not count.
    func fault(_ pair: MaskExpression.Assignment) -> Range<Int>? {
        switch self {
        case .constant: return nil
        case .compare(_, let a, let b, let place): return a.isSound(pair) && b.isSound(pair) ? nil : place
        case .not(let a): return a.fault(pair)
        case .and(let a, let b): return a.fault(pair) ?? (a.holds(pair) ? b.fault(pair) : nil)
        case .or(let a, let b): return a.fault(pair) ?? (a.holds(pair) ? nil : b.fault(pair))
        }
    }
}

extension MaskExpression.Condition {
    /// What the comparison at a place looks up where an array has nothing; nil where that is not what is wrong.
    fileprivate func missing(_ pair: MaskExpression.Assignment, at place: Range<Int>) -> String? {
        switch self {
        case .constant: return nil
        case .not(let a): return a.missing(pair, at: place)
        case .and(let a, let b), .or(let a, let b): return a.missing(pair, at: place) ?? b.missing(pair, at: place)
        case .compare(_, _, _, let own):
            guard own == place else { return nil }
            for (array, places) in elements {
                for (axis, number) in places.enumerated() {
                    guard let index = number.value(pair), !(0..<array.shape[axis]).contains(index) else { continue }
                    return say("place \(index.grouped) of \(array.shape[axis].grouped) in an array, counted from 0,")
                }
            }
            return nil
        }
    }
}

extension MaskExpression.Number {
    fileprivate func isSound(_ pair: MaskExpression.Assignment) -> Bool {
        switch self {
        case .constant, .name: return true
        case .element(let array, let places):
            return places.allSatisfy { $0.isSound(pair) } && array.value(at: places, pair) != nil
        case .binary(_, let a, let b): return a.isSound(pair) && b.isSound(pair) && value(pair) != nil
        case .choice(let test, let a, let b):
            return test.fault(pair) == nil && (test.holds(pair) ? a.isSound(pair) : b.isSound(pair))
        }
    }
}

/// What numbers of a rule can be over all pairs of a text.
private struct Bounds {
    let tokens: Int
    let layer: Int
    let head: Int
    let item: Int

    func isSound(_ condition: MaskExpression.Condition) -> Bool {
        switch condition {
        case .constant: true
        case .compare(_, let a, let b, _): range(a) != nil && range(b) != nil
        case .not(let a): isSound(a)
        case .and(let a, let b), .or(let a, let b): isSound(a) && isSound(b)
        }
    }

    /// Nil where it may be undefined for some pair.
    private func range(_ number: MaskExpression.Number) -> ClosedRange<Int>? {
        switch number {
        case .constant(let value): return value...value
        case .name(.query), .name(.key): return 0...max(0, tokens - 1)
        case .name(.tokens): return tokens...tokens
        case .name(.layer): return layer...layer
        case .name(.head): return head...head
        case .name(.item): return item...item
        case .element(let array, let places):
            for (axis, place) in places.enumerated() {
                guard let place = range(place), place.lowerBound >= 0, place.upperBound < array.shape[axis] else {
                    return nil
                }
            }
            return array.bounds
        case .choice(let test, let a, let b):
            guard isSound(test), let a = range(a), let b = range(b) else { return nil }
            return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
        case .binary(let operation, let a, let b):
            guard let a = range(a), let b = range(b) else { return nil }
            if operation == .divide || operation == .remainder, b.contains(0) { return nil }
            if operation == .remainder {
                if b.lowerBound > 0 { return 0...b.upperBound - 1 }
                let most = max(abs(b.lowerBound), abs(b.upperBound))
                return -most...most
            }
            var ends: [Int] = []
            for x in [a.lowerBound, a.upperBound] {
                for y in [b.lowerBound, b.upperBound] {
                    guard let end = operation.apply(x, y) else { return nil }
                    ends.append(end)
                }
            }
            guard let least = ends.min(), let most = ends.max() else { return nil }
            return least...most
        }
    }
}
