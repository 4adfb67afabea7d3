import RopewalkMethods

/// An object with method, tokens, allowed (count), density (of all N × N pairs), rows (allowed key indices).
enum MaskJSON {
    static func write(_ mask: some MaskRows, name: String, to sink: ByteSink) throws(ExportError) {
        let allowed = mask.allowedCount
        let density = Double(allowed) / Double(max(1, mask.queries.count * mask.tokens))
        try sink.append("{\"method\": \(JSONText.quoted(name)), \"tokens\": \(mask.tokens), \"allowed\": \(allowed), ")
        try sink.append("\"density\": \(density), \"rows\": [")
        let numbers = NumberList(count: mask.tokens)
        for query in mask.queries {
            try sink.append(query == mask.queries.lowerBound ? "\n[" : ",\n[")
            for (index, range) in mask.row(query).ranges.enumerated() {
                if index > 0 { try sink.append(",") }
                try sink.append(numbers.text(of: range))
            }
            try sink.append("]")
        }
        try sink.append("\n]}\n")
    }

    /// An array of such objects.
    static func write(_ stack: MaskFormat.Stack, to sink: ByteSink) throws(ExportError) {
        for (index, mask) in stack.masks.enumerated() {
            try sink.append(index == 0 ? "[" : ",")
            try write(mask, name: "\(mask.spec), \(stack.names[index])", to: sink)
        }
        try sink.append("]\n")
    }
}

/// The numbers from 0 as one text with commas, made once: rows are then copied, not formatted.
private struct NumberList {
    private var bytes: [UInt8] = []
    /// Where each number begins, and where one more would.
    private var starts: [Int] = []

    init(count: Int) {
        starts.reserveCapacity(count + 1)
        for number in 0..<count {
            starts.append(bytes.count)
            bytes += Array("\(number),".utf8)
        }
        starts.append(bytes.count)
    }

    /// The numbers of a range that is not empty, without a comma at the end.
    func text(of range: Range<Int>) -> ArraySlice<UInt8> {
        bytes[starts[range.lowerBound]..<starts[range.upperBound] - 1]
    }
}
