import RopewalkPhrases

/// Reads a mask rule by recursive descent, one function a level of precedence.
struct ExpressionParser {
    private typealias Number = MaskExpression.Number
    private typealias Condition = MaskExpression.Condition

    /// A part of a rule: a number, or true or false.
    private enum Value {
        case number(Number)
        case condition(Condition)
    }

    private typealias Token = RuleWords.Token

    let text: String
    private let loader: MaskLoader?
    /// The arrays in files that the rule says where to find.
    private let entries: [RuleText.Entry]
    /// The arrays that the rule names, in the order in which it does.
    private var arrays: [(name: String, array: RuleArray)] = []
    var used: [RuleArray] { arrays.map(\.array) }
    private let tokens: [(token: Token, place: Range<Int>)]
    private var index = 0
    private var depth = 0
    private var choices = 0

    init(_ parts: RuleText, loader: MaskLoader?) throws(MethodError) {
        self.loader = loader
        entries = parts.entries
        let bytes = parts.rule
        guard bytes.count <= MaskExpression.lengthLimit else {
            throw .expression(
                column: MaskExpression.lengthLimit + 1,
                say("the rule is over \(MaskExpression.lengthLimit.grouped) characters long"))
        }
        let trimmed = Self.body(bytes)
        self.text = String(decoding: trimmed, as: UTF8.self)
        tokens = try RuleWords(trimmed).tokens
    }

    /// The rule without blanks around it, and without what a function in Python has before it.
    private static func body(_ bytes: [UInt8]) -> [UInt8] {
        var rest = trimmed(bytes[...])
        if rest.starts(with: Array("def ".utf8)) || rest.starts(with: Array("lambda".utf8)),
            let colon = rest.firstIndex(of: UInt8(ascii: ":"))
        {
            rest = trimmed(rest[(colon + 1)...])
        }
        if rest.starts(with: Array("return ".utf8)) { rest = trimmed(rest.dropFirst(7)) }
        return Array(rest)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        let end = start.lastIndex { $0 != 0x20 && $0 != 0x09 }
        return end.map { start[...$0] } ?? []
    }

    mutating func parse() throws(MethodError) -> MaskExpression.Condition {
        guard tokens.count > 1 else { throw .expression(column: 1, say("the rule is empty: write one such as k <= q")) }
        let place = tokens[0].place.lowerBound
        let rule = try condition(choice(), at: place)
        guard peek == .end else { throw unexpected(say("an operator")) }
        for entry in entries where !arrays.contains(where: { $0.name == entry.name }) {
            throw .expression(column: entry.place + 1, say("the rule looks nothing up in \(entry.name)"))
        }
        return rule
    }

    // MARK: Levels, the loosest first

