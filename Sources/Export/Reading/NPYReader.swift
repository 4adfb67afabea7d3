import RopewalkMethods

/// A NumPy array of booleans, or of numbers that are 0 and 1.
struct NPYReader {
    private let source: any ByteSource
    private let path: String
    private let header: String

    private static let headerLimit = 1 << 16

    /// - Parameter size: bytes that there are in all, as far as it is known.
    init(_ source: any ByteSource, size: Int, path: String) throws(ExportError) {
        self.source = source
        self.path = path
        let prefix = try source.next(8)
        guard prefix.count == 8, prefix.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]), (1...3).contains(prefix[6])
        else { throw .mask(file: path, problem: "it is no NumPy array of version 1 to 3") }
        let field = try source.next(prefix[6] == 1 ? 2 : 4)
        let length = field.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.headerLimit, length <= size else {
            throw .mask(file: path, problem: "a header of \(length) bytes is too long")
        }
        let bytes = try source.next(length)
        guard bytes.count == length else { throw .mask(file: path, problem: "the header is cut short") }
        header = String(decoding: bytes, as: UTF8.self)
    }

    func masks() throws(ExportError) -> [[ListedMask]] {
        guard let type = quoted(after: "descr") else { throw .mask(file: path, problem: "the header has no descr") }
        guard let element = MaskElement(numpy: type) else {
            throw .mask(
                file: path,
                problem: "an array of type \(type.prefix(20)): booleans, or 0 and 1 as little-endian numbers "
                    + "are wanted")
        }
        guard let order = value(after: "fortran_order"), order.hasPrefix("False") else {
            throw .mask(file: path, problem: "the array is in Fortran order: save numpy.ascontiguousarray of it")
        }
        return try source.masks(try shape(), of: element, path: path)
    }

    private func shape() throws(ExportError) -> [Int] {
        guard let text = value(after: "shape"), text.first == "(", let end = text.firstIndex(of: ")") else {
            throw .mask(file: path, problem: "the header has no shape")
        }
        let parts = text[text.index(after: text.startIndex)..<end].split(separator: ",").map { $0.filter { $0 != " " } }
        let lengths = parts.filter { !$0.isEmpty }.map { Int($0) }
        guard lengths.allSatisfy({ $0.map { (0...1 << 40).contains($0) } ?? false }) else {
            throw .mask(file: path, problem: "the shape in the header is impossible")
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

    private func quoted(after key: String) -> String? {
        guard let text = value(after: key), let quote = text.first, quote == "'" || quote == "\"" else { return nil }
        let rest = text.dropFirst()
        return rest.firstIndex(of: quote).map { String(rest[..<$0]) }
    }
}
