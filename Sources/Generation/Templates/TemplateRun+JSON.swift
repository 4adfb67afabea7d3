import Foundation
import RopewalkPhrases

/// Values as JSON, as Jinja's tojson writes them.
extension TemplateRun {
    func json(
        _ value: TemplateValue, indent: Int?, depth: Int, line: Int
    ) throws(TemplateProblem) -> String {
        if depth > 60 { throw TemplateProblem(line, say("a value lies too deep within others")) }
        try charge(bytes: 16 + max(0, min(indent ?? 0, 40)) * (depth + 1), line)
        let end = indent.map { "\n" + String(repeating: " ", count: max(0, min($0, 40)) * depth) }
        let start = indent.map { "\n" + String(repeating: " ", count: max(0, min($0, 40)) * (depth + 1)) }
        func joined(_ parts: [String], _ open: String, _ close: String) -> String {
            if parts.isEmpty { return open + close }
            return open + (start ?? "") + parts.joined(separator: start.map { "," + $0 } ?? ", ") + (end ?? "") + close
        }
        switch value {
        case .undefined, .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .integer, .number: return value.text
        case .string(let text): return Self.quoted(text)
        case .list(let values):
            var parts: [String] = []
            for part in values { parts.append(try json(part, indent: indent, depth: depth + 1, line: line)) }
            return joined(parts, "[", "]")
        case .map(let members):
            var parts: [String] = []
            for (key, part) in members {
                parts.append(Self.quoted(key) + ": " + (try json(part, indent: indent, depth: depth + 1, line: line)))
            }
            return joined(parts, "{", "}")
        case .namespace, .macro: throw TemplateProblem(line, say("\(value.kind) cannot be written as JSON"))
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            case "\u{0}"..."\u{1F}": result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
