import Methods

/// An object with method, tokens, allowed (count), density (of all N × N pairs), rows (allowed key indices).
enum MaskJSON {
    static func write(_ mask: some MaskRows, name: String, to sink: ByteSink) throws(ExportError) {
        let allowed = mask.allowedCount
        let density = Double(allowed) / Double(max(1, mask.tokens * mask.tokens))
        try sink.append("{\"method\": \(quoted(name)), \"tokens\": \(mask.tokens), \"allowed\": \(allowed), ")
        try sink.append("\"density\": \(density), \"rows\": [")
        for query in 0..<mask.tokens {
            try sink.append(query == 0 ? "\n[" : ",\n[")
            try append(mask.row(query), to: sink)
            try sink.append("]")
        }
        try sink.append("\n]}\n")
    }

    private static func append(_ row: KeyRanges, to sink: ByteSink) throws(ExportError) {
        var isFirst = true
        for range in row.ranges {
            for key in range {
                try sink.append(isFirst ? "\(key)" : ",\(key)")
                isFirst = false
            }
        }
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{0}"..."\u{1F}": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
