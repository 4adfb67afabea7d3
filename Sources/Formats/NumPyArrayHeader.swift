import RopewalkPhrases

/// What the header of a NumPy array says; of its numbers nothing is read, and no pickle.
package struct NumPyArrayHeader: Sendable {
    /// What is wrong with it.
    package struct Problem: Error, Equatable {
        package let text: String
    }

    private let header: String
    /// The byte where the numbers begin.
    package let dataStart: Int

    private static let headerLimit = 1 << 16
    static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    package init(_ source: any ByteSource) throws(Problem) {
        let prefix = source.bytes(at: 0, count: 8)
        guard prefix.count == 8, prefix.starts(with: Self.magic), (1...3).contains(prefix[6])
        else { throw Problem(text: say("it is no NumPy array of version 1 to 3")) }
        let width = prefix[6] == 1 ? 2 : 4
        guard let length = source.number(at: 8, size: width), length <= Self.headerLimit, length <= source.count else {
            throw Problem(text: say("its header is too long, or cut short"))
        }
        let bytes = source.bytes(at: 8 + width, count: length)
        guard bytes.count == length else { throw Problem(text: say("the header is cut short")) }
        header = String(decoding: bytes, as: UTF8.self)
        dataStart = 8 + width + length
    }

    /// As NumPy writes it, such as `<f4`; nil where it is a record, or missing.
    package var type: String? {
        guard let text = value(after: "descr"), let quote = text.first, quote == "'" || quote == "\"" else {
            return nil
        }
        let rest = text.dropFirst()
        return rest.firstIndex(of: quote).map { String(rest[..<$0]) }
    }

    /// Whether the first axis is the densest.
    package func isFortran() throws(Problem) -> Bool {
        guard let order = value(after: "fortran_order") else {
            throw Problem(text: say("the header has no fortran_order"))
        }
        return order.hasPrefix("True")
    }

    /// Lengths of at most 32 axes, each at most 2⁴⁰.
    package func shape() throws(Problem) -> [Int] {
        guard let text = value(after: "shape"), text.first == "(", let end = text.firstIndex(of: ")") else {
            throw Problem(text: say("the header has no shape"))
        }
        let parts = text[text.index(after: text.startIndex)..<end].split(separator: ",").map { $0.filter { $0 != " " } }
        let lengths = parts.filter { !$0.isEmpty }.map { Int($0) }
        guard lengths.count <= 32, lengths.allSatisfy({ $0.map { (0...1 << 40).contains($0) } ?? false }) else {
            throw Problem(text: say("the shape in the header is impossible"))
        }
        return lengths.compactMap { $0 }
    }

    /// What follows `'key':` in the header, blanks left out.
    private func value(after key: String) -> Substring? {
        for quote in ["'", "\""] {
            guard let place = header.firstRange(of: quote + key + quote) else { continue }
            let rest = header[place.upperBound...].drop { $0 == " " }
            guard rest.first == ":" else { return nil }
            return rest.dropFirst().drop { $0 == " " }
        }
        return nil
    }
}
