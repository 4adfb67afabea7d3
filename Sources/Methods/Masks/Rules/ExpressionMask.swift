import Synchronization

/// A rule for one text, layer and head, in a form that gives rows as intervals and, mostly, sums of zones.
struct ExpressionMask: Sendable {
    /// A rule made of comparisons of linear forms with 0; what is no such comparison is looked at pair by pair.
    indirect enum Rule: Sendable {
        case constant(Bool)
        case linear(MaskExpression.Relation, LinearForm)
        case opaque(MaskExpression.Condition)
        case and(Rule, Rule)
        case or(Rule, Rule)
        case not(Rule)
    }

    let tokens: Int
    let layer: Int
    let head: Int
    let item: Int
    let rule: Rule
    /// Whether some part has to be looked at key by key for every query, because its rows hardly repeat.
    private(set) var looksAtPairs = false
    /// Rows that were looked for key by key: queries that leave the same remainder share them.
    let known = Known()

    init(_ condition: MaskExpression.Condition, tokens: Int, layer: Int, head: Int, item: Int = 0) {
        self.tokens = tokens
        self.layer = layer
        self.head = head
        self.item = item
        var budget = 256
        rule = Self.rule(condition, tokens, layer, head, item, &budget)
        looksAtPairs = looksAtPairs(rule)
    }

    private static func rule(
        _ condition: MaskExpression.Condition, _ tokens: Int, _ layer: Int, _ head: Int, _ item: Int,
        _ budget: inout Int
    ) -> Rule {
        budget -= 1
        switch condition {
        case .constant(let value): return .constant(value)
        case .not(let a): return .not(rule(a, tokens, layer, head, item, &budget))
        case .and(let a, let b):
            return .and(rule(a, tokens, layer, head, item, &budget), rule(b, tokens, layer, head, item, &budget))
        case .or(let a, let b):
            return .or(rule(a, tokens, layer, head, item, &budget), rule(b, tokens, layer, head, item, &budget))
        case .compare(let relation, let a, let b, let place):
            // A choice in a number becomes a choice between two comparisons.
            if let (test, yes, no) = a.firstChoice, budget > 0 {
                return split(condition, test, .compare(relation, yes, b, place), .compare(relation, no, b, place))
            }
            if let (test, yes, no) = b.firstChoice, budget > 0 {
                return split(condition, test, .compare(relation, a, yes, place), .compare(relation, a, no, place))
            }
            guard let left = LinearForm(a, tokens: tokens, layer: layer, head: head, item: item),
                let right = LinearForm(b, tokens: tokens, layer: layer, head: head, item: item),
                let difference = left.adding(right, times: -1)
            else { return .opaque(condition) }
            return .linear(relation, difference)
        }
        func split(
            _ whole: MaskExpression.Condition, _ test: MaskExpression.Condition, _ yes: MaskExpression.Condition,
            _ no: MaskExpression.Condition
        ) -> Rule {
            let check = rule(test, tokens, layer, head, item, &budget)
            return .or(
                .and(check, rule(yes, tokens, layer, head, item, &budget)),
                .and(.not(check), rule(no, tokens, layer, head, item, &budget)))
        }
    }

    final class Known: Sendable {
        enum Name: Hashable {
            case form(LinearForm, MaskExpression.Relation)
            /// What is left of a rule for one query.
            case rest(MaskExpression.Condition)
        }
        /// Of all rows together.
        private static let rangeLimit = 1 << 22
        private let rows = Mutex<(keys: [Name: KeyRanges], ranges: Int)>(([:], 0))
        private let bits = Mutex<(rows: [Name: KeyBits], words: Int)>(([:], 0))

        func bits(_ name: Name, _ find: () -> KeyBits) -> KeyBits {
            if let row = bits.withLock({ $0.rows[name] }) { return row }
            let row = find()
            bits.withLock { bits in
                guard bits.words + row.words.count <= Self.rangeLimit else { return }
                bits.rows[name] = row
                bits.words += row.words.count
            }
            return row
        }

        func keys(_ name: Name, _ find: () -> KeyRanges) -> KeyRanges {
            if let keys = rows.withLock({ $0.keys[name] }) { return keys }
            let keys = find()
            rows.withLock { rows in
                guard rows.ranges + keys.ranges.count + 1 <= Self.rangeLimit else { return }
                rows.keys[name] = keys
                rows.ranges += keys.ranges.count + 1
            }
            return keys
        }
    }

