import Foundation
import RopewalkPhrases

extension TemplateRun {
    /// Arguments of a call, by place or by name.
    struct Arguments {
        let values: [TemplateValue]
        let named: [String: TemplateValue]

        func value(_ place: Int, _ name: String) -> TemplateValue? {
            named[name] ?? (values.indices.contains(place) ? values[place] : nil)
        }
    }

    func arguments(_ call: TemplateExpression.Call) throws(TemplateProblem) -> Arguments {
        var named: [String: TemplateValue] = [:]
        for (name, expression) in call.named { named[name] = try value(expression) }
        return Arguments(values: try values(call.arguments), named: named)
    }

    func unknown(_ kind: String, _ call: TemplateExpression.Call) -> TemplateProblem {
        TemplateProblem(call.line, say("the \(kind.said) '\(String(call.name.prefix(40)))' is not known"))
    }

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
    func replaced(
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

    static func members(_ value: TemplateValue) -> [TemplateValue] {
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

    static func capitalized(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst().lowercased()
    }

    static func titled(_ text: String) -> String {
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
}
