import Foundation

/// JSON as the command line prints it: keys in snake case and in a fixed order, slashes as they are; numbers that JSON
/// has not are the strings "nan", "inf", "-inf".
package enum JSONText {
    /// One line for each value.
    package static func encode(_ value: some Encodable) throws -> String {
        try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// All on one line, for long arrays.
    package static func encodeCompact(_ value: some Encodable) throws -> String {
        try encode(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    /// With the keys of a format that is not ours.
    package static func encodeAsWritten(_ value: some Encodable) throws -> String {
        try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes], keys: .useDefaultKeys)
    }

    private static func encode(
        _ value: some Encodable, _ format: JSONEncoder.OutputFormatting,
        keys: JSONEncoder.KeyEncodingStrategy = .convertToSnakeCase
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = keys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        encoder.outputFormatting = format
        return escaped(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
    }

    /// A string of JSON, with its quotes.
    package static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{0}"..."\u{1F}": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return self.escaped("\"" + escaped.joined() + "\"")
    }

    /// JSON with those characters as \u-sequences that JSON allows as they are, but that terminals obey or reorder a line by.
    package static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isHostile) else { return json }
        var result = ""
        for scalar in json.unicodeScalars {
            guard isHostile(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return result
    }

    private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