    /// `a ? b : c`
    private mutating func choice() throws(MethodError) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= MaskExpression.depthLimit else {
            throw .expression(column: column, say("the rule is nested over \(MaskExpression.depthLimit) deep"))
        }
        let place = start
        let first = try either()
        guard take("?") else { return first }
        let test = try condition(first, at: place)
        try countChoice()
        let middle = start
        let yes = try choice()
        guard take(":") else { throw unexpected("':'") }
        let last = start
        switch (yes, try choice()) {
        case (.number(let a), .number(let b)): return .number(.choice(test, a, b))
        case (.condition(let a), .condition(let b)): return .condition(.or(.and(test, a), .and(.not(test), b)))
        case (.number, .condition):
            throw .expression(column: last + 1, say("a number is wanted, as on the other side of ':'"))
        case (.condition, .number):
            throw .expression(column: middle + 1, say("a number is wanted, as on the other side of ':'"))
        }
    }

    private mutating func either() throws(MethodError) -> Value {
        let place = start
        var value = try both()
        while peek == .mark("||") {
            index += 1
            let left = try condition(value, at: place)
            let next = start
            value = .condition(.or(left, try condition(both(), at: next)))
        }
        return value
    }

    private mutating func both() throws(MethodError) -> Value {
        let place = start
        var value = try relation()
        while peek == .mark("&&") {
            index += 1
            let left = try condition(value, at: place)
            let next = start
            value = .condition(.and(left, try condition(relation(), at: next)))
        }
        return value
    }

    private mutating func relation() throws(MethodError) -> Value {
        let place = start
        let value = try bits()
        guard case .mark(let mark) = peek, let relation = MaskExpression.Relation(rawValue: mark) else {
            return value
        }
        index += 1
        let left = try number(value, at: place)
        let next = start
        let right = try number(bits(), at: next)
        let end = tokens[index - 1].place.upperBound
        if case .mark(let mark) = peek, MaskExpression.Relation(rawValue: mark) != nil {
            throw .expression(column: column, say("comparisons do not chain: join them with &&"))
        }
        return .condition(.compare(relation, left, right, place..<end))
    }

    /// `a & b` and `a | b` of comparisons in parentheses, as in Python: they bind more tightly than comparisons.
    private mutating func bits() throws(MethodError) -> Value {
        let place = start
        var value = try bitProduct()
        while take("|") {
            let left = try condition(value, at: place)
            let next = start
            value = .condition(.or(left, try condition(bitProduct(), at: next)))
        }
        return value
    }

    private mutating func bitProduct() throws(MethodError) -> Value {
        let place = start
        var value = try sum()
        while take("&") {
            let left = try condition(value, at: place)
            let next = start
            value = .condition(.and(left, try condition(sum(), at: next)))
        }
        return value
    }

    private mutating func sum() throws(MethodError) -> Value {
        try series(["+": .add, "-": .subtract]) { parser throws(MethodError) in try parser.product() }
    }

    private mutating func product() throws(MethodError) -> Value {
        try series(["*": .multiply, "/": .divide, "%": .remainder]) { parser throws(MethodError) in try parser.unary() }
    }

    private mutating func series(
        _ operators: [String: MaskExpression.Operator],
        _ part: (inout ExpressionParser) throws(MethodError) -> Value
    ) throws(MethodError) -> Value {
        let place = start
        var value = try part(&self)
        var length = 0
        while case .mark(let mark) = peek, let operation = operators[mark] {
            index += 1
            length += 1
            guard length <= 256 else { throw .expression(column: column, say("more than 256 terms in a row")) }
            let left = try number(value, at: place)
            let next = start
            let right = try number(part(&self), at: next)
            if right == .constant(0), operation == .divide || operation == .remainder {
                throw .expression(column: next + 1, say("division by zero"))
            }
            value = .number(.binary(operation, left, right))
        }
        return value
    }

    private mutating func unary() throws(MethodError) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= MaskExpression.depthLimit else {
            throw .expression(column: column, say("the rule is nested over \(MaskExpression.depthLimit) deep"))
        }
        if take("-") {
            let place = start
            return .number(.binary(.subtract, .constant(0), try number(unary(), at: place)))
        }
        if take("!") {
            let place = start
            return .condition(.not(try condition(unary(), at: place)))
        }
        return try primary()
    }

    private mutating func primary() throws(MethodError) -> Value {
        switch peek {
        case .number(let number):
            index += 1
            return .number(.constant(number))
        case .mark("("):
            index += 1
            let value = try choice()
            guard take(")") else { throw unexpected("')'") }
            return value
        case .word(let word): return try named(word)
        default: throw unexpected(say("a number, a name or '('"))
        }
    }

    private mutating func named(_ word: String) throws(MethodError) -> Value {
        let place = column
        index += 1
        let aliases: [String: MaskExpression.Name] = [
            "q_idx": .query, "kv_idx": .key, "kv": .key, "h": .head, "b": .item, "batch": .item,
        ]
        if let name = MaskExpression.Name(rawValue: word) ?? aliases[word] { return .number(.name(name)) }
        if let array = try array(named: word, at: place) { return try element(of: array, word, at: place) }
        switch word {
        case "true", "True": return .condition(.constant(true))
        case "false", "False": return .condition(.constant(false))
        case "min", "max":
            let (a, b) = (try argument(first: true), try argument(first: false))
            try close()
            try countChoice()
            return .number(.choice(.compare(word == "min" ? .atMost : .atLeast, a, b, 0..<0), a, b))
        case "abs":
            let a = try argument(first: true)
            try close()
            try countChoice()
            let zero = Number.constant(0)
            return .number(.choice(.compare(.atLeast, a, zero, 0..<0), a, .binary(.subtract, zero, a)))
        default:
            throw .expression(
                column: place, say("unknown name: it takes q, k, n, layer, head, item, min, max, abs, true, false"))
        }
    }

    /// The array of a name, read when the rule first names it; nil where there is none.
    private mutating func array(named name: String, at column: Int) throws(MethodError) -> RuleArray? {
        if let known = arrays.first(where: { $0.name == name }) { return known.array }
        let entry = entries.first { $0.name == name }
        guard let path = entry?.path ?? loader?.given[name] else {
            guard peek == .mark("[") else { return nil }
            throw .expression(
                column: column, say("no array \(name) is given: write where \(name)=file:PATH behind the rule"))
        }
        let place = entry.map { $0.place + 1 } ?? column
        guard let loader else { throw .expression(column: place, say("arrays in files are not read here")) }
        let array: RuleArray
        do throws(MethodError) { array = try loader.array(path) } catch {
            throw .expression(column: place, "\(name): \(error.description)")
        }
        arrays.append((name, array))
        return array
    }

    /// `doc[k]`, `doc[item, k]` or, as PyTorch has it too, `doc[item][k]`.
    private mutating func element(of array: RuleArray, _ name: String, at column: Int) throws(MethodError) -> Value {
        let begin = tokens[index - 1].place.lowerBound
        var places: [Number] = []
        while take("[") {
            repeat {
                let place = start
                places.append(try number(choice(), at: place))
            } while take(",")
            guard take("]") else { throw unexpected("']'") }
        }
        guard places.count == array.shape.count else {
            throw .expression(
                column: column,
                say("\(name) holds \(array.sizeText) and has \(places.count) of \(array.shape.count) places here"))
        }
        let element = Number.element(array, places)
        guard array.isBoolean else { return .number(element) }
        return .condition(.compare(.unequal, element, .constant(0), begin..<tokens[index - 1].place.upperBound))
    }

    private mutating func argument(first: Bool) throws(MethodError) -> MaskExpression.Number {
        guard take(first ? "(" : ",") else { throw unexpected(first ? "'('" : "','") }
        let place = start
        return try number(choice(), at: place)
    }

    private mutating func close() throws(MethodError) {
        guard take(")") else { throw unexpected("')'") }
    }

    /// Their arguments are there twice, so they must not nest without bound.
    private mutating func countChoice() throws(MethodError) {
        choices += 1
        guard choices <= 12 else { throw .expression(column: column, say("more than 12 of min, max, abs and ? :")) }
    }

    // MARK: Small steps

    private var peek: Token { tokens[index].token }
    private var start: Int { tokens[index].place.lowerBound }
    private var column: Int { start + 1 }

    private mutating func take(_ mark: String) -> Bool {
        guard peek == .mark(mark) else { return false }
        index += 1
        return true
    }

    private func unexpected(_ wanted: String) -> MethodError {
        switch peek {
        case .end: .expression(column: column, say("the rule ends where \(wanted) is wanted"))
        case .number(let number): .expression(column: column, say("\(number) where \(wanted) is wanted"))
        case .word(let text), .mark(let text):
            .expression(column: column, say("'\(text.prefix(20))' where \(wanted) is wanted"))
        }
    }

    private func number(_ value: Value, at place: Int) throws(MethodError) -> MaskExpression.Number {
        guard case .number(let number) = value else {
            throw .expression(column: place + 1, say("a number is wanted here, not true or false"))
        }
        return number
    }

    private func condition(_ value: Value, at place: Int) throws(MethodError) -> MaskExpression.Condition {
        guard case .condition(let condition) = value else {
            throw .expression(
                column: place + 1, say("a comparison is wanted here, not a number: write one such as k <= q"))
        }
        return condition
    }
}
