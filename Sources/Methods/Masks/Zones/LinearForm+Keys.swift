extension MaskExpression.Relation {
    /// The whole numbers x with x (comparison) 0 · a + b, as the solutions of `a · x + b (comparison) 0` for a ≠ 0:
    /// a range, and whether what is wanted lies outside of it.
    func solutions(_ a: Int, _ b: Int) -> (range: Range<Int>, isOutside: Bool) {
        let far = LinearForm.far
        // a · x + b ≤ bound ⇔ x ≤ ⌊(bound − b) / a⌋ for a > 0, x ≥ ⌈…⌉ for a < 0.
        func atMost(_ bound: Int) -> Range<Int> {
            if a > 0 { return -far..<clamp((bound - b).floorDivided(by: a) + 1) }
            return clamp((b - bound + -a - 1).floorDivided(by: -a))..<far
        }
        func clamp(_ x: Int) -> Int { max(-far, min(far, x)) }
        switch self {
        case .less: return (atMost(-1), false)
        case .atMost: return (atMost(0), false)
        case .more: return (atMost(0), true)
        case .atLeast: return (atMost(-1), true)
        case .equal, .unequal:
            let quotient = (-b).floorDivided(by: abs(a)) * (a > 0 ? 1 : -1)
            let root = clamp(quotient)
            let isRoot = b % a == 0 && root == quotient
            return (isRoot ? root..<root + 1 : 0..<0, self == .unequal)
        }
    }
}

extension LinearForm {
    /// Beyond every value of a dividend, and far below 64 bits.
    fileprivate static let far = 1 << 50

    /// The keys of a form without q; nil where it has to be looked at key by key.
    func keys(_ relation: MaskExpression.Relation, tokens: Int) -> KeyRanges? {
        let all = KeyRanges(from: 0, to: tokens)
        func within(_ solution: (range: Range<Int>, isOutside: Bool)) -> KeyRanges {
            let inside = all.intersection(solution.range)
            return solution.isOutside ? all.subtracting(inside) : inside
        }
        if terms.isEmpty {
            if key == 0 { return relation.holds(constant, 0) ? all : KeyRanges() }
            return within(relation.solutions(key, constant))
        }
        guard key == 0, terms.count == 1, abs(terms[0].key) == 1 else { return nil }
        let term = terms[0]
        if term.isRemainder {
            return remainderKeys(term, relation, tokens: tokens)
        }
        let solution = relation.solutions(term.coefficient, constant)
        let dividends = solution.range.multiplied(by: term.divisor)
        return within((dividends.solved(sign: term.key, constant: term.constant), solution.isOutside))
    }

    /// The keys whose remainder is one of some that satisfy the comparison.
    private func remainderKeys(
        _ term: Term, _ relation: MaskExpression.Relation, tokens: Int
    ) -> KeyRanges? {
        let divisor = term.divisor
        // Beyond so many remainders most occur once or never, and looking at the keys is as quick.
        guard divisor <= 1 << 16 else { return nil }
        var ranges: [Range<Int>] = []
        let holds = (0..<divisor).map { relation.holds(term.coefficient * $0 + constant, 0) }
        var residues: [Range<Int>] = []
        for residue in 0..<divisor where holds[residue] {
            if let last = residues.last, last.upperBound == residue {
                residues[residues.count - 1] = last.lowerBound..<residue + 1
            } else {
                residues.append(residue..<residue + 1)
            }
        }
        // Dividends run over a stretch as long as the keys.
        let dividends =
            term.key > 0 ? term.constant..<term.constant + tokens : term.constant - tokens + 1..<term.constant + 1
        for block in dividends.lowerBound.floorDivided(by: divisor)...(dividends.upperBound).floorDivided(by: divisor) {
            for residue in residues {
                let start = block * divisor
                let part = (start + residue.lowerBound..<start + residue.upperBound).clamped(to: dividends)
                if !part.isEmpty { ranges.append(part.solved(sign: term.key, constant: term.constant)) }
            }
        }
        return KeyRanges(ranges).intersection(0..<tokens)
    }

