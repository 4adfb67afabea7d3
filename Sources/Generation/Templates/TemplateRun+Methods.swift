import RopewalkPhrases

extension TemplateRun {
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
