extension MaskExpression.Number {
    /// What is left where only the key is not known yet.
    func fixed(_ assignment: MaskExpression.Assignment) -> Self {
        switch self {
        case .constant, .name(.key): return self
        case .name: return value(assignment).map { .constant($0) } ?? self
        case .element(let array, let places):
            let places = places.map { $0.fixed(assignment) }
            let element = Self.element(array, places)
            guard places.allSatisfy(\.isConstant) else { return element }
            return element.value(assignment).map { .constant($0) } ?? element
        case .binary(let operation, let a, let b):
            let whole = Self.binary(operation, a.fixed(assignment), b.fixed(assignment))
            guard case .binary(_, .constant, .constant) = whole else { return whole }
            return whole.value(assignment).map { .constant($0) } ?? whole
        case .choice(let test, let a, let b):
            let test = test.fixed(assignment)
            guard case .constant(let isFirst) = test else {
                return .choice(test, a.fixed(assignment), b.fixed(assignment))
            }
            return isFirst ? a.fixed(assignment) : b.fixed(assignment)
        }
    }

    var isConstant: Bool {
        if case .constant = self { return true }
        return false
    }
}

extension MaskExpression.Condition {
    /// What is left where only the key is not known yet.
    func fixed(_ assignment: MaskExpression.Assignment) -> Self {
        switch self {
        case .constant: return self
        case .compare(let relation, let a, let b, _):
            let (a, b) = (a.fixed(assignment), b.fixed(assignment))
            // The place says nothing about which keys fit.
            guard case .constant(let left) = a, case .constant(let right) = b else {
                return .compare(relation, a, b, 0..<0)
            }
            return .constant(relation.holds(left, right))
        case .not(let a):
            let a = a.fixed(assignment)
            if case .constant(let value) = a { return .constant(!value) }
            return .not(a)
        case .and(let a, let b): return .and(a.fixed(assignment), b.fixed(assignment))
        case .or(let a, let b): return .or(a.fixed(assignment), b.fixed(assignment))
        }
    }
}

extension MaskExpression.Condition {
    /// The keys of a comparison of an array's numbers, key by key, with a number; nil where it is something else.
    func lookedUp(tokens: Int) -> KeyRanges? {
        guard case .compare(let relation, let a, let b, _) = self else { return nil }
        switch (a, b) {
        case (.element(let array, let places), .constant(let number)):
            return Self.keys(array, places, relation, number, tokens: tokens)
        case (.constant(let number), .element(let array, let places)):
            return Self.keys(array, places, relation.mirrored, number, tokens: tokens)
        default: return nil
        }
    }

    private static func keys(
        _ array: RuleArray, _ places: [MaskExpression.Number], _ relation: MaskExpression.Relation, _ number: Int,
        tokens: Int
    ) -> KeyRanges? {
        guard places.last == .name(.key) else { return nil }
        let others = places.dropLast().compactMap { place in
            if case .constant(let number) = place { number } else { nil }
        }
        guard others.count == places.count - 1 else { return nil }
        return array.keys(at: others, relation, number, tokens: tokens)
    }
}

extension MaskExpression.Relation {
    /// The same with the sides changed over.
    var mirrored: Self {
        switch self {
        case .less: .more
        case .atMost: .atLeast
        case .more: .less
        case .atLeast: .atMost
        case .equal, .unequal: self
        }
    }
}
