import RopewalkFormats
import RopewalkPhrases

/// The header of a NumPy array.
struct NPYReader {
    private let path: String
    private let header: String
    private let source: any ByteSource
    private let dataStart: Int

    private static let headerLimit = 1 << 16

    init(_ source: any ByteSource, path: String) throws(ExportError) {
        self.source = source
        self.path = path
        let prefix = source.bytes(at: 0, count: 8)
        guard prefix.count == 8, prefix.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]), (1...3).contains(prefix[6])
        else { throw .mask(file: path, problem: say("it is no NumPy array of version 1 to 3")) }
        let width = prefix[6] == 1 ? 2 : 4
        guard let length = source.number(at: 8, size: width), length <= Self.headerLimit, length <= source.count else {
            throw .mask(file: path, problem: say("its header is too long, or cut short"))
        }
        let bytes = source.bytes(at: 8 + width, count: length)
        guard bytes.count == length else { throw .mask(file: path, problem: say("the header is cut short")) }
        header = String(decoding: bytes, as: UTF8.self)
        dataStart = 8 + width + length
    }

    func array() throws(ExportError) -> MaskArray {
        guard let type = quoted(after: "descr") else {
            throw .mask(file: path, problem: say("its type is a record, or missing: save a plain array"))
        }
        guard let element = MaskElement(numpy: type) else { throw .mask(file: path, problem: Self.refusal(type)) }
        guard let order = value(after: "fortran_order") else {
            throw .mask(file: path, problem: say("the header has no fortran_order"))
        }
        let shape = try shape()
        var strides: [Int]?
        if order.hasPrefix("True") {
            strides = []
            var step = 1
            for length in shape {
                strides?.append(step)
                let (product, overflow) = step.multipliedReportingOverflow(by: max(1, length))
                guard !overflow else { throw .mask(file: path, problem: say("the shape \(shape) is too large")) }
                step = product
            }
        }
        guard let part = SourcePart(source, start: dataStart, count: source.count - dataStart) else {
            throw .mask(file: path, problem: say("the data are missing"))
        }
        return try MaskArray(part, of: element, shape: shape, strides: strides, path: path)
    }

    private static func refusal(_ type: String) -> String {
        let shown = type.unicodeScalars.prefix(20).map { (" "..."~").contains($0) ? String($0) : "?" }.joined()
        if shown.hasSuffix("O") {
            return say(
                "an array of Python objects ('\(shown)'), which are pickled and not read: save it with dtype bool")
        }
        let kind = shown.drop { "<>|=".contains($0) }.first
        let name = kind == "c" ? say("complex numbers") : kind == "U" || kind == "S" ? say("text") : say("type")
        return say("an array of \(name) '\(shown)': booleans, integers or floats are wanted")
    }

    private func shape() throws(ExportError) -> [Int] {
        guard let text = value(after: "shape"), text.first == "(", let end = text.firstIndex(of: ")") else {
            throw .mask(file: path, problem: say("the header has no shape"))
        }
        let parts = text[text.index(after: text.startIndex)..<end].split(separator: ",").map { $0.filter { $0 != " " } }
        let lengths = parts.filter { !$0.isEmpty }.map { Int($0) }
        guard lengths.count <= 32, lengths.allSatisfy({ $0.map { (0...1 << 40).contains($0) } ?? false }) else {
            throw .mask(file: path, problem: say("the shape in the header is impossible"))
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
