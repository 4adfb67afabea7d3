import Foundation
import RopewalkMethods
import RopewalkPhrases

/// How a file is to be taken, behind its path: `mask.npy@offset=cross@hidden-below=-1`. The names are those of the
/// options of `ropewalk mask`.
struct ReadingMarks {
    private var values: [(name: String, value: String)] = []
    private static let names: Set<String> = ["axes", "as", "block", "hidden-below", "invert", "offset"]

    /// Takes them off the end of a path; a file whose own name ends so comes first.
    static func split(_ text: String) -> (path: String, marks: ReadingMarks) {
        var (rest, marks) = (Substring(text), ReadingMarks())
        while let mark = rest.lastIndex(of: "@"), access(String(rest), F_OK) != 0 {
            let parts = rest[rest.index(after: mark)...]
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard names.contains(parts[0]), (parts.count == 2) != (parts[0] == "invert") else { break }
            marks.values.insert((parts[0], parts.count == 2 ? parts[1] : ""), at: 0)
            rest = rest[..<mark]
        }
        return (String(rest), marks)
    }

    /// What behind the path of a file that is there is no mark; nil where the path alone is wrong.
    static func unread(_ text: String) -> String? {
        let rest = split(text).path
        guard access(rest, F_OK) != 0 else { return nil }
        // The name of an array may have such a character.
        let end = rest.firstIndex(of: "#") ?? rest.endIndex
        let starts = rest[..<end].indices.filter { rest[$0] == "@" }
        return starts.first { access(String(rest[..<$0]), F_OK) == 0 }.map { String(rest[$0...]) }
    }

    /// What is marked stands in place of what holds for all files.
    func applied(to reading: MaskReading) throws(ExportError) -> MaskReading {
        var reading = reading
        for (index, mark) in values.enumerated() where values[..<index].contains(where: { $0.name == mark.name }) {
            throw .file(say("@\(mark.name) is given twice: give it once"))
        }
        for (name, value) in values { try apply(name, value, to: &reading) }
        return reading
    }

    private func apply(_ name: String, _ value: String, to reading: inout MaskReading) throws(ExportError) {
        func refused(_ takes: String) -> ExportError { .file(say("@\(name)=\(value.prefix(40)): it takes \(takes)")) }
        switch name {
        case "axes": reading.axes = try MaskReading.axes(value)
        case "offset": reading.offset = try MaskReading.offset(value)
        case "invert": reading.isInverted = true
        case "as":
            guard let content = MaskReading.Content(rawValue: value) else {
                throw refused(MaskReading.Content.allCases.map(\.rawValue).joined(separator: ", "))
            }
            reading.content = content
        case "hidden-below":
            guard let threshold = Double(value), threshold.isFinite else { throw refused(say("a number")) }
            reading.hiddenBelow = threshold
        default:
            guard let side = Int(value), (2...1 << 20).contains(side) else {
                throw refused(say("2 to 1,048,576 tokens"))
            }
            reading.block = side
        }
    }
}
