import RopewalkPhrases

/// The words of a tag, read as expressions.
struct TemplateWords {
    typealias Token = TemplateLexer.Token

    /// How deep expressions may lie within each other.
    private static let deepest = 200

    private let words: [Token]
    private let line: Int
    private var place = 0
    private var depth = 0

    init(_ words: [Token], line: Int) {
        self.words = words
        self.line = line
    }

    private var next: Token? { words.indices.contains(place) ? words[place] : nil }

    private func problem(_ expected: String) -> TemplateProblem {
        guard let next else { return TemplateProblem(line, say("\(expected) is expected at the end of the tag")) }
        let shown =
            switch next {
            case .name(let name), .sign(let name): name
            case .string(let text): "\"\(text.prefix(20))\""
            case .integer(let value): String(value)
            case .number(let value): String(value)
            }
        return TemplateProblem(line, say("\(expected) is expected in place of '\(String(shown.prefix(40)))'"))
    }

    // MARK: Words

    mutating func name() throws(TemplateProblem) -> String {
        guard case .name(let name) = next else { throw problem(say("a name")) }
        place += 1
        return name
    }

    /// Names with commas between them, perhaps in brackets.
    mutating func names() throws(TemplateProblem) -> [String] {
        let isOpen = takeSign("(")
        var names = [try name()]
        while takeSign(",") { names.append(try name()) }
        if isOpen { try expectSign(")") }
        return names
    }

    mutating func take(_ name: String) -> Bool {
        guard next == .name(name) else { return false }
        place += 1
        return true
    }

    mutating func takeSign(_ sign: String) -> Bool {
        guard next == .sign(sign) else { return false }
        place += 1
        return true
    }

    mutating func expect(_ name: String) throws(TemplateProblem) { if !take(name) { throw problem(name) } }
    mutating func expectSign(_ sign: String) throws(TemplateProblem) {
        if !takeSign(sign) { throw problem("'\(sign)'") }
    }
    func end() throws(TemplateProblem) { if next != nil { throw problem(say("the end of the tag")) } }

    mutating func wholeExpression() throws(TemplateProblem) -> TemplateExpression {
        let expression = try expression()
        try end()
        return expression
    }

    /// One value, or several with commas between them.
    mutating func wholeTuple() throws(TemplateProblem) -> TemplateExpression {
        var values = [try expression()]
        while takeSign(",") { values.append(try expression()) }
        try end()
        return values.count == 1 ? values[0] : .tuple(values)
    }

    // MARK: Operators, the loosest first

