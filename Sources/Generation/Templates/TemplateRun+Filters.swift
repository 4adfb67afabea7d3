import Foundation
import RopewalkPhrases

extension TemplateRun {
    /// Arguments of a call, by place or by name.
    private struct Arguments {
        let values: [TemplateValue]
        let named: [String: TemplateValue]

        func value(_ place: Int, _ name: String) -> TemplateValue? {
            named[name] ?? (values.indices.contains(place) ? values[place] : nil)
        }
    }

    private func arguments(_ call: TemplateExpression.Call) throws(TemplateProblem) -> Arguments {
        var named: [String: TemplateValue] = [:]
        for (name, expression) in call.named { named[name] = try value(expression) }
        return Arguments(values: try values(call.arguments), named: named)
    }

    private func unknown(_ kind: String, _ call: TemplateExpression.Call) -> TemplateProblem {
        TemplateProblem(call.line, say("the \(kind.said) '\(String(call.name.prefix(40)))' is not known"))
    }

    // MARK: Filters

    /// value | filter
    func apply(_ call: TemplateExpression.Call, to value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
        try step(call.line)
        let given = try arguments(call)
        // These look at no more than how many there are.
        if !["safe", "length", "count", "default", "d", "first", "last", "list"].contains(call.name) {
            try charge(value, times: ["sort", "dictsort", "min", "max"].contains(call.name) ? 20 : 1, call.line)
            for argument in given.values { try charge(argument, call.line) }
        }
        let result = try filtered(call, given, value)
        switch call.name {
        case "safe", "default", "d", "first", "last": break
        default: try charge(result, call.line)
        }
        return result
    }

    private func filtered(
        _ call: TemplateExpression.Call, _ given: Arguments, _ value: TemplateValue
    ) throws(TemplateProblem) -> TemplateValue {
        let first = given.values.first
        switch call.name {
        case "trim": return .string(TemplateText.stripped(value.text, of: first?.text))
        case "upper": return .string(value.text.uppercased())
        case "lower": return .string(value.text.lowercased())
        case "capitalize": return .string(Self.capitalized(value.text))
        case "title": return .string(Self.titled(value.text))
        case "string": return .string(value.text)
        case "safe": return value
        case "length", "count": return .integer(try count(value, call.line))
        case "default", "d":
            let isMissing: Bool
            if case .undefined = value {
                isMissing = true
            } else {
                isMissing = given.value(1, "boolean")?.isTrue == true && !value.isTrue
            }
            return isMissing ? given.value(0, "default_value") ?? .string("") : value
        case "replace":
            guard given.values.count >= 2 else { throw TemplateProblem(call.line, say("replace takes two texts")) }
            return .string(
                try replaced(
                    value.text, given.values[0].text, given.values[1].text, most: given.value(2, "count")?.integer,
                    call.line))
        case "format":
            guard given.named.isEmpty else {
                throw TemplateProblem(call.line, say("places with names ('%(name)s') are not known"))
            }
            return .string(try filled(value.text, with: given.values, call.line))
        case "int": return .integer(Self.integer(value) ?? first?.integer ?? 0)
        case "float": return .number(value.number ?? Double(value.text) ?? first?.number ?? 0)
        case "abs":
            if let number = value.integer, number != .min { return .integer(abs(number)) }
            return .number(abs(value.number ?? 0))
        case "round": return .number(Self.rounded(value.number ?? 0, places: first?.integer ?? 0))
        case "tojson":
            let indent = given.value(1, "indent")?.integer
            return .string(try limited(json(value, indent: indent, depth: 0, line: call.line), call.line))
        case "indent":
            return .string(try indented(value.text, given, call.line))
        case "items": return .list(Self.members(value))
        default: return try applyToList(call, given, value)
        }
    }

