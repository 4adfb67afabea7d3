import RopewalkPhrases

/// The text of a rule, and the arrays that it names behind `where`: `doc[q] == doc[k] where doc=file:ids.npy`.
struct RuleText {
    struct Entry {
        let name: String
        let path: String
        /// The byte where the name stands.
        let place: Int
    }

    /// Blanks in place of the ends of lines, as a function pasted from Python has them.
    let rule: [UInt8]
    private(set) var entries: [Entry] = []
    /// As it was written, with `where`; empty where no arrays are named.
    let clause: String

    /// The longest list of arrays, bytes.
    private static let clauseLimit = 8192
    private static let mark = Array(" where ".utf8)

    init(_ text: String) throws(MethodError) {
        let bytes = text.utf8.map { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 ? UInt8(ascii: " ") : $0 }
        guard let start = Self.clauseStart(bytes) else {
            rule = bytes
            clause = ""
            return
        }
        rule = Array(bytes[..<start])
        guard bytes.count - start <= Self.clauseLimit else {
            throw .expression(column: start + 1, say("over \(Self.clauseLimit.grouped) bytes behind where"))
        }
        clause = String(decoding: bytes[start...], as: UTF8.self)
        try read(bytes, from: start + Self.mark.count)
    }

    private static func clauseStart(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        return (0...bytes.count - mark.count).first { bytes[$0..<$0 + mark.count].elementsEqual(mark) }
    }

    /// `a=file:PATH, b=file:PATH`; a comma in a path that no name follows belongs to it.
    private mutating func read(_ bytes: [UInt8], from start: Int) throws(MethodError) {
        var parts: [Range<Int>] = []
        for part in bytes[start...].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let range = part.startIndex..<part.endIndex
            if let last = parts.last, Self.entry(bytes, range) == nil {
                parts[parts.count - 1] = last.lowerBound..<range.upperBound
            } else {
                parts.append(range)
            }
        }
        for part in parts {
            guard let entry = Self.entry(bytes, part), !entry.path.isEmpty else {
                throw .expression(
                    column: part.lowerBound + 1, say("behind where stand arrays in files, such as doc=file:ids.npy"))
            }
            guard !entries.contains(where: { $0.name == entry.name }) else {
                throw .expression(column: entry.place + 1, say("\(entry.name) is given twice"))
            }
            entries.append(entry)
        }
    }

    private static func entry(_ bytes: [UInt8], _ range: Range<Int>) -> Entry? {
        let part = bytes[range].drop { $0 == 0x20 }
        guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = String(decoding: part[..<equals], as: UTF8.self).filter { $0 != " " }
        let rest = part[(equals + 1)...].drop { $0 == 0x20 }
        let prefix = Array(FileWindow.prefix.utf8)
        guard isName(name), rest.starts(with: prefix) else { return nil }
        let path = rest.dropFirst(prefix.count)
        let end = path.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? path.startIndex
        return Entry(name: name, path: String(decoding: path[..<end], as: UTF8.self), place: part.startIndex)
    }

    /// A name as Python's.
    static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
    }
}