    mutating func expression() throws(TemplateProblem) -> TemplateExpression {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw TemplateProblem(line, say("expressions lie too deep within each other")) }
        var value = try choiceless()
        while take("if") {
            let test = try choiceless()
            value = .choice(value, test: test, otherwise: take("else") ? try expression() : nil)
        }
        return value
    }

    /// Without what stands behind an `if`.
    mutating func choiceless() throws(TemplateProblem) -> TemplateExpression {
        var value = try conjunction()
        while take("or") { value = .binary(.or, value, try conjunction(), line: line) }
        return value
    }

    private mutating func conjunction() throws(TemplateProblem) -> TemplateExpression {
        var value = try negation()
        while take("and") { value = .binary(.and, value, try negation(), line: line) }
        return value
    }

    private mutating func negation() throws(TemplateProblem) -> TemplateExpression {
        var count = 0
        while take("not") { count += 1 }
        var value = try comparison()
        for _ in 0..<min(count, Self.deepest) { value = .not(value) }
        return value
    }

    private mutating func comparison() throws(TemplateProblem) -> TemplateExpression {
        let first = try sum()
        var value: TemplateExpression?
        var left = first
        while true {
            var found: TemplateExpression.Operator?
            if take("in") {
                found = .isIn
            } else if next == .name("not"), words.indices.contains(place + 1), words[place + 1] == .name("in") {
                place += 2
                found = .isNotIn
            } else if case .sign(let sign) = next, ["==", "!=", "<", "<=", ">", ">="].contains(sign) {
                place += 1
                found = TemplateExpression.Operator(rawValue: sign)
            }
            guard let found else { return value ?? first }
            let right = try sum()
            // As in Python, a < b < c is both.
            let pair = TemplateExpression.binary(found, left, right, line: line)
            value = value.map { .binary(.and, $0, pair, line: line) } ?? pair
            left = right
        }
    }

    private mutating func sum() throws(TemplateProblem) -> TemplateExpression {
        var value = try joined()
        while true {
            if takeSign("+") {
                value = .binary(.plus, value, try joined(), line: line)
            } else if takeSign("-") {
                value = .binary(.minus, value, try joined(), line: line)
            } else {
                return value
            }
        }
    }

    private mutating func joined() throws(TemplateProblem) -> TemplateExpression {
        var value = try product()
        while takeSign("~") { value = .binary(.joined, value, try product(), line: line) }
        return value
    }

    private mutating func product() throws(TemplateProblem) -> TemplateExpression {
        var value = try power()
        while case .sign(let sign) = next, ["*", "/", "//", "%"].contains(sign),
            let found = TemplateExpression.Operator(rawValue: sign)
        {
            place += 1
            value = .binary(found, value, try power(), line: line)
        }
        return value
    }

    private mutating func power() throws(TemplateProblem) -> TemplateExpression {
        var value = try unary(filters: true)
        while takeSign("**") { value = .binary(.power, value, try unary(filters: true), line: line) }
        return value
    }

    private mutating func unary(filters: Bool) throws(TemplateProblem) -> TemplateExpression {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { throw TemplateProblem(line, say("expressions lie too deep within each other")) }
        var value: TemplateExpression
        if takeSign("-") {
            value = .negative(try unary(filters: false), line: line)
        } else if takeSign("+") {
            value = try unary(filters: false)
        } else {
            value = try primary()
        }
        value = try postfix(value)
        return filters ? try filtered(value) : value
    }

    // MARK: Values

    private mutating func primary() throws(TemplateProblem) -> TemplateExpression {
        guard let token = next else { throw problem(say("a value")) }
        place += 1
        switch token {
        case .string(var text):
            // Texts beside each other are one.
            while case .string(let more) = next {
                text += more
                place += 1
            }
            return .value(.string(text))
        case .integer(let value): return .value(.integer(value))
        case .number(let value): return .value(.number(value))
        case .name("true"), .name("True"): return .value(.bool(true))
        case .name("false"), .name("False"): return .value(.bool(false))
        case .name("none"), .name("None"): return .value(.null)
        case .name(let name):
            guard next == .sign("(") else { return .name(name) }
            return .call(try call(name))
        case .sign("("):
            if takeSign(")") { return .tuple([]) }
            var values = [try expression()]
            var isTuple = false
            while takeSign(",") {
                isTuple = true
                if next == .sign(")") { break }
                values.append(try expression())
            }
            try expectSign(")")
            return isTuple ? .tuple(values) : values[0]
        case .sign("["):
            var values: [TemplateExpression] = []
            while !takeSign("]") {
                values.append(try expression())
                if !takeSign(",") {
                    try expectSign("]")
                    break
                }
            }
            return .list(values)
        case .sign("{"): return try map()
        case .sign:
            place -= 1
            throw problem(say("a value"))
        }
    }

    private mutating func map() throws(TemplateProblem) -> TemplateExpression {
        var members: [(key: TemplateExpression, value: TemplateExpression)] = []
        while !takeSign("}") {
            let key = try expression()
            try expectSign(":")
            members.append((key, try expression()))
            if !takeSign(",") {
                try expectSign("}")
                break
            }
        }
        return .map(members)
    }

    private mutating func postfix(_ value: TemplateExpression) throws(TemplateProblem) -> TemplateExpression {
        var value = value
        // Each of them is one more step of a run.
        for _ in 0..<Self.deepest {
            if takeSign(".") {
                if case .integer(let index) = next {
                    place += 1
                    value = .item(value, .value(.integer(index)), line: line)
                    continue
                }
                let name = try name()
                value = next == .sign("(") ? .method(value, try call(name)) : .member(value, name, line: line)
            } else if takeSign("[") {
                value = try item(of: value)
            } else {
                return value
            }
        }
        throw TemplateProblem(line, say("expressions lie too deep within each other"))
    }

    private mutating func item(of value: TemplateExpression) throws(TemplateProblem) -> TemplateExpression {
        var parts: [TemplateExpression?] = []
        var part: TemplateExpression?
        while true {
            if takeSign(":") {
                parts.append(part)
                part = nil
            } else if takeSign("]") {
                parts.append(part)
                break
            } else if part == nil {
                part = try expression()
            } else {
                throw problem("']'")
            }
        }
        if parts.count == 1, let index = parts[0] { return .item(value, index, line: line) }
        guard (2...3).contains(parts.count) else { throw TemplateProblem(line, say("an index is expected")) }
        return .slice(value, from: parts[0], to: parts[1], step: parts.count == 3 ? parts[2] : nil, line: line)
    }

    /// The arguments of a call whose name has been read.
    private mutating func call(_ name: String) throws(TemplateProblem) -> TemplateExpression.Call {
        var arguments: [TemplateExpression] = []
        var named: [(name: String, value: TemplateExpression)] = []
        try expectSign("(")
        while !takeSign(")") {
            if case .name(let parameter) = next, words.indices.contains(place + 1), words[place + 1] == .sign("=") {
                place += 2
                named.append((parameter, try expression()))
            } else {
                arguments.append(try expression())
            }
            if !takeSign(",") {
                try expectSign(")")
                break
            }
        }
        return .init(name: name, arguments: arguments, named: named, line: line)
    }

    /// A name with arguments or without.
    mutating func callWithoutNeed() throws(TemplateProblem) -> TemplateExpression.Call {
        let name = try name()
        if next == .sign("(") { return try call(name) }
        return .init(name: name, arguments: [], named: [], line: line)
    }

    private mutating func filtered(_ value: TemplateExpression) throws(TemplateProblem) -> TemplateExpression {
        var value = value
        for _ in 0..<Self.deepest {
            if takeSign("|") {
                value = .filter(value, try callWithoutNeed())
            } else if take("is") {
                let isNegated = take("not")
                value = .test(value, try test(), isNegated: isNegated)
            } else {
                return value
            }
        }
        throw TemplateProblem(line, say("expressions lie too deep within each other"))
    }

    /// A test, whose one argument may stand without brackets.
    private mutating func test() throws(TemplateProblem) -> TemplateExpression.Call {
        let name = try name()
        switch next {
        case .sign("("): return try call(name)
        case .name("else"), .name("or"), .name("and"), .name("is"), .name("if"), .name("not"), .name("in"): break
        case .name, .string, .integer, .number, .sign("["), .sign("{"):
            let argument = try postfix(try primary())
            return .init(name: name, arguments: [argument], named: [], line: line)
        case .sign, nil: break
        }
        return .init(name: name, arguments: [], named: [], line: line)
    }
}