    /// As bits a part is looked at only where the others leave keys.
    func row(_ query: Int) -> KeyRanges { looksAtPairs ? bits(query).keys : keys(rule, query) }

    private func keys(_ rule: Rule, _ query: Int) -> KeyRanges {
        let all = KeyRanges(from: 0, to: tokens)
        switch rule {
        case .constant(let value): return value ? all : KeyRanges()
        case .and(let a, let b):
            let first = keys(a, query)
            return first.isEmpty ? first : first.intersection(keys(b, query))
        case .or(let a, let b): return keys(a, query).union(keys(b, query))
        case .not(let a): return all.subtracting(keys(a, query))
        case .linear(let relation, let form): return keys(of: form.fixing(query: query), relation)
        case .opaque(let condition):
            if let (form, relation) = linear(condition, at: query) { return keys(of: form, relation) }
            let assignment = MaskExpression.Assignment(
                query: query, key: 0, tokens: tokens, layer: layer, head: head, item: item)
            if !condition.elements.isEmpty { return keys(of: condition.fixed(assignment)) }
            return looked(at: condition.fixed(assignment), within: nil).keys
        }
    }

    /// A comparison as it is for one query: q · k is a multiple of k then.
    func linear(
        _ condition: MaskExpression.Condition, at query: Int
    ) -> (LinearForm, MaskExpression.Relation)? {
        guard case .compare(let relation, let a, let b, _) = condition else { return nil }
        func form(_ number: MaskExpression.Number) -> LinearForm? {
            LinearForm(number, tokens: tokens, layer: layer, head: head, item: item, at: query)
        }
        guard let left = form(a), let right = form(b), let difference = left.adding(right, times: -1) else {
            return nil
        }
        return (difference, relation)
    }

    /// The keys of a condition that looks things up, of which only the key is not known: queries of one document share them.
    private func keys(of rest: MaskExpression.Condition) -> KeyRanges {
        if case .constant(let value) = rest { return value ? KeyRanges(from: 0, to: tokens) : KeyRanges() }
        return known.keys(.rest(rest)) {
            rest.lookedUp(tokens: tokens) ?? looked(at: rest, within: nil).keys
        }
    }

    private func keys(of form: LinearForm, _ relation: MaskExpression.Relation) -> KeyRanges {
        let form = form.reduced
        return form.keys(relation, tokens: tokens)
            ?? known.keys(.form(form, relation)) {
                search { relation.holds(form.value(query: 0, key: $0), 0) }
            }
    }

    /// The keys for which a test holds, one by one.
    private func search(_ holds: (Int) -> Bool) -> KeyRanges {
        var ranges: [Range<Int>] = []
        var start: Int?
        for key in 0..<tokens {
            if holds(key) {
                start = start ?? key
            } else if let from = start {
                ranges.append(from..<key)
                start = nil
            }
        }
        if let start { ranges.append(start..<tokens) }
        return KeyRanges(canonical: ranges)
    }

    func zones(of queries: Range<Int>) -> ZoneSum? { zones(rule, queries) }

    private func zones(_ rule: Rule, _ queries: Range<Int>) -> ZoneSum? {
        let all = ZoneSum([Zone(queries: queries, keys: 0..<tokens)])
        switch rule {
        case .constant(let value): return value ? all : ZoneSum()
        case .and(let a, let b):
            guard let first = zones(a, queries), let second = zones(b, queries) else { return nil }
            return first.intersection(second)
        case .or(let a, let b):
            guard let first = zones(a, queries), let second = zones(b, queries) else { return nil }
            return first.union(second)
        case .not(let a): return zones(a, queries).map { all - $0 }
        case .linear(let relation, let form): return form.zones(relation, queries: queries, tokens: tokens)
        case .opaque: return nil
        }
    }
}

extension MaskExpression.Number {
    /// The first choice in a number, and the number with either side in its place.
    var firstChoice: (test: MaskExpression.Condition, yes: Self, no: Self)? {
        switch self {
        case .constant, .name, .element: return nil
        case .choice(let test, let yes, let no): return ((test, yes, no))
        case .binary(let operation, let a, let b):
            if let (test, yes, no) = a.firstChoice {
                return ((test, .binary(operation, yes, b), .binary(operation, no, b)))
            }
            if let (test, yes, no) = b.firstChoice {
                return ((test, .binary(operation, a, yes), .binary(operation, a, no)))
            }
            return nil
        }
    }
}