    private func applyToList(
        _ call: TemplateExpression.Call, _ given: Arguments, _ value: TemplateValue
    ) throws(TemplateProblem) -> TemplateValue {
        let known = [
            "list", "first", "last", "join", "map", "select", "reject", "selectattr", "rejectattr", "reverse", "unique",
            "sort", "dictsort", "sum", "min", "max",
        ]
        guard known.contains(call.name) else { throw unknown("filter", call) }
        let items = try items(value, call.line)
        switch call.name {
        case "first": return items.first ?? .undefined
        case "last": return items.last ?? .undefined
        case "join":
            let attribute = given.value(1, "attribute")?.text
            let parts = items.map { item in (attribute.map { item[$0] ?? .undefined } ?? item).text }
            let separator = given.value(0, "d")?.text ?? ""
            try charge(bytes: parts.count * separator.utf8.count, call.line)
            return .string(try limited(parts.joined(separator: separator), call.line))
        case "map": return .list(try mapped(items, given, call))
        case "select", "reject", "selectattr", "rejectattr": return .list(try chosen(items, given, call))
        case "reverse":
            if case .string(let text) = value {
                return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
            }
            return .list(items.reversed())
        case "unique":
            return .list(try unique(items, by: comparison(given, attribute: 1, exact: 0), call.line))
        case "dictsort":
            let place = given.value(1, "by")?.text == "value" ? "1" : "0"
            let comparison = Comparison(members: place, isExact: given.value(0, "case_sensitive")?.isTrue ?? false)
            let isReversed = given.value(2, "reverse")?.isTrue ?? false
            return .list(try sorted(Self.members(value), by: comparison, isReversed: isReversed, call.line))
        case "sort":
            let isReversed = given.value(0, "reverse")?.isTrue ?? false
            return .list(
                try sorted(items, by: comparison(given, attribute: 2, exact: 1), isReversed: isReversed, call.line))
        case "min", "max":
            return try extreme(
                items, by: comparison(given, attribute: 1, exact: 0), isLeast: call.name == "min", call.line)
                ?? .undefined
        case "sum":
            let attribute = given.value(0, "attribute")?.text
            var total = given.value(1, "start") ?? .integer(0)
            for item in items {
                try charge(total, call.line)
                total = try sum(total, attribute.map { item.member(path: $0) } ?? item, call.line)
            }
            return total
        default: return .list(items)
        }
    }

    private func mapped(
        _ items: [TemplateValue], _ given: Arguments, _ call: TemplateExpression.Call
    ) throws(TemplateProblem) -> [TemplateValue] {
        if let attribute = given.named["attribute"]?.text {
            return items.map { item in
                let found = item[attribute]
                return found ?? given.named["default"] ?? .undefined
            }
        }
        guard let name = given.values.first?.text else {
            throw TemplateProblem(call.line, say("map takes an attribute or a filter"))
        }
        let filter = TemplateExpression.Call(
            name: name, arguments: given.values.dropFirst().map { .value($0) }, named: [], line: call.line)
        var result: [TemplateValue] = []
        for item in items { result.append(try apply(filter, to: item)) }
        return result
    }

    private func chosen(
        _ items: [TemplateValue], _ given: Arguments, _ call: TemplateExpression.Call
    ) throws(TemplateProblem) -> [TemplateValue] {
        let byAttribute = call.name.hasSuffix("attr")
        let isKept = call.name.hasPrefix("select")
        var values = given.values[...]
        let attribute = byAttribute ? values.popFirst()?.text : nil
        let test = values.popFirst()?.text
        let rest: [TemplateExpression] = values.map { .value($0) }
        var result: [TemplateValue] = []
        for item in items {
            let asked = attribute.map { item[$0] ?? .undefined } ?? item
            var holds = asked.isTrue
            if let test { holds = try self.test(.init(name: test, arguments: rest, named: [], line: call.line), asked) }
            if holds == isKept { result.append(item) }
        }
        return result
    }

    private func count(_ value: TemplateValue, _ line: Int) throws(TemplateProblem) -> Int {
        switch value {
        case .string(let text): return text.unicodeScalars.count
        case .map(let members): return members.count
        default: return try items(value, line).count
        }
    }

    /// - Parameter most: how many are replaced, from the left; nil or less than 0 for all
    private func replaced(
        _ text: String, _ part: String, _ other: String, most: Int?, _ line: Int
    ) throws(TemplateProblem) -> String {
        let most = most.map { $0 < 0 ? Int.max : $0 } ?? .max
        if part.isEmpty {
            // Before so many parts are made.
            let count = min(most, text.unicodeScalars.count + 1)
            guard text.utf8.count + count * other.utf8.count <= Self.longestText else {
                throw TemplateProblem(line, say("its text becomes too long"))
            }
            try charge(bytes: 16 * text.utf8.count, line)
        }
        // An empty text stands before every character and behind the last one.
        let parts =
            part.isEmpty
            ? TemplateText.characters(text, most: most) : TemplateText.split(text, by: part, most: most)
        guard text.utf8.count + parts.count * other.utf8.count <= Self.longestText else {
            throw TemplateProblem(line, say("its text becomes too long"))
        }
        return parts.joined(separator: other)
    }

