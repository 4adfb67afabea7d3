import RopewalkPhrases

/// A value of a GGUF file's metadata.
package enum GGUFValue: Sendable {
    /// Any whole number that an Int holds.
    case integer(Int)
    case number(Double)
    case bool(Bool)
    /// Its bytes; nothing promises that they are UTF-8.
    case string([UInt8])
    case array(GGUFArray)

    /// On one line, for people.
    package var summary: String {
        switch self {
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .bool(let value): String(value)
        case .string(let bytes): String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription
        case .array(let array): say("[\(array.count) values]")
        }
    }

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

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The text; bytes that are no UTF-8 become U+FFFD.
    package var string: String? {
        guard case .string(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var array: GGUFArray? {
        guard case .array(let array) = self else { return nil }
        return array
    }
}

/// The types of metadata values by their numbers in the file.
enum GGUFType: UInt32, Sendable {
    case uint8 = 0
    case int8 = 1
    case uint16 = 2
    case int16 = 3
    case uint32 = 4
    case int32 = 5
    case float32 = 6
    case bool = 7
    case string = 8
    case array = 9
    case uint64 = 10
    case int64 = 11
    case float64 = 12

    /// The bytes of a value; nil for those that carry a length.
    var size: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }
}
