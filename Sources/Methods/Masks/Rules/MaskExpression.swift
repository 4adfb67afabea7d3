/// A mask as a rule over `q, k, n, layer, head, item`, such as `k <= q && (q - k < 256 || k < 4)`.
///
/// Numbers are whole; `/` rounds down and `%` is never negative for a positive divisor. A division by zero and a number
/// beyond 64 bits are faults; what they are compared with is false until someone asks for them.
package struct MaskExpression: Equatable, Sendable {
    /// As it was written, without blanks around it.
    package let text: String
    let condition: Condition

    /// The longest rule, bytes.
    package static let lengthLimit = 1024
    /// How deep parentheses and operators may nest.
    package static let depthLimit = 64

    package init(_ text: String) throws(MethodError) {
        var parser = try ExpressionParser(text)
        self.text = parser.text
        condition = try parser.parse()
    }

    /// Whether the rule allows a pair.
    package func allows(query: Int, key: Int, tokens: Int, layer: Int = 0, head: Int = 0, item: Int = 0) -> Bool {
        condition.holds(Assignment(query: query, key: key, tokens: tokens, layer: layer, head: head, item: item))
    }

    /// What it hangs on.
    var names: Set<Name> { condition.names }

    /// The comparisons that decide about a pair, as they were written.
    func deciding(_ assignment: Assignment) -> [String] {
        let bytes = Array(text.utf8)
        return condition.deciding(assignment).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    struct Assignment {
        var query: Int
        var key: Int
        let tokens: Int
        let layer: Int
        let head: Int
        var item = 0
    }

    indirect enum Number: Equatable, Sendable {
        case constant(Int)
        case name(Name)
        case binary(Operator, Number, Number)
        case choice(Condition, Number, Number)
    }

    enum Name: String, CaseIterable, Sendable {
        case query = "q"
        case key = "k"
        case tokens = "n"
        case layer, head, item
    }

    enum Operator: Sendable {
        case add, subtract, multiply, divide, remainder
    }

    package enum Relation: String, Sendable {
        case less = "<"
        case atMost = "<="
        case equal = "=="
        case unequal = "!="
        case more = ">"
        case atLeast = ">="
    }

    indirect enum Condition: Equatable, Sendable {
        case constant(Bool)
        /// The place in the text, in bytes, is for explanations.
        case compare(Relation, Number, Number, Range<Int>)
        case and(Condition, Condition)
        case or(Condition, Condition)
        case not(Condition)
    }
}

extension MaskExpression.Number {
    func value(_ assignment: MaskExpression.Assignment) -> Int? {
        switch self {
        case .constant(let number): return number
        case .name(let name):
            switch name {
            case .query: return assignment.query
            case .key: return assignment.key
            case .tokens: return assignment.tokens
            case .layer: return assignment.layer
            case .head: return assignment.head
            case .item: return assignment.item
            }
        case .binary(let operation, let a, let b):
            guard let a = a.value(assignment), let b = b.value(assignment) else { return nil }
            return operation.apply(a, b)
        case .choice(let condition, let a, let b):
            return condition.holds(assignment) ? a.value(assignment) : b.value(assignment)
        }
    }
}

extension MaskExpression.Operator {
    /// Nil where a divisor is 0 or the result is beyond 64 bits.
    func apply(_ a: Int, _ b: Int) -> Int? {
        let (result, overflow): (Int, Bool)
        switch self {
        case .add: (result, overflow) = a.addingReportingOverflow(b)
        case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide:
            let (quotient, isBad) = a.dividedReportingOverflow(by: b)
            guard !isBad else { return nil }
            return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient
        case .remainder:
            let (rest, isBad) = a.remainderReportingOverflow(dividingBy: b)
            guard !isBad else { return nil }
            return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
        }
        return overflow ? nil : result
    }
}

extension MaskExpression.Relation {
    func holds(_ a: Int, _ b: Int) -> Bool {
        switch self {
        case .less: a < b
        case .atMost: a <= b
        case .equal: a == b
        case .unequal: a != b
        case .more: a > b
        case .atLeast: a >= b
        }
    }
}

extension MaskExpression.Condition {
    func holds(_ assignment: MaskExpression.Assignment) -> Bool {
        switch self {
        case .constant(let value): return value
        case .compare(let relation, let a, let b, _):
            guard let a = a.value(assignment), let b = b.value(assignment) else { return false }
            return relation.holds(a, b)
        case .and(let a, let b): return a.holds(assignment) && b.holds(assignment)
        case .or(let a, let b): return a.holds(assignment) || b.holds(assignment)
        case .not(let a): return !a.holds(assignment)
        }
    }

    /// The comparisons that make it true or false, by their places in the text.
    func deciding(_ assignment: MaskExpression.Assignment) -> [Range<Int>] {
        switch self {
        case .constant: return []
        case .compare(_, _, _, let place): return [place]
        case .not(let a): return a.deciding(assignment)
        case .and(let a, let b):
            if !a.holds(assignment) { return a.deciding(assignment) }
            return b.holds(assignment)
                ? a.deciding(assignment) + b.deciding(assignment) : b.deciding(assignment)
        case .or(let a, let b):
            if a.holds(assignment) { return a.deciding(assignment) }
            return b.holds(assignment)
                ? b.deciding(assignment) : a.deciding(assignment) + b.deciding(assignment)
        }
    }
}

extension MaskExpression.Condition {
    fileprivate var names: Set<MaskExpression.Name> {
        switch self {
        case .constant: []
        case .compare(_, let a, let b, _): a.names.union(b.names)
        case .and(let a, let b), .or(let a, let b): a.names.union(b.names)
        case .not(let a): a.names
        }
    }
}

extension MaskExpression.Number {
    fileprivate var names: Set<MaskExpression.Name> {
        switch self {
        case .constant: []
        case .name(let name): [name]
        case .binary(_, let a, let b): a.names.union(b.names)
        case .choice(let test, let a, let b): test.names.union(a.names).union(b.names)
        }
    }
}
