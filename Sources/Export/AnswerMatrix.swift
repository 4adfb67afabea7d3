import Foundation
import RopewalkMethods

/// Numbers between the parts of a text, for programs: which part reads which.
package struct AnswerMatrix: Sendable {
    package struct Part: Sendable {
        /// Tokens, both included.
        let first: Int
        let last: Int
        let words: String

        package init(first: Int, last: Int, words: String) {
            self.first = first
            self.last = last
            self.words = words
        }
    }

    package let parts: [Part]
    /// [part that reads][part that is read]
    package let weights: [[Float]]

    package init(parts: [Part], weights: [[Float]]) {
        // Every row is about all parts.
        precondition(weights.count == parts.count && weights.allSatisfy { $0.count == parts.count })
        self.parts = parts
        self.weights = weights
    }

}

extension AnswerMatrix: AnswerFormats {
    /// A line for each part, with those that it reads most.
    package var text: String {
        AlignedTable(
            header: ["part", "first", "last", "words", "reads"],
            rows: parts.indices.map { index in
                let row = weights[index]
                let top = row.indices.filter { row[$0] > 0 }.sorted { row[$0] == row[$1] ? $0 < $1 : row[$0] > row[$1] }
                    .prefix(4)
                return [
                    "\(index)", "\(parts[index].first)", "\(parts[index].last)", Self.shortened(parts[index].words),
                    top.map { "\($0): " + String(format: "%.4f", row[$0]) }.joined(separator: "  "),
                ]
            }, sides: [.right, .right, .right, .left, .left]
        ).text
    }

    /// In one line, the first characters.
    private static func shortened(_ words: String) -> String {
        let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > longestWords ? line.prefix(longestWords - 1) + "…" : line
    }

    private static let longestWords = 50

    package var json: String {
        let names = parts.map {
            "    {\"first\": \($0.first), \"last\": \($0.last), \"words\": \(JSONText.quoted($0.words))}"
        }
        let rows = weights.map { "    [" + $0.map { "\($0)" }.joined(separator: ", ") + "]" }
        return "{\n  \"parts\": [\n" + names.joined(separator: ",\n") + "\n  ],\n  \"weights\": [\n"
            + rows.joined(separator: ",\n") + "\n  ]\n}\n"
    }

    /// A column for each part that is read, by its number.
    package var csv: String {
        let header = "part,first,last,words" + parts.indices.map { ",\($0)" }.joined() + "\n"
        let rows = parts.indices.map { index in
            let part = parts[index]
            return "\(index),\(part.first),\(part.last),\(AnswerTable.quotedCSV(part.words))"
                + weights[index].map { ",\($0)" }.joined() + "\n"
        }
        return header + rows.joined()
    }

    /// float32, [part, part].
    package var npy: [UInt8] {
        var bytes = NumPyHeader.bytes(descr: "'<f4'", shape: [parts.count, parts.count])
        for row in weights {
            for weight in row { withUnsafeBytes(of: weight.bitPattern.littleEndian) { bytes += Array($0) } }
        }
        return bytes
    }
}
