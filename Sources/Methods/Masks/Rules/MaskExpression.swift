import RopewalkPhrases

/// A mask as a rule over `q, k, n, layer, head, item`, such as `k <= q && (q - k < 256 || k < 4)`.
///
/// Numbers are whole; `/` rounds down and `%` is never negative for a positive divisor. Arrays in files are looked up by
/// places from 0: `doc[q] == doc[k] where doc=file:ids.npy`. A division by zero, a number beyond 64 bits and a place that
/// an array does not have are faults; what they are compared with is false until someone asks for them.
package struct MaskExpression: Equatable, Sendable {
    /// As it was written, without blanks around it.
    package let text: String
    let condition: Condition

    /// The longest rule, bytes.
    package static let lengthLimit = 1024
    /// How deep parentheses and operators may nest.
    package static let depthLimit = 64

    /// The arrays that it looks things up in.
    package let arrays: [RuleArray]

    /// - Parameter loader: reads the arrays of files; without it they are refused.
    package init(_ text: String, loader: MaskLoader? = nil) throws(MethodError) {
        let parts = try RuleText(text)
        var parser = try ExpressionParser(parts, loader: loader)
        condition = try parser.parse()
        arrays = parser.used
        self.text = parser.text + parts.clause
    }

    /// Whether an array can have this name.
    package static func isName(_ text: String) -> Bool { RuleText.isName(text) }

    /// Whether the rule allows a pair.
    package func allows(query: Int, key: Int, tokens: Int, layer: Int = 0, head: Int = 0, item: Int = 0) -> Bool {
        condition.holds(Assignment(query: query, key: key, tokens: tokens, layer: layer, head: head, item: item))
    }

    /// What it hangs on.
    var names: Set<Name> { condition.names }

    /// The comparisons that decide about a pair, as they were written.
    func deciding(_ assignment: Assignment) -> [String] {
        let bytes = Array(text.utf8)
        return condition.deciding(assignment).map { part in
            let text = String(decoding: bytes[part.place], as: UTF8.self)
            // What was looked up cannot be seen in the rule.
            guard part.a.hasElement || part.b.hasElement, part.place.count > 0, !part.isBoolean else { return text }
            let sides = [part.a, part.b].map { $0.value(assignment).map { String($0) } ?? say("no number") }
            return say("\(text) (\(sides[0]) and \(sides[1]))")
        }
    }

    struct Assignment {
        var query: Int
        var key: Int
        let tokens: Int
        let layer: Int
        let head: Int
        var item = 0
    }

    indirect enum Number: Hashable, Sendable {
        case constant(Int)
        case name(Name)
        /// A number of an array, by a place on each of its axes.
        case element(RuleArray, [Number])
        case binary(Operator, Number, Number)
        case choice(Condition, Number, Number)
    }

    enum Name: String, CaseIterable, Sendable {
        case query = "q"
        case key = "k"
        case tokens = "n"
        case layer, head, item
    }

    enum Operator: Hashable, Sendable {
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

    indirect enum Condition: Hashable, Sendable {
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
        case .element(let array, let places):
            return array.value(at: places, assignment)
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

    /// A comparison with its place in the text.
    struct Part {
        let place: Range<Int>
        let a: MaskExpression.Number
        let b: MaskExpression.Number

        /// Whether it is an array's own true or false.
        var isBoolean: Bool {
            if case .element(let array, _) = a, array.isBoolean { return true }
            return false
        }
    }

    /// The comparisons that make it true or false.
    func deciding(_ assignment: MaskExpression.Assignment) -> [Part] {
        switch self {
        case .constant: return []
        case .compare(_, let a, let b, let place): return [Part(place: place, a: a, b: b)]
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
    /// What is looked up in arrays, and where.
    var elements: [(RuleArray, [MaskExpression.Number])] {
        switch self {
        case .constant: []
        case .compare(_, let a, let b, _): a.elements + b.elements
        case .and(let a, let b), .or(let a, let b): a.elements + b.elements
        case .not(let a): a.elements
        }
    }

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
        case .element(_, let places): places.reduce([]) { $0.union($1.names) }
        case .binary(_, let a, let b): a.names.union(b.names)
        case .choice(let test, let a, let b): test.names.union(a.names).union(b.names)
        }
    }

    fileprivate var elements: [(RuleArray, [MaskExpression.Number])] {
        switch self {
        case .constant, .name: []
        case .element(let array, let places): places.flatMap(\.elements) + [(array, places)]
        case .binary(_, let a, let b): a.elements + b.elements
        case .choice(let test, let a, let b): test.elements + a.elements + b.elements
        }
    }

    /// Whether something is looked up in an array.
    var hasElement: Bool {
        switch self {
        case .constant, .name: false
        case .element: true
        case .binary(_, let a, let b): a.hasElement || b.hasElement
        case .choice(let test, let a, let b): !test.elements.isEmpty || a.hasElement || b.hasElement
        }
    }
}