    /// The pairs of a form as a sum of zones; nil where it has none.
    func zones(_ relation: MaskExpression.Relation, queries: Range<Int>, tokens: Int) -> ZoneSum? {
        let all = Zone(queries: queries, keys: 0..<tokens)
        if let index = terms.firstIndex(where: { $0.key == 0 && !$0.isRemainder && abs($0.query) == 1 }),
            terms.count > 1 || query != 0 || key != 0
        {
            return runs(of: index, relation, queries: queries, tokens: tokens)
        }
        if terms.isEmpty {
            if query == 0, key == 0 { return ZoneSum(relation.holds(constant, 0) ? [all] : []) }
            guard let (axis, scale) = Self.axis(query, key) else { return nil }
            return all.limited(axis, relation.solutions(scale, constant))
        }
        guard query == 0, key == 0, terms.count == 1, let (axis, scale) = Self.axis(terms[0].query, terms[0].key),
            abs(scale) == 1
        else { return nil }
        let term = terms[0]
        if term.isRemainder { return remainderZones(term, axis, scale, relation, all) }
        let solution = relation.solutions(term.coefficient, constant)
        let dividends = solution.range.multiplied(by: term.divisor)
        return all.limited(axis, (dividends.solved(sign: scale, constant: term.constant), solution.isOutside))
    }

    /// Query, key or distance: what a · q + b · k hangs on, and its factor.
    private static func axis(_ a: Int, _ b: Int) -> (Zone.Axis, Int)? {
        if a == 0 { return b == 0 ? nil : (.key, b) }
        if b == 0 { return (.query, a) }
        return a == -b ? (.distance, a) : nil
    }

    /// ⌊q / m⌋ is the same for m queries: one sum for each such run.
    private func runs(
        of index: Int, _ relation: MaskExpression.Relation, queries: Range<Int>, tokens: Int
    ) -> ZoneSum? {
        let term = terms[index]
        var sum = ZoneSum()
        var rest = self
        rest.terms.remove(at: index)
        var start = queries.lowerBound
        while start < queries.upperBound {
            let quotient = term.value(query: start, key: 0)
            let run = (quotient..<quotient + 1).multiplied(by: term.divisor)
                .solved(sign: term.query, constant: term.constant).clamped(to: start..<queries.upperBound)
            guard !run.isEmpty, sum.zones.count < 1 << 15 else { return nil }
            rest.constant = constant + term.coefficient * quotient
            guard let part = rest.zones(relation, queries: run, tokens: tokens) else { return nil }
            sum = sum + part
            start = run.upperBound
        }
        return sum
    }

    private func remainderZones(
        _ term: Term, _ axis: Zone.Axis, _ scale: Int, _ relation: MaskExpression.Relation, _ all: Zone
    ) -> ZoneSum? {
        guard term.divisor <= 1 << 16 else { return nil }
        let residues = (0..<term.divisor).filter { relation.holds(term.coefficient * $0 + constant, 0) }
        let isMost = 2 * residues.count > term.divisor
        let listed = isMost ? Array(Set(0..<term.divisor).subtracting(residues)) : residues
        guard listed.count <= 64 else { return nil }
        let combs = listed.map { residue in
            all.combed(axis, Congruence(period: term.divisor, phase: scale * (residue - term.constant)))
        }
        return isMost ? ZoneSum([all]) - ZoneSum(combs) : ZoneSum(combs)
    }
}

extension Zone {
    enum Axis {
        case query, key, distance
    }

    fileprivate func limited(_ axis: Axis, _ solution: (range: Range<Int>, isOutside: Bool)) -> ZoneSum {
        var part = self
        switch axis {
        case .query: part.queries = queries.clamped(to: solution.range)
        case .key: part.keys = keys.clamped(to: solution.range)
        case .distance: part.distances = distances.clamped(to: solution.range)
        }
        return solution.isOutside ? ZoneSum([self]) - ZoneSum([part]) : ZoneSum([part])
    }

    fileprivate func combed(_ axis: Axis, _ comb: Congruence) -> Zone {
        var part = self
        switch axis {
        case .query: part.queryComb = comb
        case .key: part.keyComb = comb
        case .distance: part.distanceComb = comb
        }
        return part
    }
}

extension Range where Bound == Int {
    /// The numbers whose quotient, rounded down, lies in the range.
    fileprivate func multiplied(by divisor: Int) -> Range {
        let far = LinearForm.far
        func times(_ x: Int) -> Int {
            let (product, overflow) = x.multipliedReportingOverflow(by: divisor)
            return overflow ? (x < 0 ? -far : far) : Swift.max(-far, Swift.min(far, product))
        }
        return times(lowerBound)..<times(upperBound)
    }

    /// The x for which sign · x + constant lies in the range; sign is 1 or −1.
    fileprivate func solved(sign: Int, constant: Int) -> Range {
        sign > 0
            ? lowerBound - constant..<upperBound - constant
            : constant - upperBound + 1..<constant - lowerBound + 1
    }
}
