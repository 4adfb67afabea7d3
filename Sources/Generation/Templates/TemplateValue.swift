import Foundation
import RopewalkPhrases

/// A value of a template, as Python's are.
enum TemplateValue: Sendable {
    /// A name that nothing was given for.
    case undefined
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([TemplateValue])
    /// In the order in which they were given.
    case map([(key: String, value: TemplateValue)])
    /// What `namespace()` makes: its members are changed where they are.
    case namespace(TemplateNamespace)
    case macro(TemplateMacro)

    /// Whether it counts as true.
    var isTrue: Bool {
        switch self {
        case .undefined, .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let value): !value.isEmpty
        case .list(let values): !values.isEmpty
        case .map(let members): !members.isEmpty
        case .namespace, .macro: true
        }
    }

    /// What is written where it is put out.
    var text: String {
        switch self {
        case .undefined: ""
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .integer(let value): String(value)
        case .number(let value): Self.text(value)
        case .string(let value): value
        case .list(let values): "[" + values.map(\.quoted).joined(separator: ", ") + "]"
        case .map(let members):
            "{" + members.map { "\(TemplateValue.string($0.key).quoted): \($0.value.quoted)" }.joined(separator: ", ")
                + "}"
        case .namespace: "<Namespace>"
        case .macro(let macro): "<Macro \(macro.name)>"
        }
    }

    /// The same inside of a list.
    var quoted: String {
        guard case .string(let value) = self else { return text }
        let mark = value.contains("'") && !value.contains("\"") ? "\"" : "'"
        let escaped = value.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\n", with: "\\n")
            .replacingOccurrences(of: "\t", with: "\\t").replacingOccurrences(of: "\r", with: "\\r")
        return mark + (mark == "'" ? escaped.replacingOccurrences(of: "'", with: "\\'") : escaped) + mark
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e16 ? String(format: "%.1f", value) : "\(value)"
    }

    /// What it is, for people.
    var kind: String {
        switch self {
        case .undefined: say("nothing")
        case .null: "none"
        case .bool: say("true or false")
        case .integer, .number: say("a number")
        case .string: say("a text")
        case .list: say("a list")
        case .map: say("a mapping")
        case .namespace: "namespace"
        case .macro: "macro"
        }
    }

    /// A number of whatever kind.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// A whole number.
    var integer: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// Whether two are equal, byte by byte where they are texts.
    static func equal(_ a: TemplateValue, _ b: TemplateValue) -> Bool {
        switch (a, b) {
        case (.undefined, .undefined), (.null, .null): return true
        case (.string(let x), .string(let y)): return x.utf8.elementsEqual(y.utf8)
        case (.list(let x), .list(let y)): return x.count == y.count && zip(x, y).allSatisfy { equal($0, $1) }
        case (.map(let x), .map(let y)):
            return x.count == y.count
                && x.allSatisfy { member in y.contains { $0.key == member.key && equal($0.value, member.value) } }
        case (.namespace(let x), .namespace(let y)): return x === y
        default:
            guard let x = a.number, let y = b.number else { return false }
            return x == y
        }
    }

    /// A member of a mapping; nil where there is none.
    subscript(key: String) -> TemplateValue? {
        switch self {
        case .map(let members): members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
        case .namespace(let namespace): namespace.members.last { $0.key == key }?.value
        default: nil
        }
    }
}

/// Members that a template changes.
final class TemplateNamespace: @unchecked Sendable {
    // Made and changed by one run of a template.
    var members: [(key: String, value: TemplateValue)]

    init(_ members: [(key: String, value: TemplateValue)]) { self.members = members }

    func set(_ key: String, _ value: TemplateValue) {
        members.removeAll { $0.key == key }
        members.append((key, value))
    }
}

/// A part of a template that is called by its name.
struct TemplateMacro: Sendable {
    let name: String
    let parameters: [(name: String, value: TemplateExpression?)]
    let body: [TemplateNode]
}

/// What is wrong with a template, and in which of its lines.
struct TemplateProblem: Error {
    let line: Int
    let text: String

    init(_ line: Int, _ text: String) {
        self.line = line
        self.text = text
    }
}
