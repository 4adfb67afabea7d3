import RopewalkPhrases

extension TemplateRun {
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
}