    /// By which of its arguments a filter compares.
    private func comparison(_ given: Arguments, attribute: Int, exact: Int) -> Comparison {
        Comparison(
            members: given.value(attribute, "attribute")?.text,
            isExact: given.value(exact, "case_sensitive")?.isTrue ?? false)
    }

    private static func members(_ value: TemplateValue) -> [TemplateValue] {
        guard case .map(let members) = value else { return [] }
        return members.map { .list([.string($0.key), $0.value]) }
    }

    private static func integer(_ value: TemplateValue) -> Int? {
        if let integer = value.integer { return integer }
        if let number = value.number { return Int(exactly: number.rounded(.towardZero)) }
        return Int(TemplateText.stripped(value.text, of: nil))
    }

    private static func rounded(_ value: Double, places: Int) -> Double {
        let factor = pow(10, Double(max(0, min(places, 15))))
        return (value * factor).rounded(.toNearestOrEven) / factor
    }

    private static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst().lowercased()
    }

    private static func titled(_ text: String) -> String {
        var result = ""
        var isStart = true
        for character in text {
            result += isStart ? character.uppercased() : character.lowercased()
            isStart = !character.isLetter && !character.isNumber && character != "'"
        }
        return result
    }

    /// Blanks, or a text of its own, before every line but the first and empty ones.
    private func indented(_ text: String, _ given: Arguments, _ line: Int) throws(TemplateProblem) -> String {
        let lines = TemplateText.lines(text + "\n")
        var lead = ""
        if case .string(let own) = given.value(0, "width") {
            lead = own
        } else {
            let width = max(0, given.value(0, "width")?.integer ?? 4)
            guard width <= Self.longestText else { throw TemplateProblem(line, say("its text becomes too long")) }
            lead = String(repeating: " ", count: width)
        }
        try charge(bytes: (16 + lead.utf8.count) * lines.count, line)
        let (isFirst, isBlank) = (given.value(1, "first")?.isTrue ?? false, given.value(2, "blank")?.isTrue ?? false)
        let indented = lines.enumerated().map { index, line in
            (index == 0 ? isFirst : isBlank || !line.isEmpty) ? lead + line : line
        }
        return try limited(indented.joined(separator: "\n"), line)
    }

    // MARK: Tests

    /// value is test
    func test(_ call: TemplateExpression.Call, _ value: TemplateValue) throws(TemplateProblem) -> Bool {
        try step(call.line)
        let given = try values(call.arguments)
        func other() throws(TemplateProblem) -> TemplateValue {
            guard let other = given.first else { throw TemplateProblem(call.line, say("'\(call.name)' takes a value")) }
            return other
        }
        switch call.name {
        case "defined": if case .undefined = value { return false } else { return true }
        case "undefined": if case .undefined = value { return true } else { return false }
        case "none": if case .null = value { return true } else { return false }
        case "string": if case .string = value { return true } else { return false }
        case "mapping": if case .map = value { return true } else { return false }
        case "boolean": if case .bool = value { return true } else { return false }
        case "integer": if case .integer = value { return true } else { return false }
        case "float": if case .number = value { return true } else { return false }
        case "number": return value.number != nil
        case "true": if case .bool(true) = value { return true } else { return false }
        case "false": if case .bool(false) = value { return true } else { return false }
        case "iterable", "sequence":
            switch value {
            case .list, .string, .map: return true
            case .undefined: return true
            default: return false
            }
        case "callable": if case .macro = value { return true } else { return false }
        case "even": return (value.integer ?? 1) % 2 == 0
        case "odd": return abs((value.integer ?? 0) % 2) == 1
        case "divisibleby":
            guard let by = try other().integer, by != 0, by != -1 else {
                throw TemplateProblem(call.line, say("it divides by 0"))
            }
            return (value.integer ?? 1) % by == 0
        case "eq", "equalto", "sameas":
            try charge(value, call.line)
            return TemplateValue.equal(value, try other())
        case "ne":
            try charge(value, call.line)
            return !TemplateValue.equal(value, try other())
        case "in":
            try charge(try other(), call.line)
            return try contains(try other(), value, call.line)
        case "lower":
            try charge(value, call.line)
            return value.text == value.text.lowercased()
        case "upper":
            try charge(value, call.line)
            return value.text == value.text.uppercased()
        default: throw unknown("test", call)
        }
    }

    // MARK: Methods

    /// value.method()
    func method(_ call: TemplateExpression.Call, of value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
        try step(call.line)
        let given = try arguments(call).values
        if call.name != "get" { try charge(value, call.line) }
        for argument in given { try charge(argument, call.line) }
        switch value {
        case .string(let text):
            let result = try method(call, of: text, given)
            try charge(result, call.line)
            return result
        case .map(let members):
            switch call.name {
            case "items": return .list(Self.members(value))
            case "keys": return .list(members.map { .string($0.key) })
            case "values": return .list(members.map(\.value))
            case "get": return value[given.first?.text ?? ""] ?? (given.count > 1 ? given[1] : .null)
            default: throw unknown("method", call)
            }
        case .list(let values):
            switch call.name {
            case "index":
                guard let place = values.firstIndex(where: { TemplateValue.equal($0, given.first ?? .undefined) })
                else {
                    throw TemplateProblem(call.line, say("the list has no such value"))
                }
                return .integer(place)
            case "count": return .integer(values.count { TemplateValue.equal($0, given.first ?? .undefined) })
            default: throw unknown("method", call)
            }
        case .undefined: throw TemplateProblem(call.line, say("'\(call.name)' is asked of nothing"))
        default: throw unknown("method", call)
        }
    }

    private func method(
        _ call: TemplateExpression.Call, of text: String, _ given: [TemplateValue]
    ) throws(TemplateProblem) -> TemplateValue {
        func isAny(_ holds: (String) -> Bool) -> TemplateValue {
            // Several may be given as a tuple.
            if case .list(let several) = given.first { return .bool(several.contains { holds($0.text) }) }
            return .bool(holds(given.first?.text ?? ""))
        }
        switch call.name {
        case "strip": return .string(TemplateText.stripped(text, of: given.first?.text))
        case "lstrip": return .string(TemplateText.stripped(text, of: given.first?.text, right: false))
        case "rstrip": return .string(TemplateText.stripped(text, of: given.first?.text, left: false))
        case "startswith": return isAny { text.utf8.starts(with: $0.utf8) }
        case "endswith": return isAny { text.utf8.reversed().starts(with: $0.utf8.reversed()) }
        case "upper": return .string(text.uppercased())
        case "lower": return .string(text.lowercased())
        case "title": return .string(Self.titled(text))
        case "capitalize": return .string(Self.capitalized(text))
        case "isdigit": return .bool(!text.isEmpty && text.unicodeScalars.allSatisfy { ("0"..."9").contains($0) })
        case "split":
            guard let separator = given.first, case .string(let by) = separator, !by.isEmpty else {
                return .list(text.split(whereSeparator: \.isWhitespace).map { .string(String($0)) })
            }
            let most = given.count > 1 ? given[1].integer ?? -1 : -1
            return .list(TemplateText.split(text, by: by, most: most < 0 ? .max : most).map { .string($0) })
        case "splitlines":
            return .list(TemplateText.lines(text).map { .string($0) })
        case "replace":
            guard given.count >= 2 else { throw TemplateProblem(call.line, say("replace takes two texts")) }
            let most = given.count > 2 ? given[2].integer : nil
            return .string(try replaced(text, given[0].text, given[1].text, most: most, call.line))
        case "join":
            let parts = try items(given.first ?? .undefined, call.line).map(\.text)
            try charge(bytes: parts.count * text.utf8.count, call.line)
            return .string(try limited(parts.joined(separator: text), call.line))
        case "find":
            let place = TemplateText.place(of: given.first?.text ?? "", in: text)
            return .integer(
                place.map { String(decoding: Array(text.utf8)[..<$0], as: UTF8.self).unicodeScalars.count } ?? -1)
        case "count": return .integer(TemplateText.split(text, by: given.first?.text ?? "\u{0}").count - 1)
        default: throw unknown("method", call)
        }
    }
}
