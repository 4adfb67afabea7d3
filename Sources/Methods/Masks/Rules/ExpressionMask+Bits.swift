/// Rows as bits, for rules that scatter their keys.
extension ExpressionMask {
    /// Beyond this divisor rows hardly repeat.
    private static let sharedDivisor = 4096
    /// Keys that are worked out together.
    private static let width = 1024

    func bits(_ query: Int) -> KeyBits { bits(rule, query, within: nil) }

    func looksAtPairs(_ rule: Rule) -> Bool {
        func isKnown(_ form: LinearForm, _ relation: MaskExpression.Relation) -> Bool {
            form.keys(relation, tokens: tokens) != nil || form.terms.allSatisfy { $0.divisor <= Self.sharedDivisor }
        }
        switch rule {
        case .constant: return false
        case .not(let a): return looksAtPairs(a)
        case .and(let a, let b), .or(let a, let b): return looksAtPairs(a) || looksAtPairs(b)
        case .linear(let relation, let form): return !isKnown(form.fixing(query: tokens / 2).reduced, relation)
        case .opaque(let condition):
            if let (form, relation) = linear(condition, at: tokens / 2) { return !isKnown(form.reduced, relation) }
            return condition.elements.isEmpty
        }
    }

    /// - Parameter wanted: the only keys that anyone asks about; others may be left out.
    private func bits(_ rule: Rule, _ query: Int, within wanted: KeyBits?) -> KeyBits {
        switch rule {
        case .constant(let value): return KeyBits(value ? KeyRanges(0..<tokens) : KeyRanges(), tokens: tokens)
        case .and(let a, let b):
            let first = bits(a, query, within: wanted)
            return first.isEmpty ? first : first.intersection(bits(b, query, within: first))
        case .or(let a, let b): return bits(a, query, within: wanted).union(bits(b, query, within: wanted))
        case .not(let a): return bits(a, query, within: wanted).complement
        case .linear(let relation, let form): return bits(of: form.fixing(query: query), relation, within: wanted)
        case .opaque(let condition):
            if let (form, relation) = linear(condition, at: query) { return bits(of: form, relation, within: wanted) }
            let rest = condition.fixed(
                MaskExpression.Assignment(
                    query: query, key: 0, tokens: tokens, layer: layer, head: head, item: item))
            guard condition.elements.isEmpty else { return known.bits(.rest(rest)) { looked(at: rest, within: nil) } }
            return looked(at: rest, within: wanted)
        }
    }

    private func bits(
        of form: LinearForm, _ relation: MaskExpression.Relation, within wanted: KeyBits?
    ) -> KeyBits {
        let form = form.reduced
        if form.terms.isEmpty, let keys = form.keys(relation, tokens: tokens) { return KeyBits(keys, tokens: tokens) }
        func whole() -> KeyBits {
            form.keys(relation, tokens: tokens).map { KeyBits($0, tokens: tokens) }
                ?? looked(at: form.condition(relation), within: nil)
        }
        let isShared = wanted == nil || form.terms.allSatisfy { $0.divisor <= Self.sharedDivisor }
        return isShared
            ? known.bits(.form(form, relation), whole) : looked(at: form.condition(relation), within: wanted)
    }

    /// The keys of a condition of which only the key is not known, many at once where that can be done.
    func looked(at rest: MaskExpression.Condition, within wanted: KeyBits?) -> KeyBits {
        var words: [UInt64] = []
        words.reserveCapacity((tokens + 63) / 64)
        for start in stride(from: 0, to: tokens, by: Self.width) {
            let count = min(Self.width, tokens - start)
            let size = (count + 63) / 64
            if let wanted, wanted.words[words.count..<words.count + size].allSatisfy({ $0 == 0 }) {
                words += [UInt64](repeating: 0, count: size)
            } else {
                words +=
                    RuleLanes<Double>(start: start, count: count).words(rest)
                    ?? RuleLanes<Int>(start: start, count: count).words(rest) ?? one(rest, start..<start + count)
            }
        }
        return KeyBits(tokens: tokens, words: words)
    }

    /// The same key by key.
    private func one(_ rest: MaskExpression.Condition, _ keys: Range<Int>) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (keys.count + 63) / 64)
        var assignment = MaskExpression.Assignment(
            query: 0, key: 0, tokens: tokens, layer: layer, head: head, item: item)
        for (index, key) in keys.enumerated() {
            assignment.key = key
            if rest.holds(assignment) { words[index >> 6] |= 1 << UInt64(index & 63) }
        }
        return words
    }
}

extension LinearForm {
    /// A form without q as a comparison with 0.
    fileprivate func condition(_ relation: MaskExpression.Relation) -> MaskExpression.Condition {
        func times(_ factor: Int, _ number: MaskExpression.Number) -> MaskExpression.Number {
            .binary(.multiply, .constant(factor), number)
        }
        func plus(_ a: MaskExpression.Number, _ b: MaskExpression.Number) -> MaskExpression.Number {
            .binary(.add, a, b)
        }
        var sum = plus(times(key, .name(.key)), .constant(constant))
        for term in terms {
            let dividend = plus(times(term.key, .name(.key)), .constant(term.constant))
            let part = MaskExpression.Number.binary(
                term.isRemainder ? .remainder : .divide, dividend, .constant(term.divisor))
            sum = plus(sum, times(term.coefficient, part))
        }
        return .compare(relation, sum, .constant(0), 0..<0)
    }
}
