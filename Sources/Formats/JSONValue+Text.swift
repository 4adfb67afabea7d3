extension JSONValue {
    /// As JSON text on one line; numbers that are none, which JSON has no word for, as null.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? String(value) : "null"
        case .string(let value): Self.quoted(value)
        case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.key)): \($0.value.text)" }.joined(separator: ", ") + "}"
        }
    }

    /// The same of an object with a member, and of a list in it with an element, a line.
    package var lines: String {
        guard case .object(let members) = self else { return text + "\n" }
        let lines = members.map { member in
            guard case .array(let values) = member.value, values.contains(where: { $0.members != nil }) else {
                return "  \(Self.quoted(member.key)): \(member.value.text)"
            }
            let elements = values.map { "    " + $0.text }.joined(separator: ",\n")
            return "  \(Self.quoted(member.key)): [\n\(elements)\n  ]"
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
