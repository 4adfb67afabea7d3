import RopewalkPhrases

/// A JSON value as the file has it: the members of an object keep their order and are compared byte by byte,
/// because Swift's String equality would take the two spellings of "é" for one key of a vocabulary.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package let key: String
        package let value: JSONValue

        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// The member of that name; of several the last, as other readers do. Nil also where this is no object.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// As JSON text on one line, for people: long lists and texts are shortened.
    package var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .string(let value): value.count > 40 ? value.prefix(40).debugDescription + "…" : value.debugDescription
        case .array(let values) where values.count > 4: say("[\(values.count) values]")
        case .array(let values): "[" + values.map(\.summary).joined(separator: ", ") + "]"
        case .object(let members): "{" + members.prefix(4).map(\.key).joined(separator: ", ") + "}"
        }
    }

    package var isNull: Bool { self == .null }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The whole number; nil also for numbers with a fraction.
    package var integer: Int? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The number, whole or not.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}
